#include "delta/schema/schema_change.h"

#include <functional>
#include <span>

namespace tarn::delta {
namespace {

using columnar::DataType;
using columnar::Field;
using columnar::Fields;
using columnar::Schema;
using columnar::TypeKind;
using Rest = std::span<const std::string>;

std::string Quoted(const ColumnPath& path) {
  std::string text;
  for (const std::string& part : path) {
    text += (text.empty() ? "" : ".") + columnar::QuoteIdentifier(part);
  }
  return text;
}

Error NotFound(const Schema& schema, const ColumnPath& path) {
  std::string proposal;
  for (const Field& field : schema.fields) {
    proposal += (proposal.empty() ? "" : ", ") + columnar::QuoteIdentifier(field.name);
  }
  return Fail("UNRESOLVED_COLUMN.WITH_SUGGESTION",
              "A column, variable, or function parameter with name " + Quoted(path) +
                  " cannot be resolved. Did you mean one of the following? [" + proposal + "].",
              {{"objectName", Quoted(path)}, {"proposal", proposal}});
}

Error AlreadyThere(const char* operation, const Schema& schema, const ColumnPath& path) {
  std::string type = "\"" + DataType::Struct(schema.fields).ToSqlString() + "\"";
  return Fail("FIELD_ALREADY_EXISTS",
              "Cannot " + std::string(operation) + " column, because " + Quoted(path) +
                  " already exists in " + type + ".",
              {{"op", operation}, {"fieldNames", Quoted(path)}, {"struct", type}});
}

int Find(const Fields& fields, const std::string& name) { return Schema{fields}.FindField(name); }

bool Is(const std::string& part, const char* name) {
  return Schema{{{name, TypeKind::kNull}}}.FindField(part) == 0;
}

// Errors without a place: the callers know the whole path.
constexpr const char* kNoSuch = "FIELD_NOT_FOUND";

using Edit = std::function<Status(Fields&)>;
Status EditFields(Fields& fields, Rest path, const Edit& edit);

// Applies `edit` to the fields of the struct that `path` leads to inside of a type.
Status EditType(DataType& type, Rest path, const Edit& edit) {
  switch (type.kind()) {
    case TypeKind::kStruct: {
      Fields fields = type.fields();
      TARN_RETURN_IF_ERROR(EditFields(fields, path, edit));
      type = DataType::Struct(std::move(fields));
      return Ok();
    }
    case TypeKind::kArray: {
      if (path.empty() || !Is(path[0], "element")) break;
      DataType element = type.element();
      TARN_RETURN_IF_ERROR(EditType(element, path.subspan(1), edit));
      type = DataType::Array(std::move(element), type.contains_null());
      return Ok();
    }
    case TypeKind::kMap: {
      bool in_key = !path.empty() && Is(path[0], "key");
      if (!in_key && (path.empty() || !Is(path[0], "value"))) break;
      DataType part = in_key ? type.key() : type.value();
      TARN_RETURN_IF_ERROR(EditType(part, path.subspan(1), edit));
      type = in_key ? DataType::Map(part, type.value(), type.value_contains_null())
                    : DataType::Map(type.key(), part, type.value_contains_null());
      return Ok();
    }
    default:
      break;
  }
  return Fail(kNoSuch, type.ToSqlString());
}

Status EditFields(Fields& fields, Rest path, const Edit& edit) {
  if (path.empty()) return edit(fields);
  int at = Find(fields, path[0]);
  if (at < 0) return Fail(kNoSuch, path[0]);
  return EditType(fields[static_cast<size_t>(at)].type, path.subspan(1), edit);
}

Result<Schema> Edited(const Schema& schema, const ColumnPath& path, Rest parent, const Edit& edit) {
  Schema changed = schema;
  Status status = EditFields(changed.fields, parent, edit);
  if (!status.ok() && status.error().reason() == kNoSuch) return NotFound(schema, path);
  if (!status.ok()) return std::move(status).error();
  return changed;
}

Rest ParentOf(const ColumnPath& path) { return Rest(path).first(path.size() - 1); }

Status Place(Fields& fields, Field field, const std::optional<FieldPosition>& position) {
  size_t at = fields.size();
  if (position && position->after.empty()) at = 0;
  if (position && !position->after.empty()) {
    int before = Find(fields, position->after);
    if (before < 0) return NotFound({fields}, {position->after});
    at = static_cast<size_t>(before) + 1;
  }
  fields.insert(fields.begin() + static_cast<std::ptrdiff_t>(at), std::move(field));
  return Ok();
}

// Replaces what `path`, parts of arrays and maps, leads to inside of a type.
Status ReplaceType(DataType& type, Rest path, const DataType& with) {
  if (path.empty()) {
    type = with;
    return Ok();
  }
  bool in_element = type.is(TypeKind::kArray) && Is(path[0], "element");
  bool in_key = type.is(TypeKind::kMap) && Is(path[0], "key");
  bool in_value = type.is(TypeKind::kMap) && Is(path[0], "value");
  if (!in_element && !in_key && !in_value) return Fail(kNoSuch, path[0]);
  DataType part = in_element ? type.element() : in_key ? type.key() : type.value();
  TARN_RETURN_IF_ERROR(ReplaceType(part, path.subspan(1), with));
  if (in_element) {
    type = DataType::Array(std::move(part), type.contains_null());
  } else if (in_key) {
    type = DataType::Map(std::move(part), type.value(), type.value_contains_null());
  } else {
    type = DataType::Map(type.key(), std::move(part), type.value_contains_null());
  }
  return Ok();
}

}  // namespace

Result<Field> FieldAt(const Schema& schema, const ColumnPath& path) {
  Fields fields = schema.fields;
  Field found;
  for (size_t i = 0; i < path.size(); ++i) {
    const DataType parent = found.type;
    if (i > 0 && parent.is(TypeKind::kArray) && Is(path[i], "element")) {
      found = {"element", parent.element(), parent.contains_null()};
    } else if (i > 0 && parent.is(TypeKind::kMap) && Is(path[i], "key")) {
      found = {"key", parent.key(), false};
    } else if (i > 0 && parent.is(TypeKind::kMap) && Is(path[i], "value")) {
      found = {"value", parent.value(), parent.value_contains_null()};
    } else {
      if (i > 0 && !parent.is(TypeKind::kStruct)) return NotFound(schema, path);
      if (i > 0) fields = parent.fields();
      int at = Find(fields, path[i]);
      if (at < 0) return NotFound(schema, path);
      Field next = fields[static_cast<size_t>(at)];
      found = std::move(next);
    }
  }
  return found;
}

Result<ColumnPath> SpelledPath(const Schema& schema, const ColumnPath& path) {
  ColumnPath spelled;
  for (size_t i = 1; i <= path.size(); ++i) {
    ColumnPath part(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(i));
    Result<Field> field = FieldAt(schema, part);
    if (!field.ok()) return NotFound(schema, path);
    spelled.push_back(field->name);
  }
  return spelled;
}

Result<Schema> WithField(const Schema& schema, const ColumnPath& parent, Field field,
                         const std::optional<FieldPosition>& position) {
  ColumnPath path = parent;
  path.push_back(field.name);
  if (!parent.empty()) {
    TARN_TRY(Field holder, FieldAt(schema, parent));
    if (!holder.type.is(TypeKind::kStruct)) {
      return Fail("DELTA_ADD_COLUMN_PARENT_NOT_STRUCT",
                  "Cannot add " + field.name + " because its parent is not a StructType. Found " +
                      holder.type.ToSqlString(),
                  {{"columnName", field.name}, {"other", holder.type.ToSqlString()}});
    }
  }
  return Edited(schema, path, Rest(parent), [&](Fields& fields) -> Status {
    if (Find(fields, field.name) >= 0) return AlreadyThere("add", schema, path);
    return Place(fields, std::move(field), position);
  });
}

Result<Schema> WithoutField(const Schema& schema, const ColumnPath& path) {
  return Edited(schema, path, ParentOf(path), [&](Fields& fields) -> Status {
    int at = Find(fields, path.back());
    if (at < 0) return NotFound(schema, path);
    if (fields.size() == 1) {
      return Fail("DELTA_DROP_COLUMN_ON_SINGLE_FIELD_SCHEMA",
                  "Cannot drop column from a schema with a single column. Schema: " +
                      DataType::Struct(fields).ToSqlString(),
                  {{"schema", DataType::Struct(fields).ToSqlString()}});
    }
    fields.erase(fields.begin() + at);
    return Ok();
  });
}

Result<Schema> WithFieldRenamed(const Schema& schema, const ColumnPath& path,
                                const std::string& name) {
  return Edited(schema, path, ParentOf(path), [&](Fields& fields) -> Status {
    int at = Find(fields, path.back());
    if (at < 0) return NotFound(schema, path);
    int other = Find(fields, name);
    if (other >= 0 && other != at) {
      ColumnPath taken(path.begin(), path.end() - 1);
      taken.push_back(name);
      return AlreadyThere("rename", schema, taken);
    }
    fields[static_cast<size_t>(at)].name = name;
    return Ok();
  });
}

Result<Schema> WithFieldMoved(const Schema& schema, const ColumnPath& path,
                              const FieldPosition& position) {
  return Edited(schema, path, ParentOf(path), [&](Fields& fields) -> Status {
    int at = Find(fields, path.back());
    if (at < 0) return NotFound(schema, path);
    Field field = fields[static_cast<size_t>(at)];
    // A column after itself stays where it is.
    if (Find({field}, position.after) == 0 && !position.after.empty()) return Ok();
    fields.erase(fields.begin() + at);
    return Place(fields, std::move(field), position);
  });
}

Result<Schema> WithFieldChanged(const Schema& schema, const ColumnPath& path, Field field) {
  Schema changed = schema;
  // The last part that is a field of a struct holds the rest, the parts of arrays and maps.
  for (size_t holder = path.size(); holder > 0; --holder) {
    ColumnPath front(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(holder));
    Rest rest = Rest(path).subspan(holder);
    bool last = rest.empty();
    Status status = EditFields(changed.fields, ParentOf(front), [&](Fields& fields) -> Status {
      int at = Find(fields, front.back());
      if (at < 0) return Fail(kNoSuch, front.back());
      Field& target = fields[static_cast<size_t>(at)];
      if (!last) return ReplaceType(target.type, rest, field.type);
      std::string name = target.name;
      target = field;
      target.name = std::move(name);
      return Ok();
    });
    if (status.ok()) return changed;
    if (status.error().reason() != kNoSuch) return std::move(status).error();
  }
  return NotFound(schema, path);
}

}  // namespace tarn::delta
