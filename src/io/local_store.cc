#include "io/local_store.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <limits>
#include <sys/stat.h>
#include <unistd.h>
#include <unordered_map>

#include "base/guarded.h"
#include "base/ids.h"

namespace tarn::io {
namespace {

constexpr std::string_view kHiddenPrefix = ".tarn-";

Error FromErrno(int error, const std::string& what, const std::string& path) {
  std::string message = what + " " + path + ": " + std::strerror(error);
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return Fail("OBJECT_NOT_FOUND", message, {{"path", path}});
    case EEXIST:
      return Fail("OBJECT_ALREADY_EXISTS", message, {{"path", path}});
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return Fail("OUT_OF_SPACE", message, {{"path", path}});
    case EACCES:
    case EPERM:
    case EROFS:
      return Fail("OBJECT_ACCESS_DENIED", message, {{"path", path}});
    default:
      return Fail("IO_ERROR", message, {{"path", path}});
  }
}

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  ~FileDescriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  int Close() { return ::close(std::exchange(fd_, -1)); }

 private:
  int fd_;
};

std::string ParentOf(const std::string& path) {
  size_t slash = path.rfind('/');
  return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

Status SyncFolder(const std::string& folder) {
  FileDescriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() < 0) return FromErrno(errno, "cannot open folder", folder);
  if (::fsync(fd.get()) != 0) return FromErrno(errno, "cannot flush folder", folder);
  return Ok();
}

// Folders whose entry in their parent is known to be on disk, with their inode: a folder that was
// removed and made again is another one.
class FlushedFolders {
 public:
  bool Holds(const std::string& folder, ino_t inode) {
    auto known = known_.Lock();
    auto at = known->find(folder);
    return at != known->end() && at->second == inode;
  }
  void Add(const std::string& folder, ino_t inode) {
    auto known = known_.Lock();
    if (known->size() >= kMost) known->clear();
    (*known)[folder] = inode;
  }
  void Forget(const std::string& folder) { known_.Lock()->erase(folder); }

 private:
  static constexpr size_t kMost = 16 * 1024;
  Guarded<std::unordered_map<std::string, ino_t>> known_;
};

FlushedFolders& Flushed() {
  static FlushedFolders folders;
  return folders;
}

// Creates the missing folders of a path and makes their entries durable. A folder that is there may
// have been made a moment ago by a writer that has not flushed it yet, so this one does.
Status MakeFolders(const std::string& folder, bool durable) {
  struct stat info;
  std::string parent = ParentOf(folder);
  if (::stat(folder.c_str(), &info) == 0) {
    if (!S_ISDIR(info.st_mode))
      return Fail("IO_ERROR", folder + " is a file where a folder is needed");
    if (!durable || Flushed().Holds(folder, info.st_ino)) return Ok();
    Status flushed = SyncFolder(parent);
    // Who may not read the parent did not make the folder, nor does another process of this user.
    if (!flushed.ok() && flushed.error().reason() != "OBJECT_ACCESS_DENIED") return flushed;
    Flushed().Add(folder, info.st_ino);
    return Ok();
  }
  Flushed().Forget(folder);
  if (parent != folder) TARN_RETURN_IF_ERROR(MakeFolders(parent, durable));
  if (::mkdir(folder.c_str(), 0755) != 0 && errno != EEXIST) {
    return FromErrno(errno, "cannot make folder", folder);
  }
  return durable ? SyncFolder(parent) : Ok();
}

Status WriteAll(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return FromErrno(errno, "cannot write", path);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return Ok();
}

// One write in progress: a hidden file beside its target.
class LocalWriter final : public ObjectWriter {
 public:
  static Result<std::unique_ptr<LocalWriter>> Open(const std::string& path, bool durable) {
    std::string folder = ParentOf(path);
    TARN_RETURN_IF_ERROR(MakeFolders(folder, durable));
    std::string hidden = JoinPath(folder, std::string(kHiddenPrefix) + NewUuid());
    int fd = ::open(hidden.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0) return FromErrno(errno, "cannot create", hidden);
    return std::unique_ptr<LocalWriter>(new LocalWriter(path, hidden, fd, durable));
  }
  ~LocalWriter() override {
    if (!placed_) ::unlink(hidden_.c_str());
  }

  Status Write(std::string_view bytes) override { return WriteAll(fd_.get(), bytes, path_); }

  Status Close() override {
    TARN_RETURN_IF_ERROR(Flush());
    if (::rename(hidden_.c_str(), path_.c_str()) != 0) {
      return FromErrno(errno, "cannot place", path_);
    }
    placed_ = true;
    return durable_ ? SyncFolder(ParentOf(path_)) : Ok();
  }

  // link(2) is atomic and refuses an existing name, which rename(2) would replace.
  Status CloseIfAbsent() override {
    TARN_RETURN_IF_ERROR(Flush());
    if (::link(hidden_.c_str(), path_.c_str()) != 0) {
      return FromErrno(errno, "cannot create", path_);
    }
    return durable_ ? SyncFolder(ParentOf(path_)) : Ok();
  }

 private:
  LocalWriter(std::string path, std::string hidden, int fd, bool durable)
      : path_(std::move(path)), hidden_(std::move(hidden)), fd_(fd), durable_(durable) {}

  Status Flush() {
    if (durable_ && ::fsync(fd_.get()) != 0) return FromErrno(errno, "cannot flush", path_);
    if (fd_.Close() != 0) return FromErrno(errno, "cannot close", path_);
    return Ok();
  }

