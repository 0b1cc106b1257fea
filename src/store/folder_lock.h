#pragma once
/// \file  One process per data folder.
#include <memory>
#include <string>

#include "base/result.h"

namespace tarn::store {

/// Holds a data folder for this process until destroyed; the kernel lets go when the process dies.
class FolderLock {
 public:
  /// Errors: DATA_FOLDER_IN_USE naming the other process, IO_ERROR.
  static Result<std::unique_ptr<FolderLock>> Take(const std::string& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  explicit FolderLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace tarn::store
