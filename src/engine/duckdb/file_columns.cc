#include "engine/duckdb/file_columns.h"

namespace tarn::engine {
namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::MultiFileColumnDefinition;
using duckdb::Value;

// No column of a file can have this name.
constexpr const char* kAbsent = "\x01 absent";

MultiFileColumnDefinition Define(const std::string& name, const LogicalType& type) {
  MultiFileColumnDefinition column(name, type);
  column.default_expression = duckdb::make_uniq<duckdb::ConstantExpression>(Value(type));
  return column;
}

void AddChildren(const columnar::DataType& type, delta::ColumnMappingMode mode,
                 MultiFileColumnDefinition* column);

MultiFileColumnDefinition DefineField(const columnar::Field& field, const LogicalType& type,
                                      delta::ColumnMappingMode mode) {
  MultiFileColumnDefinition column = Define(field.name, type);
  std::optional<int32_t> id = delta::ColumnMappingId(field);
  if (mode == delta::ColumnMappingMode::kId && id) {
    column.identifier = Value::INTEGER(*id);
  } else {
    column.identifier =
        Value(mode == delta::ColumnMappingMode::kNone ? field.name : delta::PhysicalName(field));
  }
  AddChildren(field.type, mode, &column);
  return column;
}

void AddChildren(const columnar::DataType& type, delta::ColumnMappingMode mode,
                 MultiFileColumnDefinition* column) {
  auto part = [&](const char* name, const columnar::DataType& part_type,
                  const LogicalType& logical) {
    MultiFileColumnDefinition child = Define(name, logical);
    AddChildren(part_type, mode, &child);
    column->children.push_back(std::move(child));
  };
  switch (type.kind()) {
    case columnar::TypeKind::kStruct: {
      const auto& members = duckdb::StructType::GetChildTypes(column->type);
      for (size_t i = 0; i < members.size(); ++i) {
        column->children.push_back(DefineField(type.fields()[i], members[i].second, mode));
      }
      break;
    }
    case columnar::TypeKind::kArray:
      part("element", type.element(), duckdb::ListType::GetChildType(column->type));
      break;
    case columnar::TypeKind::kMap:
      part("key", type.key(), duckdb::MapType::KeyType(column->type));
      part("value", type.value(), duckdb::MapType::ValueType(column->type));
      break;
    default:
      break;
  }
}

const MultiFileColumnDefinition* FindIn(const ColumnDefinitions& file,
                                        const MultiFileColumnDefinition& column,
                                        delta::ColumnMappingMode mode) {
  // Columns that the table's schema does not have are known by their names in all modes.
  const bool by_id = mode == delta::ColumnMappingMode::kId &&
                     column.identifier.type().id() == LogicalTypeId::INTEGER;
  for (const MultiFileColumnDefinition& candidate : file) {
    if (by_id ? candidate.identifier == column.identifier
              : candidate.name == column.identifier.GetValue<std::string>()) {
      return &candidate;
    }
  }
  if (by_id) return nullptr;
  for (const MultiFileColumnDefinition& candidate : file) {
    if (duckdb::StringUtil::CIEquals(candidate.name, column.identifier.GetValue<std::string>())) {
      return &candidate;
    }
  }
  return nullptr;
}

void Resolve(const MultiFileColumnDefinition* found, delta::ColumnMappingMode mode,
             MultiFileColumnDefinition* column) {
  if (found == nullptr) {
    column->identifier = Value(kAbsent);
    return;
  }
  column->identifier = Value(found->name);
  // What is the same already is taken as it is.
  if (found->type == column->type || found->children.empty()) {
    column->children.clear();
    return;
  }
  if (column->type.id() == LogicalTypeId::STRUCT) {
    for (MultiFileColumnDefinition& child : column->children) {
      Resolve(FindIn(found->children, child, mode), mode, &child);
    }
    return;
  }
  // A map's entries are one child with two of its own.
  const ColumnDefinitions& parts =
      column->type.id() == LogicalTypeId::MAP ? found->children[0].children : found->children;
  for (size_t i = 0; i < column->children.size(); ++i) {
    Resolve(i < parts.size() ? &parts[i] : nullptr, mode, &column->children[i]);
  }
}

}  // namespace

ColumnDefinitions TableColumns(const columnar::Schema& schema,
                               const duckdb::vector<LogicalType>& types,
                               delta::ColumnMappingMode mode) {
  ColumnDefinitions columns;
  for (size_t i = 0; i < types.size(); ++i) {
    columns.push_back(DefineField(schema.fields[i], types[i], mode));
  }
  return columns;
}

MultiFileColumnDefinition HiddenColumn(const std::string& name, const std::string& in_files,
                                       const LogicalType& type) {
  MultiFileColumnDefinition column = Define(name, type);
  column.identifier = Value(in_files.empty() ? kAbsent : in_files);
  return column;
}

ColumnDefinitions ColumnsInFile(const ColumnDefinitions& table, const ColumnDefinitions& file,
                                delta::ColumnMappingMode mode) {
  ColumnDefinitions columns = table;
  for (MultiFileColumnDefinition& column : columns) {
    Resolve(FindIn(file, column, mode), mode, &column);
  }
  return columns;
}

}  // namespace tarn::engine
