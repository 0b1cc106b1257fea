#include "engine/duckdb/log/block_facts.h"

#include "delta/file_stats.h"
#include "engine/duckdb/log_value.h"

namespace tarn::engine {

using duckdb::Value;

// Bounds of one leaf in all files of the block.
struct BlockFacts::LeafValues {
  enum Flags : uint8_t { kExact = 1, kAllNull = 2, kNoNull = 4 };
  std::once_flag once;
  std::unique_ptr<duckdb::Vector> minima;
  std::unique_ptr<duckdb::Vector> maxima;
  std::vector<uint8_t> flags;
};

BlockFacts::BlockFacts(std::shared_ptr<const delta::FileBlock> block, Leaves leaves)
    : block_(std::move(block)), leaves_(std::move(leaves)) {
  for (size_t i = 0; i < leaves_->size(); ++i) values_.push_back(std::make_unique<LeafValues>());
}

BlockFacts::~BlockFacts() = default;

Result<std::shared_ptr<const BlockFacts>> BlockFacts::Make(
    std::shared_ptr<const delta::FileBlock> block, Leaves leaves) {
  std::shared_ptr<BlockFacts> facts(new BlockFacts(std::move(block), std::move(leaves)));
  std::vector<const LeafColumn*> partitions;
  for (const LeafColumn& leaf : *facts->leaves_) {
    if (leaf.partition < 0) continue;
    partitions.resize(std::max(partitions.size(), static_cast<size_t>(leaf.partition) + 1));
    partitions[static_cast<size_t>(leaf.partition)] = &leaf;
  }
  if (partitions.empty()) return std::shared_ptr<const BlockFacts>(std::move(facts));
  for (size_t row = 0; row < facts->block_->rows(); ++row) {
    const delta::PartitionValues& texts = facts->block_->partition_values(row);
    auto [known, fresh] = facts->partition_values_.try_emplace(&texts);
    if (!fresh) continue;
    for (const LeafColumn* leaf : partitions) {
      auto found = texts.find(leaf->physical_path[0]);
      Result<Value> value =
          PartitionValueOf(found == texts.end() ? std::nullopt : found->second, leaf->type);
      if (!value.ok()) {
        return std::move(value).error().WithPrefix("column " + leaf->physical_path[0] + " of " +
                                                   std::string(facts->block_->path(row)));
      }
      known->second.push_back(*std::move(value));
    }
  }
  return std::shared_ptr<const BlockFacts>(std::move(facts));
}

const std::vector<Value>& BlockFacts::partition_values(size_t row) const {
  static const std::vector<Value> none;
  auto found = partition_values_.find(&block_->partition_values(row));
  return found == partition_values_.end() ? none : found->second;
}

int64_t BlockFacts::rows(size_t row) const {
  std::call_once(rows_once_, [this] {
    delta::StatsReader reader;
    rows_.reserve(block_->rows());
    for (size_t i = 0; i < block_->rows(); ++i) {
      int64_t rows = reader.NumRecords(block_->stats(i)).value_or(-1);
      const delta::DeletionVectorDescriptor* vector = block_->deletion_vector(i);
      if (rows >= 0 && vector != nullptr) rows -= vector->cardinality;
      rows_.push_back(rows);
    }
  });
  return rows_[row];
}

const BlockFacts::LeafValues& BlockFacts::Values(size_t number) const {
  LeafValues& values = *values_[number];
  const LeafColumn& leaf = (*leaves_)[number];
  std::call_once(values.once, [&] {
    size_t rows = block_->rows();
    values.minima = std::make_unique<duckdb::Vector>(leaf.type, rows);
    values.maxima = std::make_unique<duckdb::Vector>(leaf.type, rows);
    values.flags.resize(rows);
    delta::StatsReader reader;
    for (size_t row = 0; row < rows; ++row) {
      delta::ColumnStats stats = reader.Column(block_->stats(row), leaf.physical_path);
      bool exact = stats.tight_bounds && block_->deletion_vector(row) == nullptr;
      auto set = [&](duckdb::Vector& bounds, const std::optional<json::Value>& json, bool maximum) {
        std::optional<LogBound> bound =
            json ? BoundOf(*json, leaf.type, maximum) : std::optional<LogBound>();
        exact = exact && bound && bound->exact;
        bounds.SetValue(row, bound ? bound->value : Value(leaf.type));
      };
      set(*values.minima, stats.minimum, false);
      set(*values.maxima, stats.maximum, true);
      bool all_null = stats.null_count && stats.num_records == stats.null_count;
      values.flags[row] = static_cast<uint8_t>((exact ? LeafValues::kExact : 0) |
                                               (all_null ? LeafValues::kAllNull : 0) |
                                               (stats.null_count == 0 ? LeafValues::kNoNull : 0));
    }
  });
  return values;
}

LeafFacts BlockFacts::Facts(size_t row, size_t leaf) const {
  int partition = (*leaves_)[leaf].partition;
  if (partition >= 0) {
    const Value& value = partition_values(row)[static_cast<size_t>(partition)];
    return {value, value, true, value.IsNull(), !value.IsNull()};
  }
  const LeafValues& values = Values(leaf);
  uint8_t flags = values.flags[row];
  return {values.minima->GetValue(row), values.maxima->GetValue(row),
          (flags & LeafValues::kExact) != 0, (flags & LeafValues::kAllNull) != 0,
          (flags & LeafValues::kNoNull) != 0};
}

}  // namespace tarn::engine
