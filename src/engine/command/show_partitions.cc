#include "engine/command/show_partitions.h"

#include <algorithm>

#include "engine/partition_rows.h"

namespace tarn::engine {
namespace {

using columnar::TypeKind;

std::string Dotted(const std::vector<std::string>& name) {
  std::string text;
  for (const std::string& part : name) text += (text.empty() ? "" : ".") + part;
  return text;
}

// PARTITION (column = value, …) as a condition; null for every partition.
Result<plan::ExprRef> Condition(const plan::Show& command,
                                const std::vector<plan::Attribute>& columns) {
  plan::ExprRef condition;
  for (const auto& [name, value] : command.partition) {
    columnar::Schema names;
    for (const plan::Attribute& column : columns)
      names.fields.push_back({column.name, column.type});
    int at = names.FindField(name);
    if (at < 0) {
      return Fail("DELTA_SHOW_PARTITION_IN_NON_PARTITIONED_COLUMN",
                  "Non-partitioning column(s) [" + name + "] are specified for SHOW PARTITIONS",
                  {{"badCols", "[" + name + "]"}});
    }
    const plan::Attribute& column = columns[static_cast<size_t>(at)];
    auto same =
        plan::MakeCall("<=>", {plan::MakeColumn(column), plan::MakeCast(value, column.type)},
                       TypeKind::kBoolean, false);
    condition = condition ? plan::MakeCall("and", {condition, same}, TypeKind::kBoolean, false)
                          : std::move(same);
  }
  return condition;
}

}  // namespace

StreamResult ShowPartitions(const CommandContext& context, const plan::Show& command) {
  TARN_TRY(CatalogResolver::Table table,
           context.At(command.in_range,
                      context.resolver.Find(command.in, {catalog::Operation::kSelect})));
  TARN_TRY(auto snapshot, context.At(command.in_range, context.resolver.Pin(table.location)));
  if (table.record)
    TARN_RETURN_IF_ERROR(context.At(command.in_range, CheckNoPolicy(*table.record)));
  if (snapshot->partition_columns().empty()) {
    std::string name = Dotted(table.name);
    return context.At(
        command.in_range,
        Fail("DELTA_SHOW_PARTITION_IN_NON_PARTITIONED_TABLE",
             "SHOW PARTITIONS is not allowed on a table that is not partitioned: " + name,
             {{"tableName", name}}));
  }
  std::vector<plan::Attribute> columns;
  columnar::Schema schema;
  for (const std::string& name : snapshot->partition_columns()) {
    const columnar::Field& field =
        snapshot->schema().fields[static_cast<size_t>(snapshot->schema().FindField(name))];
    columns.push_back({.id = -2 - static_cast<plan::ExprId>(columns.size()),
                       .name = field.name,
                       .type = field.type.is_string() ? TypeKind::kString : field.type,
                       .nullable = field.nullable});
    schema.fields.push_back({field.name, columns.back().type, field.nullable});
  }
  TARN_TRY(plan::ExprRef condition, context.At(command.in_range, Condition(command, columns)));
  PartitionRows partitions = PartitionRowsOf(*snapshot, columns);
  if (!partitions.rows) return Rows(columnar::BatchBuilder(schema));
  plan::PlanRef rows = partitions.rows;
  if (condition) rows = plan::RowsWhere(rows, std::move(condition));
  auto project = std::make_shared<plan::LogicalPlan>();
  project->kind = plan::PlanKind::kProject;
  project->output = columns;
  for (const plan::Attribute& column : columns) project->exprs.push_back(plan::MakeColumn(column));
  project->children = {std::move(rows)};
  // Other spellings of one value are one partition.
  auto distinct = std::make_shared<plan::LogicalPlan>();
  distinct->kind = plan::PlanKind::kDistinct;
  distinct->output = columns;
  distinct->children = {std::move(project)};
  return context.engine().Run(std::move(distinct), context.cancel);
}

}  // namespace tarn::engine
