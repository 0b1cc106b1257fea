#include "engine/duckdb/layout/scan_statistics.h"

#include <algorithm>

#include "engine/duckdb/file_statistics.h"
#include "engine/duckdb/tree.h"

namespace tarn::engine {
namespace {

using columnar::Field;
using columnar::TypeKind;
using duckdb::LogicalType;
using duckdb::Value;
using tree::ExprPtr;

struct Leaf {
  std::string key;  // as DuckDB's own statistics of files name it: "a"."b"
  ExprPtr value;
  bool bounded = false;
  bool floating = false;
};

ExprPtr Column(const std::string& name) {
  return duckdb::make_uniq<duckdb::ColumnRefExpression>(name, "file_rows");
}

// `physical` is the field as files name it.
void CollectLeaves(const Field& field, const Field& physical, ExprPtr value,
                   const std::string& parent, std::vector<Leaf>& leaves) {
  std::string key = parent + (parent.empty() ? "\"" : ".\"") +
                    duckdb::StringUtil::Replace(physical.name, "\"", "\"\"") + "\"";
  if (!field.type.is(TypeKind::kStruct)) {
    bool bounded = !field.type.is_nested() && !field.type.is(TypeKind::kBinary);
    bool floating = field.type.is(TypeKind::kFloat) || field.type.is(TypeKind::kDouble);
    leaves.push_back({std::move(key), std::move(value), bounded, floating});
    return;
  }
  for (size_t i = 0; i < field.type.fields().size(); ++i) {
    const Field& member = field.type.fields()[i];
    CollectLeaves(member, physical.type.fields()[i],
                  tree::Make("struct_extract", value->Copy(), tree::Text(member.name.c_str())), key,
                  leaves);
  }
}

ExprPtr AsText(ExprPtr value) { return tree::CastTo(LogicalType::VARCHAR, std::move(value)); }

// null_count, and where there are bounds: min, max, has_nan.
constexpr const char* kFacts[] = {"null_count", "min", "max", "has_nan"};

void AddFacts(const Leaf& leaf, duckdb::vector<ExprPtr>& list) {
  list.push_back(
      AsText(tree::Make("-", tree::Make("count_star"), tree::Make("count", leaf.value->Copy()))));
  ExprPtr none = tree::CastTo(LogicalType::VARCHAR, tree::Null());
  list.push_back(leaf.bounded ? AsText(tree::Make("min", leaf.value->Copy())) : none->Copy());
  list.push_back(leaf.bounded ? AsText(tree::Make("max", leaf.value->Copy())) : none->Copy());
  list.push_back(leaf.floating
                     ? AsText(tree::Make("bool_or", tree::Make("isnan", leaf.value->Copy())))
                     : std::move(none));
}

}  // namespace

Result<std::vector<std::string>> ScanStatistics(QueryResources& resources,
                                                duckdb::unique_ptr<duckdb::QueryNode> rows,
                                                const WriteTarget& target, size_t files,
                                                CancelToken cancel) {
  const StatisticsColumns columns = StatisticsColumns::Of(target);
  const WriteTarget physical = target.Physical();
  auto inner = duckdb::make_uniq<duckdb::SelectStatement>();
  inner->node = std::move(rows);
  auto from = duckdb::make_uniq<duckdb::SubqueryRef>(std::move(inner), "file_rows");
  std::vector<Leaf> leaves;
  for (size_t i = 0; i < target.schema.fields.size(); ++i) {
    const Field& field = target.schema.fields[i];
    from->column_name_alias.push_back("c" + std::to_string(i));
    bool partition = std::find(target.partition_columns.begin(), target.partition_columns.end(),
                               field.name) != target.partition_columns.end();
    if (partition) continue;
    CollectLeaves(field, physical.schema.fields[i], Column("c" + std::to_string(i)), "", leaves);
  }
  from->column_name_alias.push_back("file_index");
  from->column_name_alias.push_back("row_index");
  auto select = duckdb::make_uniq<duckdb::SelectNode>();
  select->from_table = std::move(from);
  select->select_list.push_back(Column("file_index"));
  select->select_list.push_back(tree::Make("count_star"));
  for (const Leaf& leaf : leaves) AddFacts(leaf, select->select_list);
  select->groups.group_expressions.push_back(Column("file_index"));
  select->groups.grouping_sets.push_back({0});
  auto statement = duckdb::make_uniq<duckdb::SelectStatement>();
  statement->node = std::move(select);
  TARN_TRY(auto result, RunToEnd(resources, std::move(statement), cancel));

  LogicalType facts_type = LogicalType::MAP(LogicalType::VARCHAR, LogicalType::VARCHAR);
  TARN_TRY(std::string empty, StatisticsJson(physical, columns, Value(), 0));
  std::vector<std::string> texts(files, empty);
  for (duckdb::idx_t row = 0; row < result->RowCount(); ++row) {
    duckdb::vector<Value> keys;
    duckdb::vector<Value> maps;
    for (size_t i = 0; i < leaves.size(); ++i) {
      duckdb::vector<Value> names;
      duckdb::vector<Value> values;
      for (size_t fact = 0; fact < std::size(kFacts); ++fact) {
        Value value = result->GetValue(2 + i * std::size(kFacts) + fact, row);
        if (value.IsNull()) continue;
        names.emplace_back(kFacts[fact]);
        values.push_back(std::move(value));
      }
      keys.emplace_back(leaves[i].key);
      maps.push_back(Value::MAP(LogicalType::VARCHAR, LogicalType::VARCHAR, std::move(names),
                                std::move(values)));
    }
    Value facts = Value::MAP(LogicalType::VARCHAR, facts_type, std::move(keys), std::move(maps));
    auto file = static_cast<size_t>(result->GetValue(0, row).GetValue<int64_t>());
    int64_t count = result->GetValue(1, row).GetValue<int64_t>();
    TARN_TRY(texts.at(file), StatisticsJson(physical, columns, facts, count));
  }
  return texts;
}

}  // namespace tarn::engine
