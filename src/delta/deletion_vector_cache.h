#pragma once
/// \file  Deletion vectors read so far.
#include <map>
#include <memory>
#include <string>

#include "base/guarded.h"
#include "delta/deletion_vector.h"

namespace tarn::delta {

/// Thread-safe. A vector never changes under its name, so that what was read stays true; the cache
/// forgets everything when it holds `max_vectors`.
class DeletionVectorCache {
 public:
  explicit DeletionVectorCache(std::shared_ptr<io::ObjectStore> store, size_t max_vectors = 100'000)
      : store_(std::move(store)), max_vectors_(max_vectors) {}

  /// Errors: those of ReadDeletionVector.
  Result<std::shared_ptr<const DeletionVector>> Find(const std::string& table_path,
                                                     const DeletionVectorDescriptor& descriptor);

 private:
  std::shared_ptr<io::ObjectStore> store_;
  size_t max_vectors_;
  Guarded<std::map<std::string, std::shared_ptr<const DeletionVector>>> vectors_;
};

}  // namespace tarn::delta