  std::string path_;
  std::string hidden_;
  FileDescriptor fd_;
  bool durable_;
  bool placed_ = false;
};

int64_t ModifiedMillis(const struct stat& info) {
  return int64_t{info.st_mtim.tv_sec} * 1000 + info.st_mtim.tv_nsec / 1'000'000;
}

// Whether neither an object of this path nor one below it comes after `start_after`.
bool LiesBefore(const std::string& path, bool is_file, const std::string& start_after) {
  if (path > start_after) return false;
  if (is_file) return true;
  std::string below = path + "/";
  return below < start_after && start_after.compare(0, below.size(), below) != 0;
}

Status ListInto(const std::string& folder, bool recursive, const std::string& start_after,
                std::vector<ObjectInfo>& out) {
  DIR* raw = ::opendir(folder.c_str());
  if (raw == nullptr) {
    if (errno == ENOENT || errno == ENOTDIR) return Ok();
    return FromErrno(errno, "cannot list", folder);
  }
  std::unique_ptr<DIR, int (*)(DIR*)> dir(raw, &::closedir);
  while (dirent* entry = ::readdir(dir.get())) {
    std::string_view name = entry->d_name;
    if (name == "." || name == ".." || name.substr(0, kHiddenPrefix.size()) == kHiddenPrefix) {
      continue;
    }
    std::string path = JoinPath(folder, name);
    // By the name alone: a log of many versions is listed for its last few.
    if (LiesBefore(path, !recursive || entry->d_type == DT_REG, start_after)) continue;
    struct stat info;
    if (::stat(path.c_str(), &info) != 0) {
      if (errno == ENOENT) continue;  // deleted since it was read
      return FromErrno(errno, "cannot read", path);
    }
    if (S_ISREG(info.st_mode)) {
      if (path <= start_after) continue;
      out.push_back({std::move(path), int64_t{info.st_size}, ModifiedMillis(info)});
    } else if (S_ISDIR(info.st_mode) && recursive) {
      TARN_RETURN_IF_ERROR(ListInto(path, true, start_after, out));
    }
  }
  return Ok();
}

}  // namespace

LocalStore::LocalStore() : LocalStore(Options{}) {}
LocalStore::LocalStore(Options options) : options_(options) {}

Result<std::string> LocalStore::Get(const std::string& path) {
  return GetRange(path, {0, std::numeric_limits<int64_t>::max()});
}

// The size is that of the file which was opened: its name may be another file's by now.
Result<std::string> LocalStore::GetRange(const std::string& path, ByteRange range) {
  FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) return FromErrno(errno, "cannot open", path);
  struct stat info;
  if (::fstat(fd.get(), &info) != 0) return FromErrno(errno, "cannot read", path);
  if (!S_ISREG(info.st_mode)) return FromErrno(ENOENT, "is not a file:", path);
  int64_t size = info.st_size;
  if (range.offset < 0) {
    range.length = std::min(size, -range.offset);
    range.offset = size - range.length;
  }
  range.length = std::clamp(size - range.offset, int64_t{0}, range.length);
  std::string bytes(static_cast<size_t>(range.length), '\0');
  size_t done = 0;
  while (done < bytes.size()) {
    ssize_t got = ::pread(fd.get(), bytes.data() + done, bytes.size() - done,
                          range.offset + static_cast<int64_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FromErrno(errno, "cannot read", path);
    if (got == 0) break;
    done += static_cast<size_t>(got);
  }
  bytes.resize(done);
  return bytes;
}

Result<ObjectInfo> LocalStore::Head(const std::string& path) {
  struct stat info;
  if (::stat(path.c_str(), &info) != 0) return FromErrno(errno, "cannot read", path);
  if (!S_ISREG(info.st_mode)) return FromErrno(ENOENT, "is not a file:", path);
  return ObjectInfo{path, int64_t{info.st_size}, ModifiedMillis(info)};
}

Status LocalStore::Put(const std::string& path, std::string_view bytes) {
  TARN_TRY(auto writer, LocalWriter::Open(path, options_.durable));
  TARN_RETURN_IF_ERROR(writer->Write(bytes));
  return writer->Close();
}

Status LocalStore::PutIfAbsent(const std::string& path, std::string_view bytes) {
  TARN_TRY(auto writer, LocalWriter::Open(path, options_.durable));
  TARN_RETURN_IF_ERROR(writer->Write(bytes));
  return writer->CloseIfAbsent();
}

Result<std::unique_ptr<ObjectWriter>> LocalStore::OpenWriter(const std::string& path) {
  TARN_TRY(auto writer, LocalWriter::Open(path, options_.durable));
  return std::unique_ptr<ObjectWriter>(std::move(writer));
}

Status LocalStore::Delete(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT && errno != ENOTDIR) {
    return FromErrno(errno, "cannot delete", path);
  }
  return Ok();
}

Result<std::vector<ObjectInfo>> LocalStore::List(const std::string& folder, bool recursive,
                                                 const std::string& start_after) {
  std::vector<ObjectInfo> found;
  TARN_RETURN_IF_ERROR(ListInto(folder, recursive, start_after, found));
  std::sort(found.begin(), found.end(),
            [](const ObjectInfo& a, const ObjectInfo& b) { return a.path < b.path; });
  return found;
}

}  // namespace tarn::io
