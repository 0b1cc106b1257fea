#include "engine/partition_rows.h"

#include <algorithm>
#include <map>

#include "columnar/array_view.h"

namespace tarn::engine {

using columnar::TypeKind;

std::string PartitionKeyName(const delta::Snapshot& snapshot, const std::string& column) {
  if (snapshot.column_mapping_mode() == delta::ColumnMappingMode::kNone) return column;
  int at = snapshot.schema().FindField(column);
  return delta::PhysicalName(snapshot.schema().fields[static_cast<size_t>(at)]);
}

PartitionRows PartitionRowsOf(const delta::Snapshot& snapshot,
                              const std::vector<plan::Attribute>& columns) {
  PartitionRows result;
  std::vector<std::string> keys;
  for (const std::string& column : snapshot.partition_columns()) {
    keys.push_back(PartitionKeyName(snapshot, column));
  }
  auto plan = std::make_shared<plan::LogicalPlan>();
  plan->kind = plan::PlanKind::kValues;
  plan->output = columns;
  plan->output.push_back({.id = -1, .name = "partition", .type = TypeKind::kLong});
  std::map<std::vector<std::optional<std::string>>, size_t> known;
  for (const auto& file : snapshot.files()) {
    const delta::PartitionValues& written = file.partition_values();
    std::vector<std::optional<std::string>> values;
    for (const std::string& key : keys) {
      auto at = written.find(key);
      values.push_back(at == written.end() ? std::nullopt : at->second);
    }
    auto [at, fresh] = known.emplace(values, known.size());
    result.of_file.push_back(at->second);
    if (!fresh) continue;
    std::vector<plan::ExprRef> row;
    for (size_t i = 0; i < values.size(); ++i) {
      auto text = plan::MakeLiteral(TypeKind::kString, values[i]);
      row.push_back(plan::MakeCast(std::move(text), columns[i].type));
    }
    row.push_back(plan::MakeLiteral(TypeKind::kLong, std::to_string(at->second)));
    plan->rows.push_back(std::move(row));
  }
  result.count = known.size();
  if (result.count > 0) result.rows = std::move(plan);
  return result;
}

Result<std::vector<size_t>> FilesWhere(Engine& engine, const delta::Snapshot& snapshot,
                                       const plan::LogicalPlan& scan,
                                       const plan::ExprRef& condition, const CancelToken& cancel) {
  std::vector<size_t> files;
  if (!condition) {
    for (size_t i = 0; i < snapshot.files().size(); ++i) files.push_back(i);
    return files;
  }
  std::vector<plan::Attribute> columns;
  for (const std::string& name : snapshot.partition_columns()) {
    columns.push_back(scan.output[static_cast<size_t>(snapshot.schema().FindField(name))]);
  }
  PartitionRows partitions = PartitionRowsOf(snapshot, columns);
  if (!partitions.rows) return files;
  auto filter = std::make_shared<plan::LogicalPlan>();
  filter->kind = plan::PlanKind::kFilter;
  filter->output = partitions.rows->output;
  filter->condition = condition;
  filter->children = {partitions.rows};
  auto numbers = std::make_shared<plan::LogicalPlan>();
  numbers->kind = plan::PlanKind::kProject;
  numbers->output = {filter->output.back()};
  numbers->exprs = {plan::MakeColumn(filter->output.back())};
  numbers->children = {std::move(filter)};
  TARN_TRY(auto stream, engine.Run(std::move(numbers), cancel));
  std::vector<bool> chosen(partitions.count, false);
  for (;;) {
    TARN_TRY(auto batch, stream->Next());
    if (!batch) break;
    columnar::ArrayView column = columnar::ArrayView(batch->array.get()).Member(0);
    for (int64_t i = 0; i < column.length(); ++i) {
      chosen[static_cast<size_t>(column.Fixed<int64_t>(i))] = true;
    }
  }
  for (size_t i = 0; i < partitions.of_file.size(); ++i) {
    if (chosen[partitions.of_file[i]]) files.push_back(i);
  }
  return files;
}

}  // namespace tarn::engine
