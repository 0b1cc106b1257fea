#pragma once
/// \file  Where bytes live: one interface over local files, memory and (later) cloud stores, with
/// the one guarantee the Delta protocol needs: put-if-absent that is atomic and durable.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tarn::io {

/// What a store knows of one object.
struct ObjectInfo {
  std::string path;
  int64_t size_bytes = 0;
  int64_t modified_ms = 0;  ///< milliseconds since 1970
};

/// Half-open byte range; a negative offset counts from the end (a suffix of -offset bytes).
struct ByteRange {
  int64_t offset = 0;
  int64_t length = 0;
};

/// Writes one object front to back. The object appears, whole, when Close or CloseIfAbsent
/// succeeds; a writer destroyed before that leaves nothing. Not thread-safe.
class ObjectWriter {
 public:
  virtual ~ObjectWriter() = default;
  virtual Status Write(std::string_view bytes) = 0;
  /// Replaces or creates the object.
  virtual Status Close() = 0;
  /// Creates it, or fails with OBJECT_ALREADY_EXISTS and changes nothing, whenever the other
  /// writer began. The writer is used up either way.
  virtual Status CloseIfAbsent() = 0;
};

/// Thread-safe. Paths are absolute and use '/'; folders exist only as prefixes.
/// Errors of every call: OBJECT_NOT_FOUND, OBJECT_ALREADY_EXISTS, OUT_OF_SPACE,
/// OBJECT_ACCESS_DENIED, IO_ERROR (retriable; after a write its outcome is unknown).
class ObjectStore {
 public:
  virtual ~ObjectStore() = default;

  virtual Result<std::string> Get(const std::string& path) = 0;
  virtual Result<std::string> GetRange(const std::string& path, ByteRange range) = 0;
  virtual Result<ObjectInfo> Head(const std::string& path) = 0;
  /// Replaces or creates, atomically and durably.
  virtual Status Put(const std::string& path, std::string_view bytes) = 0;
  /// Creates, atomically and durably, or fails with OBJECT_ALREADY_EXISTS and changes nothing.
  virtual Status PutIfAbsent(const std::string& path, std::string_view bytes) = 0;
  /// Creates or replaces a large object piece by piece; how is said when the writer is closed.
  virtual Result<std::unique_ptr<ObjectWriter>> OpenWriter(const std::string& path) = 0;
  /// Deleting what is not there is no error.
  virtual Status Delete(const std::string& path) = 0;
  /// Objects whose path begins with `folder` + "/", at any depth when `recursive`, in byte order of
  /// their paths; only those after `start_after` (a full path) when given. A folder without
  /// objects, or no folder at all, is an empty list.
  virtual Result<std::vector<ObjectInfo>> List(const std::string& folder, bool recursive,
                                               const std::string& start_after = "") = 0;
};

/// Joins with exactly one '/'.
std::string JoinPath(std::string_view folder, std::string_view name);
/// Absolute path without "." and ".." parts, doubled or trailing slashes; "file:" URIs are
/// accepted. Errors: INVALID_PATH for a relative path, one that climbs over its root, or one with a
/// NUL byte.
Result<std::string> NormalizePath(std::string_view path);
/// Whether a normalized path is `folder` or lies below it.
bool IsWithin(std::string_view path, std::string_view folder);

}  // namespace tarn::io
