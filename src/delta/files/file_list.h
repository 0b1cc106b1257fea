#pragma once
/// \file  The files of a snapshot: blocks that versions share, and which rows of them count.
#include <iterator>
#include <memory>
#include <vector>

#include "delta/files/file_block.h"

namespace tarn::delta {

/// A block, and the rows of it that count, in ascending order; all of them when there is no list.
struct BlockPart {
  std::shared_ptr<const FileBlock> block;
  std::shared_ptr<const std::vector<uint16_t>> live;
  size_t begin = 0;  ///< position of its first file in the list

  size_t count() const { return live ? live->size() : block->rows(); }
  size_t RowAt(size_t i) const { return live ? (*live)[i] : i; }
};

/// Blocks in order. A value: copying it copies no file. Thread-safe as long as nobody changes it.
class BlockList {
 public:
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const std::vector<BlockPart>& parts() const { return parts_; }
  /// Number of the part that holds position `i`.
  size_t PartOf(size_t i) const;

  void Append(std::shared_ptr<const FileBlock> block);
  /// Lets rows of a part no longer count; `rows` ascend. Positions behind them move up.
  void Drop(size_t part, const std::vector<uint16_t>& rows);
  /// Takes the last part away.
  BlockPart PopBack();
  /// After Drop: forgets parts without files, and numbers the others.
  void Renumber();

 private:
  std::vector<BlockPart> parts_;
  size_t size_ = 0;
};

/// One file of a list, by its place. Borrows from the list's blocks. Columns are cheap to ask for;
/// the action itself is made anew each time.
template <typename File>
class FileRef {
 public:
  FileRef(const FileBlock& block, size_t row) : block_(&block), row_(row) {}

  std::string_view path() const { return block_->path(row_); }
  int64_t size_bytes() const { return block_->size_bytes(row_); }
  const PartitionValues& partition_values() const { return block_->partition_values(row_); }
  const DeletionVectorDescriptor* deletion_vector() const { return block_->deletion_vector(row_); }
  const FileBlock& block() const { return *block_; }
  size_t row() const { return row_; }

  File operator*() const {
    if constexpr (std::is_same_v<File, AddFile>) {
      return block_->Added(row_);
    } else {
      return block_->Removed(row_);
    }
  }
  /// Holds the action for the length of one expression.
  struct Arrow {
    File file;
    const File* operator->() const { return &file; }
  };
  Arrow operator->() const { return {**this}; }

 private:
  const FileBlock* block_;
  size_t row_;
};

/// Files as actions, by position. Thread-safe; references live as long as the list.
template <typename File>
class FileList {
 public:
  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = FileRef<File>;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = FileRef<File>;

    Iterator(const BlockList* blocks, size_t part) : blocks_(blocks), part_(part) {}
    FileRef<File> operator*() const {
      const BlockPart& part = blocks_->parts()[part_];
      return {*part.block, part.RowAt(at_)};
    }
    Iterator& operator++() {
      if (++at_ == blocks_->parts()[part_].count()) {
        ++part_;
        at_ = 0;
      }
      return *this;
    }
    bool operator==(const Iterator&) const = default;

   private:
    const BlockList* blocks_;
    size_t part_;
    size_t at_ = 0;
  };

  size_t size() const { return blocks_.size(); }
  bool empty() const { return blocks_.empty(); }
  FileRef<File> operator[](size_t i) const {
    const BlockPart& part = blocks_.parts()[blocks_.PartOf(i)];
    return {*part.block, part.RowAt(i - part.begin)};
  }
  Iterator begin() const { return {&blocks_, 0}; }
  Iterator end() const { return {&blocks_, blocks_.parts().size()}; }
  const BlockList& blocks() const { return blocks_; }

 private:
  friend class SnapshotBuilder;
  BlockList blocks_;
};

}  // namespace tarn::delta
