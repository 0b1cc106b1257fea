#include "engine/copied_rows.h"

#include <numeric>

#include "delta/row_tracking.h"

namespace tarn::engine {

using columnar::TypeKind;

columnar::Fields RowIdColumns(const delta::Snapshot& table) {
  std::optional<delta::MaterializedRowIds> names = delta::MaterializedRowIdsOf(table);
  if (!names) return {};
  return {{names->row_id_column, TypeKind::kLong},
          {names->row_commit_version_column, TypeKind::kLong}};
}

plan::PlanRef CopiedRows(plan::TableBinding files, WriteTarget* target) {
  std::shared_ptr<const delta::Snapshot> table = SnapshotOf(files);
  auto scan = std::make_shared<plan::LogicalPlan>();
  scan->kind = plan::PlanKind::kScan;
  scan->with_address = true;
  auto put = [&](const std::string& name, columnar::DataType type, bool nullable) {
    // Ids of analysis are positive.
    plan::ExprId id = -1 - static_cast<plan::ExprId>(scan->output.size());
    scan->output.push_back({id, name, std::move(type), nullable, {}});
  };
  for (const columnar::Field& field : table->schema().fields) {
    put(field.name, field.type.is_string() ? TypeKind::kString : field.type, field.nullable);
  }
  for (size_t i = 0; i < plan::kAddressColumns; ++i) put("address", TypeKind::kLong, true);
  scan->table = std::move(files);
  const size_t count = table->schema().fields.size();
  std::vector<size_t> columns(count);
  std::iota(columns.begin(), columns.end(), size_t{0});
  target->more_columns = RowIdColumns(*table);
  // Behind the table's columns are file and row, then these two.
  if (!target->more_columns.empty()) columns.insert(columns.end(), {count + 2, count + 3});
  return plan::PickColumns(scan, columns);
}

}  // namespace tarn::engine
