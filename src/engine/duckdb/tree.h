#pragma once
/// \file  Builders of the small parts of DuckDB's syntax trees.
#include "engine/duckdb/types.h"

namespace tarn::engine::tree {

using duckdb::ExpressionType;
using duckdb::LogicalType;
using duckdb::make_uniq;
using duckdb::Value;

using ExprPtr = duckdb::unique_ptr<duckdb::ParsedExpression>;
using ExprList = duckdb::vector<ExprPtr>;

template <typename... Args>
ExprPtr Make(const char* name, Args... args) {
  ExprList list;
  (list.push_back(std::move(args)), ...);
  return make_uniq<duckdb::FunctionExpression>(name, std::move(list));
}

inline ExprPtr Int(int64_t value) {
  return make_uniq<duckdb::ConstantExpression>(Value::INTEGER(static_cast<int32_t>(value)));
}
inline ExprPtr Text(const char* value) {
  return make_uniq<duckdb::ConstantExpression>(Value(value));
}
inline ExprPtr Null() { return make_uniq<duckdb::ConstantExpression>(Value()); }
inline ExprPtr CastTo(LogicalType type, ExprPtr e) {
  return make_uniq<duckdb::CastExpression>(std::move(type), std::move(e));
}
inline ExprPtr Compare(ExpressionType type, ExprPtr a, ExprPtr b) {
  return make_uniq<duckdb::ComparisonExpression>(type, std::move(a), std::move(b));
}
inline ExprPtr IsNull(ExprPtr e) {
  return make_uniq<duckdb::OperatorExpression>(ExpressionType::OPERATOR_IS_NULL, std::move(e));
}

inline ExprPtr If(ExprPtr test, ExprPtr then, ExprPtr otherwise) {
  auto node = make_uniq<duckdb::CaseExpression>();
  duckdb::CaseCheck check;
  check.when_expr = std::move(test);
  check.then_expr = std::move(then);
  node->case_checks.push_back(std::move(check));
  node->else_expr = std::move(otherwise);
  return node;
}

inline ExprPtr Or(ExprPtr a, ExprPtr b) {
  return make_uniq<duckdb::ConjunctionExpression>(ExpressionType::CONJUNCTION_OR, std::move(a),
                                                  std::move(b));
}
inline ExprPtr And(ExprPtr a, ExprPtr b) {
  return make_uniq<duckdb::ConjunctionExpression>(ExpressionType::CONJUNCTION_AND, std::move(a),
                                                  std::move(b));
}
inline ExprPtr IsNotNull(ExprPtr e) {
  return make_uniq<duckdb::OperatorExpression>(ExpressionType::OPERATOR_IS_NOT_NULL, std::move(e));
}
inline ExprPtr Coalesce(ExprPtr a, ExprPtr b) {
  ExprList list;
  list.push_back(std::move(a));
  list.push_back(std::move(b));
  return make_uniq<duckdb::OperatorExpression>(ExpressionType::OPERATOR_COALESCE, std::move(list));
}
inline ExprPtr Try(ExprPtr e) {
  return make_uniq<duckdb::OperatorExpression>(ExpressionType::OPERATOR_TRY, std::move(e));
}
inline ExprPtr List(ExprList items) {
  return make_uniq<duckdb::FunctionExpression>("list_value", std::move(items));
}

}  // namespace tarn::engine::tree
