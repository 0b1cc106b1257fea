#include <algorithm>

#include "columnar/column_metadata.h"
#include "plan/coercion.h"
#include "plan/command/stored_expression.h"
#include "plan/resolve_statement.h"

namespace tarn::plan {

using columnar::Field;
using columnar::TypeKind;

namespace {

// DEFAULT as a word, which a column of that name in back quotes is not.
bool IsDefault(const sql::Expr& expr, std::string_view text) {
  if (expr.kind != sql::ExprKind::kName) return false;
  const auto& parts = expr.As<sql::Name>().parts;
  return parts.size() == 1 && SameName(parts[0], "default") && text[expr.range.begin] != '`';
}

// What one column's values are, row by row: next, next + step, …
ExprRef IdentityValue(int64_t next, int64_t step) {
  auto number = std::make_shared<Expr>();
  number->op = ExprOp::kWindow;
  number->type = TypeKind::kInteger;
  number->nullable = false;
  number->args = {MakeCall("row_number", {}, TypeKind::kInteger, false)};
  auto literal = [](int64_t value) { return MakeLiteral(TypeKind::kLong, std::to_string(value)); };
  auto call = [](const char* op, ExprRef a, ExprRef b) {
    return MakeCall(op, {std::move(a), std::move(b)}, TypeKind::kLong, false);
  };
  ExprRef place = call("-", MakeCast(std::move(number), TypeKind::kLong), literal(1));
  return call("+", literal(next), call("*", literal(step), std::move(place)));
}

void AddColumns(const ExprRef& expr, std::vector<ExprRef>* columns) {
  if (!expr) return;
  if (expr->op == ExprOp::kColumn) {
    for (const ExprRef& known : *columns) {
      if (known->id == expr->id) return;
    }
    columns->push_back(expr);
  }
  for (const ExprRef& arg : expr->args) AddColumns(arg, columns);
}

// The expression with values in the place of columns.
ExprRef Substituted(const ExprRef& expr, const std::map<ExprId, ExprRef>& of) {
  if (!expr) return expr;
  if (expr->op == ExprOp::kColumn) {
    auto at = of.find(expr->id);
    return at == of.end() || !at->second ? expr : at->second;
  }
  auto copy = std::make_shared<Expr>(*expr);
  for (ExprRef& arg : copy->args) arg = Substituted(arg, of);
  return copy;
}

// `value`, and an error where `holds`, over the columns that `of` has the values of, is not true.
ExprRef Checked(ExprRef value, const ExprRef& holds, const std::map<ExprId, ExprRef>& of,
                const std::string& name, const std::string& text) {
  auto literal = [](const std::string& s) { return MakeLiteral(TypeKind::kString, s); };
  columnar::DataType type = value->type;
  bool nullable = value->nullable;
  std::vector<ExprRef> args = {std::move(value), Substituted(holds, of), literal(name),
                               literal(text)};
  std::vector<ExprRef> columns;
  AddColumns(holds, &columns);
  for (const ExprRef& column : columns) {
    args.push_back(literal(column->name));
    args.push_back(Substituted(column, of));
  }
  return MakeCall("check_constraint", std::move(args), type, nullable);
}

Error NotUnderstood(const std::string& name, const std::string& text, const Error& cause) {
  return Fail(cause.reason(),
              "The table's constraint " + name + " (" + text +
                  ") is not understood, so that nothing can be written: " + cause.message(),
              cause.params());
}

struct Rule {
  std::string name;
  std::string text;
};

// Invariants of columns and of fields of structs. Errors: DELTA_UNSUPPORTED_INVARIANT_NON_STRUCT.
Status AddInvariants(const columnar::Fields& fields, bool in_collection, std::vector<Rule>* rules) {
  for (const Field& field : fields) {
    TARN_TRY(std::optional<std::string> text, columnar::InvariantOf(field));
    if (text && in_collection) {
      return Fail("DELTA_UNSUPPORTED_INVARIANT_NON_STRUCT",
                  "Invariants on nested fields other than StructTypes are not supported.");
    }
    if (text) rules->push_back({"EXPRESSION(" + *text + ")", *text});
    std::vector<const columnar::DataType*> parts = {&field.type};
    bool inside = in_collection;
    while (!parts.empty()) {
      const columnar::DataType& type = *parts.back();
      parts.pop_back();
      inside = inside || type.is(TypeKind::kArray) || type.is(TypeKind::kMap);
      if (type.is(TypeKind::kArray)) parts.push_back(&type.element());
      if (type.is(TypeKind::kMap)) parts.insert(parts.end(), {&type.key(), &type.value()});
      if (type.is(TypeKind::kStruct)) {
        TARN_RETURN_IF_ERROR(AddInvariants(type.fields(), inside, rules));
      }
    }
  }
  return Ok();
}

}  // namespace

Result<ExprRef> Analyzer::StatementResolver::DefaultValue(const TableBinding& table,
                                                          size_t column) {
  const Field& field = table.schema.fields[column];
  std::optional<std::string> text = columnar::DefaultOf(field);
  if (!text) return MakeLiteral(columnar::DataType(), std::nullopt);
  Scope none(nullptr);
  Result<ExprRef> value = ExprResolver::ResolveText(state_, none, *text);
  if (!value.ok()) return NotUnderstood("DEFAULT of " + field.name, *text, value.error());
  if (!CanStore((*value)->type, field.type)) {
    return CannotStore(table, field.name, (*value)->type, field.type);
  }
  return MakeCast(*value, field.type);
}

Status Analyzer::StatementResolver::PlaceDefault(const sql::Expr& value, const TableBinding& table,
                                                 size_t column) {
  if (!IsDefault(value, state_.text)) return Ok();
  const Field& field = table.schema.fields[column];
  if (columnar::IsIdentity(field) || columnar::GenerationOf(field)) {
    return state_.At(NotYet("DEFAULT for a column that the table computes: leave the column out"),
                     value.range);
  }
  TARN_TRY(state_.replaced[&value], DefaultValue(table, column));
  return Ok();
}

Status Analyzer::StatementResolver::PlaceDefaults(const sql::Insert& insert,
                                                  const TableBinding& table,
                                                  const std::vector<ExprRef>& fixed) {
  if (insert.by_name) return Ok();
  TARN_TRY(std::vector<size_t> targets, InsertedColumns(insert, table, fixed));
  std::vector<const sql::QueryBody*> bodies = {insert.query->body.get()};
  while (!bodies.empty()) {
    const sql::QueryBody& body = *bodies.back();
    bodies.pop_back();
    switch (body.kind) {
      case sql::BodyKind::kSetOperation:
        bodies.push_back(body.As<sql::SetOperation>().left.get());
        bodies.push_back(body.As<sql::SetOperation>().right.get());
        break;
      case sql::BodyKind::kQuery:
        bodies.push_back(body.As<sql::QueryInParentheses>().query->body.get());
        break;
      case sql::BodyKind::kValues:
        for (const sql::ExprList& row : body.As<sql::ValuesBody>().values->rows) {
          for (size_t i = 0; i < row.size() && i < targets.size(); ++i) {
            TARN_RETURN_IF_ERROR(PlaceDefault(*row[i], table, targets[i]));
          }
        }
        break;
      case sql::BodyKind::kSelect: {
        const auto& items = body.As<sql::Select>().items;
        for (size_t i = 0; i < items.size() && i < targets.size(); ++i) {
          // What a star stands for is not known yet, nor where the next items go then.
          if (items[i].expr->kind == sql::ExprKind::kStar) break;
          TARN_RETURN_IF_ERROR(PlaceDefault(*items[i].expr, table, targets[i]));
        }
        break;
      }
      case sql::BodyKind::kTable:
        break;
    }
  }
  return Ok();
}

Status Analyzer::StatementResolver::CompleteRow(const TableBinding& table,
                                                std::vector<ExprRef>* values) {
  for (size_t i = 0; i < values->size(); ++i) {
    const Field& field = table.schema.fields[i];
    TARN_TRY(std::optional<columnar::Identity> identity, columnar::IdentityOf(field));
    if ((*values)[i]) {
      if (!identity || identity->allow_explicit_insert) continue;
      return Fail("DELTA_IDENTITY_COLUMNS_EXPLICIT_INSERT_NOT_SUPPORTED",
                  "Providing values for GENERATED ALWAYS AS IDENTITY column " + field.name +
                      " is not supported.",
                  {{"colName", field.name}});
    }
    if (identity) {
      TARN_TRY(int64_t next, identity->Next());
      (*values)[i] = IdentityValue(next, identity->step);
      bool known = std::find(identities_.begin(), identities_.end(), i) != identities_.end();
      if (!known) identities_.push_back(i);
    } else if (!columnar::GenerationOf(field)) {
      TARN_TRY((*values)[i], DefaultValue(table, i));
    }
  }
  return Ok();
}

Status Analyzer::StatementResolver::HoldRules(const TableBinding& table,
                                              std::vector<ExprRef>* values) {
  const columnar::Fields& fields = table.schema.fields;
  std::vector<Rule> rules;
  for (const auto& [name, text] : table.checks) rules.push_back({name, text});
  TARN_RETURN_IF_ERROR(AddInvariants(fields, false, &rules));
  Scope scope(nullptr);
  std::map<ExprId, ExprRef> of;
  for (size_t i = 0; i < fields.size(); ++i) {
    Attribute column{state_.NewId(), fields[i].name, fields[i].type, true, {}};
    of[column.id] = (*values)[i];
    scope.Add(std::move(column));
  }
  // A rule's expression over the row's values. What may answer differently twice cannot be read by
  // a rule and be stored as well.
  auto over_row = [&](const std::string& name, const std::string& text) -> Result<ExprRef> {
    Result<ExprRef> resolved = ExprResolver::ResolveText(state_, scope, text);
    if (!resolved.ok()) return NotUnderstood(name, text, resolved.error());
    std::vector<ExprRef> read;
    AddColumns(*resolved, &read);
    for (const ExprRef& column : read) {
      const ExprRef& value = of[column->id];
      if (!value || !AnyExpr(value, Varies)) continue;
      return Fail("DELTA_NON_DETERMINISTIC_FUNCTION_NOT_SUPPORTED",
                  "Non-deterministic functions are not supported in values of the column " +
                      column->name + ", which " + name + " reads.",
                  {{"operation", "value of " + column->name}});
    }
    return resolved;
  };
  for (size_t i = 0; i < fields.size(); ++i) {
    std::optional<std::string> text = columnar::GenerationOf(fields[i]);
    if (!text) continue;
    TARN_TRY(ExprRef expression, over_row("Generated Column", *text));
    ExprRef computed = MakeCast(Substituted(expression, of), fields[i].type);
    ExprId id = scope.columns()[i].id;
    if ((*values)[i]) {
      ExprRef same =
          MakeCall("<=>", {MakeColumn(scope.columns()[i]), MakeCast(expression, fields[i].type)},
                   TypeKind::kBoolean, false);
      (*values)[i] = Checked((*values)[i], same, of, "Generated Column",
                             "(" + columnar::QuoteIfNeeded(fields[i].name) + " <=> " + *text + ")");
    } else {
      (*values)[i] = std::move(computed);
    }
    of[id] = (*values)[i];
  }
  for (const Rule& rule : rules) {
    TARN_TRY(ExprRef holds, over_row(rule.name, rule.text));
    if (!holds->type.is(TypeKind::kBoolean)) {
      return Fail("DELTA_NON_BOOLEAN_CHECK_CONSTRAINT",
                  "CHECK constraint '" + rule.name + "' (" + rule.text +
                      ") should be a boolean expression.",
                  {{"name", rule.name}, {"expr", rule.text}});
    }
    (*values)[0] = Checked((*values)[0], holds, of, rule.name, rule.text);
  }
  return Ok();
}

}  // namespace tarn::plan
