#include "engine/definition/clustering_choice.h"

#include <algorithm>

#include "delta/clustering/clustering.h"
#include "delta/column_mapping.h"
#include "delta/schema/schema_change.h"

namespace tarn::engine {
namespace {

using columnar::Field;
using columnar::TypeKind;

constexpr size_t kMostColumns = 4;

std::string Dotted(const std::vector<std::string>& path) {
  std::string text;
  for (const std::string& part : path) {
    text += (text.empty() ? "" : ".") + columnar::QuoteIfNeeded(part);
  }
  return text;
}

// Types whose bounds statistics have.
bool HasBounds(const columnar::DataType& type) {
  return type.is_numeric() || type.is(TypeKind::kDate) || type.is(TypeKind::kTimestamp) ||
         type.is(TypeKind::kTimestampNtz) || type.is_string();
}

}  // namespace

Result<ColumnPaths> ChosenColumns(const columnar::Schema& schema, const ColumnPaths& asked) {
  if (asked.size() > kMostColumns) {
    return Fail("DELTA_CLUSTER_BY_INVALID_NUM_COLUMNS",
                "CLUSTER BY supports up to 4 clustering columns, but the table has " +
                    std::to_string(asked.size()) +
                    " clustering columns. Please remove the extra clustering columns.",
                {{"numColumnsLimit", "4"}, {"actualNumColumns", std::to_string(asked.size())}});
  }
  ColumnPaths columns;
  for (const auto& path : asked) {
    Result<delta::ColumnPath> spelled = delta::SpelledPath(schema, path);
    if (!spelled.ok()) {
      return Fail("DELTA_COLUMN_NOT_FOUND_IN_SCHEMA",
                  "Couldn't find column " + Dotted(path) + " in:\n" +
                      columnar::DataType::Struct(schema.fields).ToSqlString(),
                  {{"columnName", Dotted(path)}});
    }
    if (std::find(columns.begin(), columns.end(), *spelled) != columns.end()) {
      return Fail("DELTA_DUPLICATE_COLUMNS_FOUND",
                  "Found duplicate column(s): " + Dotted(*spelled) +
                      ". The duplicate was found in CLUSTER BY.",
                  {{"duplicateCols", Dotted(*spelled)}});
    }
    TARN_TRY(Field field, delta::FieldAt(schema, *spelled));
    if (!HasBounds(field.type)) {
      return Fail(
          "DELTA_CLUSTERING_COLUMNS_DATATYPE_NOT_SUPPORTED",
          "CLUSTER BY is not supported because the following column(s): " + Dotted(*spelled) +
              " : " + field.type.ToSqlString() + " don't support data skipping.",
          {{"columnsWithDataTypes", Dotted(*spelled) + " : " + field.type.ToSqlString()}});
    }
    columns.push_back(*std::move(spelled));
  }
  return columns;
}

delta::DomainMetadata ClusteringDomainOf(const columnar::Schema& schema,
                                         const ColumnPaths& columns) {
  ColumnPaths physical;
  for (const auto& path : columns) {
    std::vector<std::string> names;
    std::vector<std::string> front;
    for (const std::string& part : path) {
      front.push_back(part);
      Result<Field> field = delta::FieldAt(schema, front);
      names.push_back(field.ok() ? delta::PhysicalName(*field) : part);
    }
    physical.push_back(std::move(names));
  }
  return delta::ClusteringDomain(physical);
}

std::string ClusteringText(const ColumnPaths& columns) {
  json::Array names;
  for (const auto& path : columns) names.emplace_back(Dotted(path));
  return json::Value(std::move(names)).ToString();
}

}  // namespace tarn::engine
