#pragma once
/// \file  ObjectStore over the local file system.
#include "io/object_store.h"

namespace tarn::io {

/// A write goes to a hidden file in the target's folder, is flushed, then linked or renamed into
/// place, and the folder is flushed: after a power cut an object is there whole or not at all.
/// Hidden files
/// (".tarn-…") of writers that died are never listed.
class LocalStore final : public ObjectStore {
 public:
  struct Options {
    /// Off only where losing the newest writes on power loss is acceptable (tests, temporary
    /// folders).
    bool durable = true;
  };
  LocalStore();
  explicit LocalStore(Options options);

  Result<std::string> Get(const std::string& path) override;
  Result<std::string> GetRange(const std::string& path, ByteRange range) override;
  Result<ObjectInfo> Head(const std::string& path) override;
  Status Put(const std::string& path, std::string_view bytes) override;
  Status PutIfAbsent(const std::string& path, std::string_view bytes) override;
  Result<std::unique_ptr<ObjectWriter>> OpenWriter(const std::string& path) override;
  Status Delete(const std::string& path) override;
  Result<std::vector<ObjectInfo>> List(const std::string& folder, bool recursive,
                                       const std::string& start_after) override;

 private:
  Options options_;
};

}  // namespace tarn::io
