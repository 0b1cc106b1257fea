#include <algorithm>

#include "columnar/column_metadata.h"
#include "plan/coercion.h"
#include "plan/resolve_statement.h"

namespace tarn::plan {

using columnar::DataType;
using columnar::Field;
using columnar::TypeKind;

namespace {

std::string Dotted(const sql::NameParts& parts) {
  std::string text;
  for (const std::string& part : parts) {
    text += (text.empty() ? "" : ".") + columnar::QuoteIdentifier(part);
  }
  return text;
}

Error NoColumn(const sql::NameParts& name) {
  return Fail("UNRESOLVED_COLUMN.WITHOUT_SUGGESTION",
              "A column, variable, or function parameter with name " + Dotted(name) +
                  " cannot be resolved.",
              {{"objectName", Dotted(name)}});
}

/// What is assigned to a column or to a field in it: a value, or values of fields of its own.
struct Assigned {
  ExprRef value;
  std::vector<std::unique_ptr<Assigned>> fields;  // one per field of the struct; empty: none is
};

// The struct `base` with the values that were assigned to fields of it.
ExprRef WithFields(const ExprRef& base, const DataType& type, const Assigned& assigned) {
  std::vector<ExprRef> values;
  for (size_t i = 0; i < type.fields().size(); ++i) {
    const Field& field = type.fields()[i];
    ExprRef before = MakeCall("struct_field", {base, MakeLiteral(TypeKind::kString, field.name)},
                              field.type, true);
    const Assigned* change = assigned.fields[i].get();
    if (change == nullptr) {
      values.push_back(std::move(before));
    } else {
      values.push_back(change->value ? change->value : WithFields(before, field.type, *change));
    }
  }
  return MakeCall("struct", std::move(values), type, false);
}

}  // namespace

/// The assignments of one UPDATE or one clause of MERGE.
class Analyzer::StatementResolver::AssignmentResolver {
 public:
  AssignmentResolver(StatementResolver& parent, const TableBinding& target,
                     const std::string& alias, const Scope& scope, bool update)
      : parent_(parent),
        update_(update),
        state_(parent.state_),
        target_(target),
        qualifier_(alias.empty() ? target.name : std::vector<std::string>{alias}),
        scope_(scope),
        columns_(target.schema.fields.size()) {}

  Status Add(const sql::NameParts& name, const sql::Expr& syntax) {
    size_t used = 0;
    int column = ColumnOf(name, &used);
    if (column < 0) return state_.At(NoColumn(name), syntax.range);
    std::unique_ptr<Assigned>* place = &columns_[static_cast<size_t>(column)];
    Field field = target_.schema.fields[static_cast<size_t>(column)];
    if (update_ && columnar::IsIdentity(field)) {
      return state_.At(Fail("DELTA_IDENTITY_COLUMNS_UPDATE_NOT_SUPPORTED",
                            "UPDATE on IDENTITY column " + field.name + " is not supported.",
                            {{"colName", field.name}}),
                       syntax.range);
    }
    if (used == name.size()) {
      TARN_RETURN_IF_ERROR(parent_.PlaceDefault(syntax, target_, static_cast<size_t>(column)));
    }
    for (size_t i = used; i < name.size(); ++i) {
      if (!field.type.is(TypeKind::kStruct)) {
        return state_.At(NoStruct(field), syntax.range);
      }
      if (!*place) *place = std::make_unique<Assigned>();
      if ((*place)->value) return state_.At(Twice(name), syntax.range);
      (*place)->fields.resize(field.type.fields().size());
      const columnar::Fields& fields = field.type.fields();
      auto found = std::find_if(fields.begin(), fields.end(),
                                [&](const Field& f) { return SameName(f.name, name[i]); });
      if (found == fields.end()) {
        return state_.At(
            Fail("FIELD_NOT_FOUND", "No such struct field " + columnar::QuoteIdentifier(name[i]) +
                                        " in " + field.type.ToCatalogString() + "."),
            syntax.range);
      }
      place = &(*place)->fields[static_cast<size_t>(found - fields.begin())];
      Field inner = *found;
      field = std::move(inner);
    }
    if (*place) return state_.At(Twice(name), syntax.range);
    *place = std::make_unique<Assigned>();
    TARN_TRY(ExprRef value, ExprResolver(state_, scope_).Resolve(syntax));
    value = FieldsByName(std::move(value), field.type);
    if (!CanStore(value->type, field.type)) {
      return state_.At(CannotStore(target_, field.name, value->type, field.type), syntax.range);
    }
    (*place)->value = MakeCast(std::move(value), field.type);
    return Ok();
  }

  void Apply(std::vector<ExprRef>* values) const {
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (!columns_[i]) continue;
      ExprRef& value = (*values)[i];
      value = columns_[i]->value ? columns_[i]->value
                                 : WithFields(value, target_.schema.fields[i].type, *columns_[i]);
    }
  }

 private:
  // The column that a name begins with, or -1; `used` is set to how many of its parts that takes.
  // With the table's own name in front it means that table's column, whatever else it could mean.
  int ColumnOf(const sql::NameParts& name, size_t* used) const {
    for (size_t front = std::min(qualifier_.size(), name.size() - 1) + 1; front-- > 0;) {
      bool fits =
          std::equal(name.begin(), name.begin() + static_cast<ptrdiff_t>(front),
                     qualifier_.end() - static_cast<ptrdiff_t>(front),
                     [](const std::string& a, const std::string& b) { return SameName(a, b); });
      int column = fits ? target_.schema.FindField(name[front]) : -1;
      if (column < 0) continue;
      *used = front + 1;
      return column;
    }
    return -1;
  }

  static Error Twice(const sql::NameParts& name) {
    return Fail("DELTA_CONFLICT_SET_COLUMN",
                "There is a conflict from these SET columns: " + Dotted(name) + ".",
                {{"columnList", Dotted(name)}});
  }

  static Error NoStruct(const Field& field) {
    return Fail("DELTA_UNSUPPORTED_FIELD_UPDATE_NON_STRUCT",
                "Updating nested fields is only supported for StructType, but you are trying to "
                "update a field of " +
                    columnar::QuoteIdentifier(field.name) +
                    ", which is of type: " + field.type.ToSqlString() + ".",
                {{"columnName", columnar::QuoteIdentifier(field.name)},
                 {"dataType", field.type.ToSqlString()}});
  }

  StatementResolver& parent_;
  bool update_;
  State& state_;
  const TableBinding& target_;
  std::vector<std::string> qualifier_;
  const Scope& scope_;
  std::vector<std::unique_ptr<Assigned>> columns_;
};

Status Analyzer::StatementResolver::ResolveAssignments(const Assignments& assignments,
                                                       const TableBinding& target,
                                                       const std::string& alias, const Scope& scope,
                                                       bool update, std::vector<ExprRef>* values) {
  // What nothing is assigned to is computed anew.
  for (size_t i = 0; update && i < values->size(); ++i) {
    if (columnar::GenerationOf(target.schema.fields[i])) (*values)[i] = nullptr;
  }
  AssignmentResolver resolver(*this, target, alias, scope, update);
  for (const auto& [name, syntax] : assignments) {
    TARN_RETURN_IF_ERROR(resolver.Add(name, *syntax));
  }
  resolver.Apply(values);
  return Ok();
}

}  // namespace tarn::plan
