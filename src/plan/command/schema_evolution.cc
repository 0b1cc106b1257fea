// WITH SCHEMA EVOLUTION: columns and fields of structs that the rows have and the table lacks.
#include <algorithm>

#include "plan/coercion.h"
#include "plan/resolve_statement.h"

namespace tarn::plan {

using columnar::DataType;
using columnar::Field;
using columnar::Fields;
using columnar::TypeKind;

namespace {

const Field* FieldNamed(const Fields& fields, const std::string& name) {
  auto at = std::find_if(fields.begin(), fields.end(),
                         [&](const Field& field) { return SameName(field.name, name); });
  return at == fields.end() ? nullptr : &*at;
}

bool HoldsVoid(const DataType& type) {
  if (type.is(TypeKind::kNull)) return true;
  if (type.is(TypeKind::kArray)) return HoldsVoid(type.element());
  return type.is(TypeKind::kStruct) &&
         std::any_of(type.fields().begin(), type.fields().end(),
                     [](const Field& field) { return HoldsVoid(field.type); });
}

// `type` with the fields that `source` has in its place besides.
DataType Extended(const DataType& type, const DataType& source) {
  if (!type.is(TypeKind::kStruct) || !source.is(TypeKind::kStruct)) return type;
  Fields fields = type.fields();
  for (const Field& field : source.fields()) {
    auto at = std::find_if(fields.begin(), fields.end(),
                           [&](const Field& f) { return SameName(f.name, field.name); });
    if (at == fields.end()) {
      fields.push_back({field.name, field.type, true});
    } else {
      at->type = Extended(at->type, field.type);
    }
  }
  return DataType::Struct(std::move(fields));
}

// Whether a struct has to be taken apart to become the other: fields lie elsewhere or are missing.
bool DiffersByName(const DataType& from, const DataType& to) {
  if (!from.is(TypeKind::kStruct) || !to.is(TypeKind::kStruct)) return false;
  if (from.fields().size() != to.fields().size()) return true;
  for (size_t i = 0; i < from.fields().size(); ++i) {
    if (!SameName(from.fields()[i].name, to.fields()[i].name) ||
        DiffersByName(from.fields()[i].type, to.fields()[i].type)) {
      return true;
    }
  }
  return false;
}

}  // namespace

ExprRef FieldsByName(ExprRef value, const DataType& to, bool fill, const ExprRef& base) {
  if (!DiffersByName(value->type, to)) return value;
  const Fields& have = value->type.fields();
  // Fields that no column takes, or that must not be missing, are for the caller to refuse.
  bool fits = std::all_of(have.begin(), have.end(), [&](const Field& field) {
    return FieldNamed(to.fields(), field.name) != nullptr;
  });
  if (!fits || (!fill && have.size() != to.fields().size())) return value;
  auto member = [](const ExprRef& of, const Field& field) {
    return MakeCall("struct_field", {of, MakeLiteral(TypeKind::kString, field.name)}, field.type,
                    true);
  };
  std::vector<ExprRef> parts;
  Fields fields;
  for (const Field& field : to.fields()) {
    const Field* found = FieldNamed(have, field.name);
    ExprRef before = base ? member(base, field) : nullptr;
    ExprRef part;
    if (found != nullptr) {
      part = FieldsByName(member(value, *found), field.type, fill, before);
    } else {
      part = before ? before : MakeCast(MakeLiteral(DataType(), std::nullopt), field.type);
    }
    fields.push_back({field.name, part->type, true});
    parts.push_back(std::move(part));
  }
  DataType type = DataType::Struct(std::move(fields));
  auto unless_null = std::make_shared<Expr>();
  unless_null->op = ExprOp::kCase;
  unless_null->type = type;
  unless_null->args = {MakeCall("isnotnull", {value}, TypeKind::kBoolean, false),
                       MakeCall("struct", std::move(parts), type, false)};
  return unless_null;
}

Result<TableBinding> Analyzer::StatementResolver::EvolvedFor(const TableBinding& target,
                                                             const std::vector<Attribute>& columns,
                                                             sql::SourceRange range) {
  columnar::Schema schema = target.schema;
  for (const Attribute& column : columns) {
    auto at = std::find_if(schema.fields.begin(), schema.fields.end(),
                           [&](const Field& field) { return SameName(field.name, column.name); });
    if (at != schema.fields.end()) {
      at->type = Extended(at->type, column.type);
      continue;
    }
    if (HoldsVoid(column.type)) {
      return state_.At(Fail("DELTA_MERGE_ADD_VOID_COLUMN",
                            "Cannot add column " + columnar::QuoteIdentifier(column.name) +
                                " with type VOID. Please explicitly specify a non-void type.",
                            {{"newColumn", columnar::QuoteIdentifier(column.name)}}),
                       range);
    }
    schema.fields.push_back({column.name, column.type, true});
  }
  if (schema == target.schema) return target;
  Result<TableBinding> evolved = state_.context.resolver->Evolve(target, std::move(schema));
  if (!evolved.ok()) return state_.At(std::move(evolved).error(), range);
  return evolved;
}

}  // namespace tarn::plan
