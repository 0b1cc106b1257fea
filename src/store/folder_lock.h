#pragma once
/// \file  Two servers on one data folder would each believe to be its only writer.
#include <memory>
#include <string>

#include "base/result.h"

namespace tarn::store {

/// Holds a data folder for one process. Released when destroyed, or by the kernel when the process
/// ends.
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
