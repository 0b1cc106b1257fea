#pragma once
/// \file  Port: what the log needs from a Parquet engine. Implemented in engine, connected in app.
#include <functional>
#include <string>
#include <vector>

#include "columnar/arrow.h"
#include "delta/action.h"

namespace tarn::delta {

/// A column, or a member of a struct column, of a Parquet file.
struct ParquetField {
  std::vector<std::string> path;  ///< names from the outermost in
  /// The type it is wanted in: STRING, INT, BIGINT, BOOLEAN or a map from STRING to STRING. A
  /// struct wanted as STRING comes as JSON.
  columnar::DataType type;
};

/// What to read of a Parquet file.
struct ParquetRead {
  std::vector<ParquetField> fields;  ///< those that the file does not have are NULL
  /// Only rows in which one of these is not NULL; a row in which several are may come several
  /// times. Those that the file does not have are NULL.
  std::vector<ParquetField> any_of;
};

/// Rows to be written, as lines of JSON. What a line has more than the schema is left out; a value
/// that does not fit its type becomes NULL.
struct ParquetWrite {
  columnar::Schema schema;
  /// Appends some lines, each with its newline, and returns whether more are to come.
  std::function<Result<bool>(std::string*)> next;
};

/// Thread-safe.
class ParquetIo {
 public:
  using RowSink = std::function<Status(const columnar::RecordBatch&)>;

  virtual ~ParquetIo() = default;
  /// Gives the rows, those of one field of any_of in the file's order, to the sink, which may end
  /// the reading with its error. Errors: DELTA_CHECKPOINT_CORRUPT, OBJECT_NOT_FOUND, IO_ERROR.
  virtual Status Read(const std::string& path, const ParquetRead& read, const RowSink& sink) = 0;
  /// Writes a file, durably, to a path that does not exist yet; it appears whole or not at all.
  /// Returns its size in bytes. Errors: OUT_OF_SPACE, IO_ERROR.
  virtual Result<int64_t> Write(const std::string& path, const ParquetWrite& write) = 0;
};

}  // namespace tarn::delta
