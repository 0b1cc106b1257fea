#pragma once
/// \file  Rows of a running statement.
#include <memory>
#include <optional>

#include "columnar/arrow.h"

namespace tarn::engine {

/// What a statement did so far.
struct StatementMetrics {
  int64_t rows_produced = 0;
  int64_t files_read = 0;    ///< data files opened
  int64_t bytes_read = 0;    ///< their sizes
  int64_t files_pruned = 0;  ///< left out by what the log knows of them
  double progress = -1;      ///< 0 to 1, or negative while unknown
};

/// Pulled by one thread. Destroying it ends the statement.
class ResultStream {
 public:
  virtual ~ResultStream() = default;
  virtual const columnar::Schema& schema() const = 0;
  /// The next rows, or nothing after the last. Errors: those of the statement; CANCELLED.
  virtual Result<std::optional<columnar::RecordBatch>> Next() = 0;
  virtual StatementMetrics metrics() const = 0;
};

/// A stream over rows that exist already.
std::unique_ptr<ResultStream> StreamOf(columnar::Schema schema, columnar::RecordBatch batch);

}  // namespace tarn::engine
