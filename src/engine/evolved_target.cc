// Columns that a statement gives its target: the snapshot it is bound to, as if it had them
// already.
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

}  // namespace tarn::engine
