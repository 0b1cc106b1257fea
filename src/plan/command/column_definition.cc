#include "columnar/column_metadata.h"
#include "plan/coercion.h"
#include "plan/command/stored_expression.h"
#include "plan/resolve_statement.h"

namespace tarn::plan {

using columnar::Field;
using columnar::TypeKind;

namespace {

Error InvalidDefault(const char* condition, std::string_view statement, const std::string& column,
                     std::string_view value, const std::string& why) {
  std::string name = columnar::QuoteIdentifier(column);
  return Fail(std::string("INVALID_DEFAULT_VALUE.") + condition,
              "Failed to execute " + std::string(statement) +
                  " command because the destination column or variable " + name +
                  " has a DEFAULT value " + std::string(value) + ", " + why,
              {{"statement", std::string(statement)},
               {"colName", name},
               {"defaultValue", std::string(value)}});
}

}  // namespace

Status Analyzer::StatementResolver::CheckDefault(const sql::Expr& value,
                                                 const columnar::DataType& type,
                                                 const std::string& column,
                                                 std::string_view statement) {
  std::string_view text = TextAt(value.range);
  auto invalid = [&](const char* condition, const std::string& why) {
    return state_.At(InvalidDefault(condition, statement, column, text, why), value.range);
  };
  if (value.kind == sql::ExprKind::kSubquery || value.kind == sql::ExprKind::kExists) {
    return invalid("SUBQUERY_EXPRESSION", "which contains subquery expressions.");
  }
  Scope none(nullptr);
  Result<ExprRef> resolved = ExprResolver(state_, none).Resolve(value);
  const char* constant =
      "which is not a constant expression whose equivalent value is known at query planning time.";
  if (!resolved.ok()) {
    bool column = resolved.error().reason().substr(0, 17) == "UNRESOLVED_COLUMN";
    if (column) return invalid("NOT_CONSTANT", constant);
    return invalid("UNRESOLVED_EXPRESSION", "which fails to resolve as a valid expression.");
  }
  if (AnyExpr(*resolved, IsSubquery)) {
    return invalid("SUBQUERY_EXPRESSION", "which contains subquery expressions.");
  }
  if (AnyExpr(*resolved, IsAggregate)) return invalid("NOT_CONSTANT", constant);
  if (AnyExpr(*resolved, Varies)) {
    return invalid("NON_DETERMINISTIC", "which contains a non-deterministic expression.");
  }
  if (!CanStore((*resolved)->type, type)) {
    return invalid("DATA_TYPE", "which requires \"" + type.ToSqlString() +
                                    "\" type, but the statement provided a value of incompatible "
                                    "\"" +
                                    (*resolved)->type.ToSqlString() + "\" type.");
  }
  return Ok();
}

Result<Field> Analyzer::StatementResolver::DefinedField(const sql::ColumnDefinition& column,
                                                        std::string_view statement) {
  Field field{column.name, column.type, column.nullable};
  if (column.comment) field.metadata.Set("comment", *column.comment);
  auto at = [&](Error error) { return state_.At(std::move(error), column.range); };
  if (column.generated) {
    if (column.default_value) {
      return at(Fail("GENERATED_COLUMN_WITH_DEFAULT_VALUE",
                     "A column cannot have both a default value and a generation expression but "
                     "column " +
                         column.name + " has both.",
                     {{"colName", column.name}}));
    }
    columnar::SetGeneration(field, std::string(TextAt(column.generated->range)));
  }
  if (column.identity) {
    if (column.default_value) {
      return at(Fail("IDENTITY_COLUMN_WITH_DEFAULT_VALUE",
                     "A column cannot have both a default value and an identity column "
                     "specification but column " +
                         column.name + " has both.",
                     {{"colName", column.name}}));
    }
    if (column.generated) {
      return at(Fail("DELTA_IDENTITY_COLUMNS_WITH_GENERATED_EXPRESSION",
                     "IDENTITY column cannot be specified with a generated column expression."));
    }
    if (!column.type.is(TypeKind::kLong)) {
      return at(
          Fail("IDENTITY_COLUMNS_UNSUPPORTED_DATA_TYPE",
               "DataType " + column.type.ToSqlString() + " is not supported for IDENTITY columns.",
               {{"dataType", column.type.ToSqlString()}}));
    }
    if (column.identity->step == 0) {
      return at(Fail("IDENTITY_COLUMNS_ILLEGAL_STEP", "IDENTITY column step cannot be 0."));
    }
    columnar::SetIdentity(
        field, {column.identity->start, column.identity->step, !column.identity->always, {}});
  }
  if (column.default_value) {
    TARN_RETURN_IF_ERROR(CheckDefault(*column.default_value, column.type, column.name, statement));
    columnar::SetDefault(field, std::string(TextAt(column.default_value->range)));
  }
  return field;
}

Status Analyzer::StatementResolver::CheckGenerated(const columnar::Schema& schema) {
  Scope scope(nullptr);
  for (const Field& field : schema.fields) {
    scope.Add({state_.NewId(), field.name, field.type, field.nullable, {}});
  }
  for (const Field& field : schema.fields) {
    std::optional<std::string> text = columnar::GenerationOf(field);
    if (!text) continue;
    auto cannot = [&](const std::string& why) {
      return Fail("UNSUPPORTED_EXPRESSION_GENERATED_COLUMN",
                  "Cannot create generated column " + field.name + " with generation expression " +
                      *text + " because " + why,
                  {{"fieldName", field.name}, {"expressionStr", *text}, {"reason", why}});
    };
    TARN_TRY(ExprRef resolved, ExprResolver::ResolveText(state_, scope, *text));
    for (const Field& other : schema.fields) {
      if (!columnar::GenerationOf(other) || !Reads(resolved, other.name)) continue;
      bool itself = SameName(other.name, field.name);
      return cannot(itself ? "generation expression cannot reference itself."
                           : "generation expression cannot reference another generated column.");
    }
    if (AnyExpr(resolved, IsAggregate)) {
      return Fail("DELTA_AGGREGATE_IN_GENERATED_COLUMN",
                  "Found " + *text + ". A generated column cannot use an aggregate expression",
                  {{"sqlExpr", *text}});
    }
    if (AnyExpr(resolved, IsSubquery)) {
      return cannot("subquery expressions are not allowed for generated columns.");
    }
    if (AnyExpr(resolved, Varies)) return cannot("generation expression is not deterministic.");
    if (!resolved->type.SameTypeIgnoringNullability(field.type)) {
      return Fail("DELTA_GENERATED_COLUMNS_EXPR_TYPE_MISMATCH",
                  "The expression type of the generated column " + field.name + " is " +
                      resolved->type.ToSqlString() + ", but the column type is " +
                      field.type.ToSqlString(),
                  {{"columnName", field.name},
                   {"expressionType", resolved->type.ToSqlString()},
                   {"columnType", field.type.ToSqlString()}});
    }
  }
  return Ok();
}

}  // namespace tarn::plan
