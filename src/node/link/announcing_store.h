#pragma once
/// \file  A node's object store: what must not be written twice is announced before it is written.
#include <functional>
#include <memory>

#include "io/object_store.h"

namespace tarn::node {

/// Passes every call on. Thread-safe when `announce` is.
class AnnouncingStore final : public io::ObjectStore {
 public:
  /// Called before an object is put if absent, on that thread; an error stops the put. `bytes` are
  /// its first ones at least, as many as HeadOf takes.
  using Announce = std::function<Status(const std::string& path, std::string_view bytes)>;

  AnnouncingStore(std::shared_ptr<io::ObjectStore> store, Announce announce)
      : store_(std::move(store)), announce_(std::move(announce)) {}

  Result<std::string> Get(const std::string& path) override;
  Result<std::string> GetRange(const std::string& path, io::ByteRange range) override;
  Result<io::ObjectInfo> Head(const std::string& path) override;
  Status Put(const std::string& path, std::string_view bytes) override;
  Status PutIfAbsent(const std::string& path, std::string_view bytes) override;
  Result<std::unique_ptr<io::ObjectWriter>> OpenWriter(const std::string& path) override;
  Status Delete(const std::string& path) override;
  Result<std::vector<io::ObjectInfo>> List(const std::string& folder, bool recursive,
                                           const std::string& start_after) override;

 private:
  std::shared_ptr<io::ObjectStore> store_;
  Announce announce_;
};

}  // namespace tarn::node
