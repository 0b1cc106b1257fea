#include "io/memory_store.h"

#include <algorithm>

#include "base/clock.h"

namespace tarn::io {
namespace {

Error Injected(const std::string& path) { return Fail("IO_ERROR", "injected fault at " + path); }

class MemoryWriter final : public ObjectWriter {
 public:
  MemoryWriter(MemoryStore& store, std::string path) : store_(store), path_(std::move(path)) {}
  Status Write(std::string_view bytes) override {
    bytes_ += bytes;
    return Ok();
  }
  Status Close() override { return store_.Put(path_, bytes_); }
  Status CloseIfAbsent() override { return store_.PutIfAbsent(path_, bytes_); }

 private:
  MemoryStore& store_;
  std::string path_;
  std::string bytes_;
};

}  // namespace

Fault MemoryStore::Ask(std::string_view operation, const std::string& path) {
  FaultPlan plan = *plan_.Lock();
  return plan ? plan(operation, path) : Fault::kNone;
}

Result<std::string> MemoryStore::Get(const std::string& path) {
  if (Ask("Get", path) != Fault::kNone) return Injected(path);
  auto objects = objects_.Lock();
  auto at = objects->find(path);
  if (at == objects->end()) return Fail("OBJECT_NOT_FOUND", "no object " + path);
  return at->second.bytes;
}

Result<std::string> MemoryStore::GetRange(const std::string& path, ByteRange range) {
  TARN_TRY(std::string bytes, Get(path));
  auto size = static_cast<int64_t>(bytes.size());
  if (range.offset < 0) {
    range.length = std::min(size, -range.offset);
    range.offset = size - range.length;
  }
  if (range.offset >= size) return std::string();
  return bytes.substr(static_cast<size_t>(range.offset), static_cast<size_t>(range.length));
}

Result<ObjectInfo> MemoryStore::Head(const std::string& path) {
  if (Ask("Head", path) != Fault::kNone) return Injected(path);
  auto objects = objects_.Lock();
  auto at = objects->find(path);
  if (at == objects->end()) return Fail("OBJECT_NOT_FOUND", "no object " + path);
  return ObjectInfo{path, static_cast<int64_t>(at->second.bytes.size()), at->second.modified_ms};
}

Status MemoryStore::Store(std::string_view operation, const std::string& path,
                          std::string_view bytes, bool if_absent) {
  Fault fault = Ask(operation, path);
  if (fault == Fault::kFailBefore) return Injected(path);
  if (fault == Fault::kOutOfSpace) return Fail("OUT_OF_SPACE", "injected: no space for " + path);
  auto objects = objects_.Lock();
  if (if_absent && objects->contains(path)) {
    return Fail("OBJECT_ALREADY_EXISTS", "there is an object " + path);
  }
  if (fault == Fault::kTornWrite) bytes = bytes.substr(0, bytes.size() / 2);
  (*objects)[path] = {std::string(bytes), Clock::System().NowMillis()};
  return fault == Fault::kNone ? Ok() : Status(Injected(path));
}

Status MemoryStore::Put(const std::string& path, std::string_view bytes) {
  return Store("Put", path, bytes, false);
}

Status MemoryStore::PutIfAbsent(const std::string& path, std::string_view bytes) {
  return Store("PutIfAbsent", path, bytes, true);
}

Result<std::unique_ptr<ObjectWriter>> MemoryStore::OpenWriter(const std::string& path) {
  return std::unique_ptr<ObjectWriter>(std::make_unique<MemoryWriter>(*this, path));
}

Status MemoryStore::Delete(const std::string& path) {
  Fault fault = Ask("Delete", path);
  if (fault == Fault::kFailBefore) return Injected(path);
  objects_.Lock()->erase(path);
  return fault == Fault::kNone ? Ok() : Status(Injected(path));
}

Result<std::vector<ObjectInfo>> MemoryStore::List(const std::string& folder, bool recursive,
                                                  const std::string& start_after) {
  if (Ask("List", folder) != Fault::kNone) return Injected(folder);
  std::vector<ObjectInfo> found;
  std::string prefix = JoinPath(folder, "");
  auto objects = objects_.Lock();
  for (auto at = objects->lower_bound(prefix); at != objects->end(); ++at) {
    if (at->first.compare(0, prefix.size(), prefix) != 0) break;
    if (!recursive && at->first.find('/', prefix.size()) != std::string::npos) continue;
    if (!start_after.empty() && at->first <= start_after) continue;
    found.push_back(
        {at->first, static_cast<int64_t>(at->second.bytes.size()), at->second.modified_ms});
  }
  return found;
}

}  // namespace tarn::io
