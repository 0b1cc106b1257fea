#pragma once
/// \file  The encoded pieces of one result: the first in memory, the rest in a file that has no
/// name, so that nothing is left behind however the server ends.
#include <string>
#include <vector>

#include "base/result.h"

namespace tarn::compute {

/// Not thread-safe.
class ResultSpool {
 public:
  /// `folder` takes the file; empty keeps everything in memory.
  explicit ResultSpool(std::string folder, int64_t memory_bytes = int64_t{32} << 20);
  ~ResultSpool();
  ResultSpool(const ResultSpool&) = delete;
  ResultSpool& operator=(const ResultSpool&) = delete;

  /// Errors: IO_ERROR, OUT_OF_SPACE.
  Status Append(std::string bytes);
  /// `index` is below size(). Errors: IO_ERROR.
  Result<std::string> Get(size_t index) const;
  size_t size() const { return pieces_.size(); }
  /// Bytes of the pieces that are in memory.
  int64_t memory_bytes() const { return memory_bytes_; }
  /// Moves the pieces in memory to the file; on an error the rest of them stays where it is, whole.
  /// Without a folder nothing is moved. Errors: IO_ERROR, OUT_OF_SPACE.
  Status MoveToFile();
  /// Forgets everything and gives the disk space back.
  void Clear();

 private:
  struct Piece {
    std::string bytes;    ///< when it is in memory
    int64_t offset = -1;  ///< where in the file, or negative
    size_t length = 0;
  };
  Status OpenFile();
  /// Sets where the piece is once all of it is in the file.
  Status WriteToFile(const std::string& bytes, Piece& piece);

  std::string folder_;
  int64_t memory_left_bytes_;
  int64_t memory_bytes_ = 0;
  int file_ = -1;
  int64_t file_bytes_ = 0;
  std::vector<Piece> pieces_;
};

}  // namespace tarn::compute
