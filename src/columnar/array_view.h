#pragma once
/// \file  Reads single values out of Arrow arrays in the layouts that
/// ToArrowSchema names.
#include <cstdint>
#include <cstring>
#include <string_view>

#include "columnar/arrow.h"

namespace tarn::columnar {

/// A borrowed column. `row` counts from the array's offset. The array must
/// outlive the view.
class ArrayView {
 public:
  /// `extra_offset` is the offset of a parent struct, which shifts its members.
  explicit ArrayView(const ArrowArray& array, int64_t extra_offset = 0)
      : array_(&array), offset_(array.offset + extra_offset) {}

  bool IsNull(int64_t row) const {
    if (array_->n_buffers == 0) return true;
    const auto* bits = static_cast<const uint8_t*>(array_->buffers[0]);
    if (bits == nullptr) return false;
    int64_t at = offset_ + row;
    return (bits[at / 8] >> (at % 8) & 1) == 0;
  }
  bool Bool(int64_t row) const {
    int64_t at = offset_ + row;
    return static_cast<const uint8_t*>(array_->buffers[1])[at / 8] >> (at % 8) & 1;
  }
  template <typename T>
  T Fixed(int64_t row) const {
    T value;
    std::memcpy(&value, static_cast<const char*>(array_->buffers[1]) + (offset_ + row) * sizeof(T),
                sizeof(T));
    return value;
  }
  std::string_view Bytes(int64_t row) const {
    const auto* offsets = static_cast<const int32_t*>(array_->buffers[1]) + offset_ + row;
    return {static_cast<const char*>(array_->buffers[2]) + offsets[0],
            static_cast<size_t>(offsets[1] - offsets[0])};
  }
  /// Rows [first, last) of the child that make up list or map `row`.
  int32_t ListBegin(int64_t row) const {
    return static_cast<const int32_t*>(array_->buffers[1])[offset_ + row];
  }
  int32_t ListEnd(int64_t row) const {
    return static_cast<const int32_t*>(array_->buffers[1])[offset_ + row + 1];
  }
  /// The only child of a list or map; its rows are what ListBegin and ListEnd
  /// count.
  ArrayView ListChild() const { return ArrayView(*array_->children[0]); }
  /// A member of a struct, with the same row numbers as this view.
  ArrayView Member(int64_t i) const { return ArrayView(*array_->children[i], offset_); }
  int64_t length() const { return array_->length; }

 private:
  const ArrowArray* array_;
  int64_t offset_;
};

}  // namespace tarn::columnar
