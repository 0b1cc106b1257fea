#include "delta/files/file_list.h"

#include <algorithm>

namespace tarn::delta {

size_t BlockList::PartOf(size_t i) const {
  auto after = std::upper_bound(parts_.begin(), parts_.end(), i,
                                [](size_t at, const BlockPart& part) { return at < part.begin; });
  return static_cast<size_t>(after - parts_.begin()) - 1;
}

void BlockList::Append(std::shared_ptr<const FileBlock> block) {
  if (block->rows() == 0) return;
  size_t rows = block->rows();
  parts_.push_back({std::move(block), nullptr, size_});
  size_ += rows;
}

void BlockList::Drop(size_t number, const std::vector<uint16_t>& rows) {
  BlockPart& part = parts_[number];
  auto live = std::make_shared<std::vector<uint16_t>>();
  live->reserve(part.count() - rows.size());
  auto gone = rows.begin();
  for (size_t i = 0; i < part.count(); ++i) {
    auto row = static_cast<uint16_t>(part.RowAt(i));
    while (gone != rows.end() && *gone < row) ++gone;
    if (gone == rows.end() || *gone != row) live->push_back(row);
  }
  part.live = std::move(live);
}

BlockPart BlockList::PopBack() {
  BlockPart last = std::move(parts_.back());
  parts_.pop_back();
  size_ -= last.count();
  return last;
}

void BlockList::Renumber() {
  std::erase_if(parts_, [](const BlockPart& part) { return part.count() == 0; });
  size_ = 0;
  for (BlockPart& part : parts_) {
    part.begin = size_;
    size_ += part.count();
  }
}

}  // namespace tarn::delta
