#include "delta/files/file_block.h"

#include <functional>

namespace tarn::delta {
namespace {

constexpr int64_t kNone = INT64_MIN;

// A row in a column that is only there when some row has a value.
void AppendOptional(std::vector<int64_t>& column, size_t row, std::optional<int64_t> value) {
  if (!value && column.empty()) return;
  column.resize(row, kNone);
  column.push_back(value.value_or(kNone));
}

std::optional<int64_t> OptionalAt(const std::vector<int64_t>& column, size_t row) {
  if (row >= column.size() || column[row] == kNone) return std::nullopt;
  return column[row];
}

bool MayLeadOutside(std::string_view path, const DeletionVectorDescriptor* vector) {
  if (path.starts_with('/') || path.starts_with("file:")) return true;
  if (path.find("..") != path.npos) return true;
  if (vector == nullptr || vector->storage_type == 'i') return false;
  return vector->storage_type == 'p' || vector->path_or_inline_dv.find('/') != std::string::npos ||
         vector->path_or_inline_dv.find("..") != std::string::npos;
}

template <typename T>
size_t Bytes(const std::vector<T>& column) {
  return column.capacity() * sizeof(T);
}

}  // namespace

void FileDetails::Append(std::string_view stats_json, Tags file_tags, std::string_view provider) {
  size_t row = stats.size();
  stats.Append(stats_json);
  bool untagged = file_tags.empty();
  tags.Append(row, std::move(file_tags), untagged);
  clustering_provider.Append(row, std::string(provider), provider.empty());
}

void FileDetails::Close() {
  stats.ShrinkToFit();
  tags.Close();
  clustering_provider.Close();
}

size_t FileDetails::memory_bytes() const {
  return stats.memory_bytes() + tags.memory_bytes() + clustering_provider.memory_bytes();
}

uint32_t KeyHash(std::string_view path, const DeletionVectorDescriptor* vector) {
  size_t hash = std::hash<std::string_view>()(path);
  if (vector != nullptr) hash = hash * 31 + std::hash<std::string>()(vector->UniqueId());
  return static_cast<uint32_t>(hash ^ (hash >> 32));
}

const PartitionValues& FileBlock::partition_values(size_t row) const {
  static const PartitionValues none;
  const PartitionValues* values = partition_values_.Find(row);
  return values == nullptr ? none : *values;
}

std::optional<int64_t> FileBlock::base_row_id(size_t row) const {
  return OptionalAt(base_row_ids_, row);
}

std::optional<int64_t> FileBlock::default_row_commit_version(size_t row) const {
  return OptionalAt(commit_versions_, row);
}

const FileDetails& FileBlock::details() const {
  if (!has_details()) {
    std::call_once(once_, [this] {
      details_ = source_->Details(number_);
      details_ready_.store(true, std::memory_order_release);
    });
  }
  return *details_;
}

bool FileBlock::IsFile(size_t row, std::string_view path,
                       const DeletionVectorDescriptor* vector) const {
  if (paths_[row] != path) return false;
  const DeletionVectorDescriptor* own = deletion_vector(row);
  if ((own == nullptr) != (vector == nullptr)) return false;
  return own == nullptr || own->UniqueId() == vector->UniqueId();
}

AddFile FileBlock::Added(size_t row) const {
  AddFile file;
  file.path = paths_[row];
  file.partition_values = partition_values(row);
  file.size_bytes = sizes_[row];
  file.modification_time_ms = times_[row];
  file.data_change = (flags_[row] & kDataChange) != 0;
  const FileDetails& late = details();
  file.stats = late.stats[row];
  if (const FileDetails::Tags* tags = late.tags.Find(row)) file.tags = *tags;
  if (const std::string* provider = late.clustering_provider.Find(row)) {
    file.clustering_provider = *provider;
  }
  if (const DeletionVectorDescriptor* vector = deletion_vector(row)) file.deletion_vector = *vector;
  file.base_row_id = base_row_id(row);
  file.default_row_commit_version = default_row_commit_version(row);
  return file;
}

RemoveFile FileBlock::Removed(size_t row) const {
  RemoveFile file;
  file.path = paths_[row];
  if ((flags_[row] & kNoTime) == 0) file.deletion_timestamp_ms = times_[row];
  file.data_change = (flags_[row] & kDataChange) != 0;
  file.extended_file_metadata = (flags_[row] & kExtended) != 0;
  file.partition_values = partition_values(row);
  file.size_bytes = sizes_[row];
  if (has_details()) {
    if (const FileDetails::Tags* tags = details().tags.Find(row)) file.tags = *tags;
  }
  if (const DeletionVectorDescriptor* vector = deletion_vector(row)) file.deletion_vector = *vector;
  file.base_row_id = base_row_id(row);
  file.default_row_commit_version = default_row_commit_version(row);
  return file;
}

size_t FileBlock::memory_bytes() const {
  size_t bytes = sizeof(FileBlock) + paths_.memory_bytes() + Bytes(sizes_) + Bytes(times_) +
                 Bytes(flags_) + Bytes(key_hashes_) + partition_values_.memory_bytes() +
                 vectors_.memory_bytes() + Bytes(base_row_ids_) + Bytes(commit_versions_);
  return has_details() ? bytes + details_->memory_bytes() : bytes;
}

FileBlockBuilder::FileBlockBuilder()
    : block_(std::make_shared<FileBlock>()), details_(std::make_shared<FileDetails>()) {}

void FileBlockBuilder::Append(const Columns& file) {
  FileBlock& block = *block_;
  size_t row = block.rows();
  block.paths_.Append(file.path);
  block.sizes_.push_back(file.size_bytes);
  block.times_.push_back(file.time_ms.value_or(0));
  block.flags_.push_back(static_cast<uint8_t>((file.data_change ? FileBlock::kDataChange : 0) |
                                              (file.extended ? FileBlock::kExtended : 0) |
                                              (file.time_ms ? 0 : FileBlock::kNoTime)));
  block.key_hashes_.push_back(KeyHash(file.path, file.deletion_vector));
  bool unpartitioned = file.partition_values == nullptr || file.partition_values->empty();
  block.partition_values_.Append(row, unpartitioned ? PartitionValues() : *file.partition_values,
                                 unpartitioned);
  block.vectors_.Append(row,
                        file.deletion_vector ? *file.deletion_vector : DeletionVectorDescriptor(),
                        file.deletion_vector == nullptr);
  AppendOptional(block.base_row_ids_, row, file.base_row_id);
  AppendOptional(block.commit_versions_, row, file.default_row_commit_version);
  block.names_outside_ = block.names_outside_ || MayLeadOutside(file.path, file.deletion_vector);
}

void FileBlockBuilder::Append(const AddFile& file) {
  Columns columns;
  columns.path = file.path;
  columns.size_bytes = file.size_bytes;
  columns.time_ms = file.modification_time_ms;
  columns.data_change = file.data_change;
  columns.partition_values = &file.partition_values;
  columns.deletion_vector = file.deletion_vector ? &*file.deletion_vector : nullptr;
  columns.base_row_id = file.base_row_id;
  columns.default_row_commit_version = file.default_row_commit_version;
  Append(columns);
  details_->Append(file.stats, file.tags, file.clustering_provider.value_or(""));
}

void FileBlockBuilder::Append(const RemoveFile& file) {
  Columns columns;
  columns.path = file.path;
  columns.size_bytes = file.size_bytes;
  columns.time_ms = file.deletion_timestamp_ms;
  columns.data_change = file.data_change;
  columns.extended = file.extended_file_metadata;
  columns.partition_values = &file.partition_values;
  columns.deletion_vector = file.deletion_vector ? &*file.deletion_vector : nullptr;
  columns.base_row_id = file.base_row_id;
  columns.default_row_commit_version = file.default_row_commit_version;
  Append(columns);
  details_->Append("", file.tags, "");
}

std::shared_ptr<FileBlock> FileBlockBuilder::Take() {
  block_->paths_.ShrinkToFit();
  block_->sizes_.shrink_to_fit();
  block_->times_.shrink_to_fit();
  block_->flags_.shrink_to_fit();
  block_->key_hashes_.shrink_to_fit();
  block_->partition_values_.Close();
  block_->vectors_.Close();
  return std::exchange(block_, std::make_shared<FileBlock>());
}

std::shared_ptr<const FileBlock> FileBlockBuilder::Finish() {
  std::shared_ptr<FileBlock> block = Take();
  details_->Close();
  block->details_ = std::exchange(details_, std::make_shared<FileDetails>());
  block->details_ready_ = true;
  return block;
}

std::shared_ptr<const FileBlock> FileBlockBuilder::Finish(std::shared_ptr<DetailSource> source,
                                                          size_t number) {
  std::shared_ptr<FileBlock> block = Take();
  block->source_ = std::move(source);
  block->number_ = number;
  return block;
}

}  // namespace tarn::delta
