// Columns that a statement gives its target: the snapshot it is bound to, as if it had them
// already.
#include "engine/evolved_target.h"

#include "base/log.h"
#include "engine/catalog_resolver.h"

namespace tarn::engine {

Result<plan::TableBinding> CatalogResolver::Evolve(const plan::TableBinding& target,
                                                   columnar::Schema schema) {
  std::shared_ptr<const delta::Snapshot> bound = SnapshotOf(target);
  delta::Metadata metadata = bound->metadata();
  if (bound->column_mapping_mode() != delta::ColumnMappingMode::kNone) {
    constexpr const char* kMaxId = "delta.columnMapping.maxColumnId";
    int64_t max_id = std::stoll(bound->Property(kMaxId).value_or("0"));
    schema = delta::AssignColumnMapping(schema, &max_id, false);
    metadata.configuration[kMaxId] = std::to_string(max_id);
  }
  metadata.schema_string = schema.ToJson();
  delta::SnapshotBuilder builder(*bound);
  builder.Apply(bound->version(), bound->timestamp_ms(), {metadata});
  TARN_TRY(auto evolved, builder.Finish());
  plan::TableBinding binding = target;
  binding.schema = evolved->schema();
  binding.snapshot = std::move(evolved);
  binding.evolved = true;
  return binding;
}

void RecordColumns(const CommandContext& context, const plan::TableBinding& target) {
  if (!target.evolved || target.name.size() != 3) return;
  Result<std::string> name = catalog::FullName(target.name);
  if (!name.ok()) return;
  catalog::ObjectChange change;
  change.columns = target.schema;
  auto changed =
      context.catalog().Alter(context.who(), catalog::SecurableKind::kTable, *name, change, "");
  if (!changed.ok())
    LogWarn("the catalog does not know the columns that a statement gave a table",
            {{"table", *name}});
}

}  // namespace tarn::engine
