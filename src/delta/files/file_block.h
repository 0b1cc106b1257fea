#pragma once
/// \file  Data files of a table as columns: some ten thousand files that share one set of arrays.
/// What is rarely asked for (statistics, tags) can be read later than the rest.
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "delta/action.h"

namespace tarn::delta {

/// Texts one behind the other. Not thread-safe while it grows.
class TextColumn {
 public:
  void Append(std::string_view text) {
    bytes_.append(text);
    ends_.push_back(bytes_.size());
  }
  std::string_view operator[](size_t row) const {
    uint64_t begin = row == 0 ? 0 : ends_[row - 1];
    return {bytes_.data() + begin, ends_[row] - begin};
  }
  size_t size() const { return ends_.size(); }
  size_t memory_bytes() const { return bytes_.capacity() + ends_.capacity() * sizeof(uint64_t); }
  void ShrinkToFit() {
    bytes_.shrink_to_fit();
    ends_.shrink_to_fit();
  }

 private:
  std::string bytes_;
  std::vector<uint64_t> ends_;
};

/// A value per row, most of which are the same or none: an index into the different ones. Not
/// thread-safe while it grows.
template <typename T>
class SparseColumn {
 public:
  /// `row` is the number of rows so far.
  void Append(size_t row, T value, bool absent) {
    if (absent && index_.empty()) return;
    if (index_.empty()) values_.emplace_back();  // 0: absent
    index_.resize(row, 0);
    if (absent) {
      index_.push_back(0);
      return;
    }
    auto [known, fresh] = numbers_.try_emplace(value, static_cast<uint32_t>(values_.size()));
    if (fresh) values_.push_back(std::move(value));
    index_.push_back(known->second);
  }
  /// No more values follow.
  void Close() { numbers_.clear(); }
  /// The value, or null.
  const T* Find(size_t row) const {
    if (row >= index_.size() || index_[row] == 0) return nullptr;
    return &values_[index_[row]];
  }
  bool empty() const { return index_.empty(); }
  size_t memory_bytes() const {
    return index_.capacity() * sizeof(uint32_t) + values_.capacity() * sizeof(T);
  }

 private:
  std::vector<uint32_t> index_;
  std::vector<T> values_;
  std::map<T, uint32_t> numbers_;  // while it grows
};

/// The part of a block that may be read later.
struct FileDetails {
  using Tags = std::map<std::string, std::string>;
  TextColumn stats;
  SparseColumn<Tags> tags;
  SparseColumn<std::string> clustering_provider;

  void Append(std::string_view stats_json, Tags file_tags, std::string_view provider);
  /// No more files follow.
  void Close();
  size_t memory_bytes() const;
};

/// Where the details of blocks are when they have not been read. Thread-safe.
class DetailSource {
 public:
  virtual ~DetailSource() = default;
  /// Details of one of its blocks. What cannot be read any more comes as details without values:
  /// statistics are a hint.
  virtual std::shared_ptr<const FileDetails> Details(size_t block) = 0;
};

/// Up to kMaxRows files, active or removed. Immutable and thread-safe once made.
class FileBlock {
 public:
  static constexpr size_t kMaxRows = 65'536;

  size_t rows() const { return paths_.size(); }
  std::string_view path(size_t row) const { return paths_[row]; }
  int64_t size_bytes(size_t row) const { return sizes_[row]; }
  /// Of an active file the modification time, of a removed one the deletion time.
  int64_t time_ms(size_t row) const { return times_[row]; }
  const PartitionValues& partition_values(size_t row) const;
  const DeletionVectorDescriptor* deletion_vector(size_t row) const { return vectors_.Find(row); }
  std::optional<int64_t> base_row_id(size_t row) const;
  std::optional<int64_t> default_row_commit_version(size_t row) const;
  std::string_view stats(size_t row) const { return details().stats[row]; }
  /// Reads them, when they have not been.
  const FileDetails& details() const;
  bool has_details() const { return details_ready_.load(std::memory_order_acquire); }
  /// Of the files' keys (FileKey), in the order of rows.
  const std::vector<uint32_t>& key_hashes() const { return key_hashes_; }
  bool IsFile(size_t row, std::string_view path, const DeletionVectorDescriptor* vector) const;
  /// Whether a path may lead out of the table's folder.
  bool names_outside() const { return names_outside_; }

  AddFile Added(size_t row) const;
  RemoveFile Removed(size_t row) const;

  size_t memory_bytes() const;

 private:
  friend class FileBlockBuilder;
  enum Flags : uint8_t { kDataChange = 1, kExtended = 2, kNoTime = 4 };

  TextColumn paths_;
  std::vector<int64_t> sizes_;
  std::vector<int64_t> times_;
  std::vector<uint8_t> flags_;
  std::vector<uint32_t> key_hashes_;
  SparseColumn<PartitionValues> partition_values_;
  SparseColumn<DeletionVectorDescriptor> vectors_;
  std::vector<int64_t> base_row_ids_;     // empty when no file has one; kNone for those without
  std::vector<int64_t> commit_versions_;  // the same
  bool names_outside_ = false;

  std::shared_ptr<DetailSource> source_;
  size_t number_ = 0;  // of the block, in the source
  mutable std::once_flag once_;
  mutable std::shared_ptr<const FileDetails> details_;
  mutable std::atomic<bool> details_ready_{false};
};

uint32_t KeyHash(std::string_view path, const DeletionVectorDescriptor* vector);

/// Fills one block. Not thread-safe.
class FileBlockBuilder {
 public:
  FileBlockBuilder();

  /// What every block knows of a file, active or removed.
  struct Columns {
    std::string_view path;  ///< percent-decoded
    int64_t size_bytes = 0;
    std::optional<int64_t> time_ms;
    bool data_change = false;
    bool extended = false;
    const PartitionValues* partition_values = nullptr;
    const DeletionVectorDescriptor* deletion_vector = nullptr;
    std::optional<int64_t> base_row_id;
    std::optional<int64_t> default_row_commit_version;
  };
  /// Without details: the block must be finished with a source of them.
  void Append(const Columns& file);
  void Append(const AddFile& file);
  void Append(const RemoveFile& file);

  size_t rows() const { return block_->rows(); }
  bool full() const { return rows() == FileBlock::kMaxRows; }
  std::shared_ptr<const FileBlock> Finish();
  std::shared_ptr<const FileBlock> Finish(std::shared_ptr<DetailSource> source, size_t number);

 private:
  std::shared_ptr<FileBlock> Take();

  std::shared_ptr<FileBlock> block_;
  std::shared_ptr<FileDetails> details_;
};

}  // namespace tarn::delta
