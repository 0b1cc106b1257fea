#include "compute/result_spool.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace tarn::compute {
namespace {

Error FileError(const char* what) {
  int error = errno;
  std::string message = std::string("cannot ") + what + " a result: " + std::strerror(error);
  if (error != ENOSPC && error != EDQUOT) return Fail("IO_ERROR", std::move(message));
  return Fail("OUT_OF_SPACE",
              "[OUT_OF_SPACE] The result does not fit the server's data folder: " + message +
                  ". Free space there, or ask for fewer rows. SQLSTATE: 53100");
}

}  // namespace

ResultSpool::ResultSpool(std::string folder, int64_t memory_bytes)
    : folder_(std::move(folder)), memory_left_bytes_(memory_bytes) {}

ResultSpool::~ResultSpool() { Clear(); }

Status ResultSpool::OpenFile() {
  file_ = ::open(folder_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file_ < 0 && errno == EOPNOTSUPP) {
    // Some file systems have no nameless files; one that loses its name at once does as well.
    std::string path = folder_ + "/result-XXXXXX";
    file_ = ::mkostemp(path.data(), O_CLOEXEC);
    if (file_ >= 0) ::unlink(path.c_str());
  }
  if (file_ < 0) return FileError("make a file for");
  return Ok();
}

Status ResultSpool::Append(std::string bytes) {
  Piece piece;
  piece.length = bytes.size();
  if (folder_.empty() || static_cast<int64_t>(bytes.size()) <= memory_left_bytes_) {
    memory_left_bytes_ -= static_cast<int64_t>(bytes.size());
    memory_bytes_ += static_cast<int64_t>(bytes.size());
    piece.bytes = std::move(bytes);
    pieces_.push_back(std::move(piece));
    return Ok();
  }
  memory_left_bytes_ = 0;
  TARN_RETURN_IF_ERROR(WriteToFile(bytes, piece));
  pieces_.push_back(std::move(piece));
  return Ok();
}

Status ResultSpool::WriteToFile(const std::string& bytes, Piece& piece) {
  if (file_ < 0) {
    TARN_RETURN_IF_ERROR(OpenFile());
  }
  for (size_t done = 0; done < bytes.size();) {
    ssize_t n = ::pwrite(file_, bytes.data() + done, bytes.size() - done, file_bytes_ + done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return FileError("write");
    done += static_cast<size_t>(n);
  }
  piece.offset = file_bytes_;
  file_bytes_ += static_cast<int64_t>(bytes.size());
  return Ok();
}

Status ResultSpool::MoveToFile() {
  if (folder_.empty()) return Ok();
  for (Piece& piece : pieces_) {
    if (piece.offset >= 0) continue;
    TARN_RETURN_IF_ERROR(WriteToFile(piece.bytes, piece));
    memory_bytes_ -= static_cast<int64_t>(piece.bytes.size());
    std::string().swap(piece.bytes);
  }
  memory_left_bytes_ = 0;
  return Ok();
}

Result<std::string> ResultSpool::Get(size_t index) const {
  const Piece& piece = pieces_[index];
  if (piece.offset < 0) return piece.bytes;
  std::string bytes(piece.length, '\0');
  for (size_t done = 0; done < bytes.size();) {
    ssize_t n = ::pread(file_, bytes.data() + done, bytes.size() - done, piece.offset + done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return FileError("read");
    done += static_cast<size_t>(n);
  }
  return bytes;
}

void ResultSpool::Clear() {
  if (file_ >= 0) ::close(file_);
  file_ = -1;
  file_bytes_ = 0;
  memory_bytes_ = 0;
  pieces_.clear();
}

}  // namespace tarn::compute
