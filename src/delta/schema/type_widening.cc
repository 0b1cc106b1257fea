#include "delta/schema/type_widening.h"

namespace tarn::delta {
namespace {

using columnar::DataType;
using columnar::Field;
using columnar::TypeKind;

constexpr const char* kTypeChanges = "delta.typeChanges";

// Digits before the point that hold every value of an integral type.
int DigitsOf(TypeKind kind) { return kind == TypeKind::kLong ? 20 : 10; }

bool IsPart(const DataType& holder, const std::string& part) {
  Field named{part, TypeKind::kNull};
  auto is = [&](const char* name) { return columnar::Schema{{named}}.FindField(name) == 0; };
  return (holder.is(TypeKind::kArray) && is("element")) ||
         (holder.is(TypeKind::kMap) && (is("key") || is("value")));
}

Error Unsupported(const Field& field, const std::string& from, const std::string& to) {
  return Fail("DELTA_UNSUPPORTED_TYPE_CHANGE_IN_SCHEMA",
              "Unable to operate on this table because an unsupported type change was applied. "
              "Field " +
                  field.name + " was changed from " + from + " to " + to + ".",
              {{"fieldName", field.name}, {"fromType", from}, {"toType", to}});
}

Status CheckField(const Field& field);

Status CheckType(const DataType& type) {
  if (type.is(TypeKind::kArray)) return CheckType(type.element());
  if (type.is(TypeKind::kMap)) {
    TARN_RETURN_IF_ERROR(CheckType(type.key()));
    return CheckType(type.value());
  }
  if (!type.is(TypeKind::kStruct)) return Ok();
  for (const Field& field : type.fields()) TARN_RETURN_IF_ERROR(CheckField(field));
  return Ok();
}

Status CheckField(const Field& field) {
  const json::Value* changes = field.metadata.Find(kTypeChanges);
  if (changes != nullptr && changes->is_array()) {
    for (const json::Value& change : changes->as_array()) {
      std::string from = change.GetString("fromType");
      std::string to = change.GetString("toType");
      Result<DataType> before = DataType::FromJson(json::Value(from));
      Result<DataType> after = DataType::FromJson(json::Value(to));
      if (!before.ok() || !after.ok() || !IsWidening(*before, *after)) {
        return Unsupported(field, from, to);
      }
    }
  }
  return CheckType(field.type);
}

}  // namespace

bool IsWidening(const DataType& from, const DataType& to) {
  TypeKind a = from.kind();
  TypeKind b = to.kind();
  if (from.is(TypeKind::kDecimal) && to.is(TypeKind::kDecimal)) {
    int scale = to.scale() - from.scale();
    int precision = to.precision() - from.precision();
    return scale >= 0 && precision >= scale && precision + scale > 0;
  }
  if (from.is_integral() && to.is(TypeKind::kDecimal)) {
    return to.precision() - to.scale() >= DigitsOf(a);
  }
  if (from.is_integral() && to.is_integral()) return a < b;
  if (from.is_integral() && b == TypeKind::kDouble) return a != TypeKind::kLong;
  return (a == TypeKind::kFloat && b == TypeKind::kDouble) ||
         (a == TypeKind::kDate && b == TypeKind::kTimestampNtz);
}

Result<columnar::Schema> WithTypeWidened(const columnar::Schema& schema, const ColumnPath& path,
                                         const DataType& to) {
  TARN_TRY(Field changed, FieldAt(schema, path));
  json::Object change;
  change.Set("toType", to.ToJson());
  change.Set("fromType", changed.type.ToJson());
  changed.type = to;
  TARN_TRY(columnar::Schema widened, WithFieldChanged(schema, path, changed));
  // The nearest field of a struct notes it, with the way from there.
  ColumnPath holder = path;
  std::string below;
  for (;;) {
    ColumnPath parent(holder.begin(), holder.end() - 1);
    if (parent.empty()) break;
    TARN_TRY(Field outer, FieldAt(schema, parent));
    if (!IsPart(outer.type, holder.back())) break;
    TARN_TRY(Field part, FieldAt(schema, holder));
    below = part.name + (below.empty() ? "" : ".") + below;
    holder = std::move(parent);
  }
  if (!below.empty()) change.Set("fieldPath", below);
  TARN_TRY(Field noted, FieldAt(widened, holder));
  json::Array changes;
  if (const json::Value* before = noted.metadata.Find(kTypeChanges);
      before != nullptr && before->is_array()) {
    changes = before->as_array();
  }
  changes.emplace_back(std::move(change));
  noted.metadata.Set(kTypeChanges, std::move(changes));
  return WithFieldChanged(widened, holder, std::move(noted));
}

Status CheckTypeChanges(const columnar::Schema& schema) {
  for (const Field& field : schema.fields) TARN_RETURN_IF_ERROR(CheckField(field));
  return Ok();
}

}  // namespace tarn::delta
