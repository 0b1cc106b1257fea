#pragma once
/// \file  Owners of the Arrow C data interface: how record batches move between
/// the engine and the encoders without any Arrow library. Spec: Apache Arrow,
/// "The Arrow C data interface" and "The Arrow C stream interface".
#include <cstdint>
#include <utility>

#include "base/result.h"
#include "columnar/types.h"

#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

extern "C" {
struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;
  void (*release)(struct ArrowSchema*);
  void* private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  struct ArrowArray** children;
  struct ArrowArray* dictionary;
  void (*release)(struct ArrowArray*);
  void* private_data;
};
}
#endif  // ARROW_C_DATA_INTERFACE

namespace tarn::columnar {

/// Owns one C struct and releases it once. Move-only. Not thread-safe.
template <typename C>
class ArrowHandle {
 public:
  ArrowHandle() : c_{} {}
  explicit ArrowHandle(C&& c) : c_(c) { c.release = nullptr; }
  ArrowHandle(ArrowHandle&& other) noexcept : c_(std::exchange(other.c_, C{})) {}
  ArrowHandle& operator=(ArrowHandle&& other) noexcept {
    std::swap(c_, other.c_);
    return *this;
  }
  ~ArrowHandle() {
    if (c_.release != nullptr) c_.release(&c_);
  }

  /// For a producer to fill; the handle must be empty.
  C* out() { return &c_; }
  const C& get() const { return c_; }
  const C* operator->() const { return &c_; }
  explicit operator bool() const { return c_.release != nullptr; }
  /// Gives the struct away; the handle is empty afterwards.
  C Release() { return std::exchange(c_, C{}); }

 private:
  C c_;
};

using ArrowSchemaHandle = ArrowHandle<ArrowSchema>;
using ArrowArrayHandle = ArrowHandle<ArrowArray>;

/// Rows of one result, column by column. The array is a struct array whose
/// children are the columns of the schema that its stream carries, in the
/// layouts ToArrowSchema names.
struct RecordBatch {
  ArrowArrayHandle array;
  int64_t num_rows() const { return array->length; }
};

/// The Arrow schema (a struct) in which Tarn moves columns of `schema`:
/// STRING u, BINARY z, DECIMAL d:p,s (128 bits), DATE tdD, TIMESTAMP
/// tsu:<time_zone>, TIMESTAMP_NTZ tsu:, year-month intervals tiM as int32
/// months ("i"), day-time intervals tDu, VOID n, VARIANT a struct of two
/// binaries (value, metadata). Errors: UNSUPPORTED_ARROWTYPE for a type without
/// a layout.
Result<ArrowSchemaHandle> ToArrowSchema(const Schema& schema, const std::string& time_zone = "UTC");

}  // namespace tarn::columnar
