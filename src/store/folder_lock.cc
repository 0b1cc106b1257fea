#include "store/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace tarn::store {

Result<std::unique_ptr<FolderLock>> FolderLock::Take(const std::string& folder) {
  std::string path = folder + "/LOCK";
  int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return Fail("IO_ERROR", "cannot open " + path);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    char pid[32] = {};
    ssize_t got = ::read(fd, pid, sizeof(pid) - 1);
    ::close(fd);
    return Fail("DATA_FOLDER_IN_USE",
                "the data folder " + folder + " is in use by process " +
                    std::string(pid, got > 0 ? static_cast<size_t>(got) : 0) +
                    "; stop it (bin/tarn down) or choose another with --data-dir");
  }
  std::string pid = std::to_string(::getpid());
  if (::ftruncate(fd, 0) != 0 || ::write(fd, pid.data(), pid.size()) < 0) {
    ::close(fd);
    return Fail("IO_ERROR", "cannot write " + path);
  }
  return std::unique_ptr<FolderLock>(new FolderLock(fd));
}

FolderLock::~FolderLock() { ::close(fd_); }

}  // namespace tarn::store
