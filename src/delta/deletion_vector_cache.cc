#include "delta/deletion_vector_cache.h"

namespace tarn::delta {

Result<std::shared_ptr<const DeletionVector>> DeletionVectorCache::Find(
    const std::string& table_path, const DeletionVectorDescriptor& descriptor) {
  std::string key = FileKey(table_path, descriptor);
  {
    auto vectors = vectors_.Lock();
    auto at = vectors->find(key);
    if (at != vectors->end()) return at->second;
  }
  TARN_TRY(DeletionVector read, ReadDeletionVector(*store_, table_path, descriptor));
  auto vector = std::make_shared<const DeletionVector>(std::move(read));
  auto vectors = vectors_.Lock();
  if (vectors->size() >= max_vectors_) vectors->clear();
  (*vectors)[key] = vector;
  return vector;
}

}  // namespace tarn::delta
