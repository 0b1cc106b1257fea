#pragma once
/// \file  ObjectStore in memory, with faults on demand: the test bed of everything above it.
#include <functional>
#include <map>

#include "base/guarded.h"
#include "io/object_store.h"

namespace tarn::io {

/// What a store call does instead of working.
enum class Fault {
  kNone,
  kFailBefore,  ///< IO_ERROR, nothing changed
  kFailAfter,   ///< done, but the answer is IO_ERROR: a lost acknowledgement
  kTornWrite,   ///< half the bytes are stored, then IO_ERROR (a store without atomic put)
  kOutOfSpace,  ///< OUT_OF_SPACE, nothing changed
};

/// Asked before every call; `operation` is the method's name.
using FaultPlan = std::function<Fault(std::string_view operation, const std::string& path)>;

class MemoryStore final : public ObjectStore {
 public:
  /// No plan: no faults. Thread-safe; the plan may be called from several threads.
  void SetFaultPlan(FaultPlan plan) { *plan_.Lock() = std::move(plan); }

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
  struct Object {
    std::string bytes;
    int64_t modified_ms = 0;
  };
  Fault Ask(std::string_view operation, const std::string& path);
  Status Store(std::string_view operation, const std::string& path, std::string_view bytes,
               bool if_absent);
  Guarded<std::map<std::string, Object>> objects_;
  Guarded<FaultPlan> plan_;
};

}  // namespace tarn::io
