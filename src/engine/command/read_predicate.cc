#include "engine/command/read_predicate.h"

#include <unordered_map>

namespace tarn::engine {
namespace {

// A table of one file.
Result<std::shared_ptr<const delta::Snapshot>> Only(const delta::Snapshot& table,
                                                    const delta::AddFile& file) {
  delta::SnapshotBuilder builder(table.table_path());
  builder.Apply(table.version(), table.timestamp_ms(), {table.protocol(), table.metadata(), file});
  return builder.Finish();
}

}  // namespace

std::function<bool(const delta::AddFile&)> FilesThatMayMatch(Engine& engine,
                                                             const plan::PlanRef& scan,
                                                             const plan::ExprRef& condition) {
  if (!condition) return {};
  std::shared_ptr<const delta::Snapshot> table = SnapshotOf(scan->table);
  auto known = std::make_shared<std::unordered_map<std::string, size_t>>();  // positions by path
  return [&engine, scan, condition, table, known](const delta::AddFile& file) {
    // A removed file comes without its statistics.
    if (known->empty()) {
      size_t position = 0;
      for (const auto& add : table->files()) known->emplace(add.path(), position++);
    }
    auto before = known->find(file.path);
    bool bare = file.stats.empty() && before != known->end();
    auto matches = [&]() -> Result<bool> {
      plan::TableBinding binding = scan->table;
      TARN_TRY(binding.snapshot, Only(*table, bare ? *table->files()[before->second] : file));
      return engine.MayHaveRows(
          plan::RowsWhere(plan::ScanOf(*scan, std::move(binding)), condition));
    };
    Result<bool> may = matches();
    return !may.ok() || *may;
  };
}

}  // namespace tarn::engine
