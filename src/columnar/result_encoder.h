#pragma once
/// \file  Rows of a result in the format of the door that asked, encoded once where they are made.
#include <optional>
#include <string>
#include <vector>

#include "columnar/arrow.h"
#include "columnar/value_text.h"

namespace tarn::columnar {

enum class ResultFormat {
  kJsonArray,     ///< rows of the Statement Execution API without the outer brackets
  kArrowStream,   ///< every piece is a whole IPC stream
  kCsv,           ///< lines; the first piece starts with the header
  kArrowBatches,  ///< every piece is one IPC record batch message; the schema message is the door's
};

/// Kinds of types that the reader of Arrow takes as Arrow's own; the others are sent as their text.
struct NativeTypes {
  bool timestamps = true;
  bool decimals = true;
  bool nested = true;
  bool intervals = true;
};

/// `schema` as it is sent: a column whose kind is not native is a STRING.
Schema WireSchema(const Schema& schema, const NativeTypes& native);

/// Which rows of a result are wanted, and how.
struct ResultOptions {
  ResultFormat format = ResultFormat::kJsonArray;
  NativeTypes native;            ///< of the Arrow formats
  bool iso_timestamps = true;    ///< "…T10:00:00.000Z", else as Spark prints them
  int64_t row_limit = 0;         ///< 0: none
  int64_t byte_limit = 0;        ///< of the pieces together; 0: none
  int64_t piece_rows = 32'768;   ///< most rows of one piece
  int64_t first_piece_rows = 0;  ///< most rows of the first piece; 0: as the others
  bool lz4 = false;              ///< kArrowBatches: every piece is an LZ4 frame
};

struct EncodedRows {
  int64_t row_count = 0;
  std::string bytes;
};

/// Encodes the batches of one result in their order. Not thread-safe.
class ResultEncoder {
 public:
  ResultEncoder(Schema schema, ResultOptions options);

  /// Appends the pieces of a batch, without the rows that go over a limit. Errors: those of
  /// IpcWriter.
  Status Append(RecordBatch batch, std::vector<EncodedRows>& pieces);
  /// A limit left rows out, and would leave out all further ones.
  bool truncated() const { return truncated_; }
  const Schema& schema() const { return schema_; }

 private:
  Result<std::string> Encode(RecordBatch& batch, int64_t first, int64_t last);
  Result<EncodedRows> EncodeWhatFits(RecordBatch& batch, int64_t first, int64_t last);
  bool Fits(const std::string& piece) const;
  RecordBatch WithTextColumns(RecordBatch batch) const;

  Schema schema_;
  Schema wire_schema_;
  TextOptions text_;
  ResultOptions options_;
  int64_t rows_ = 0;
  int64_t bytes_ = 0;
  bool truncated_ = false;
};

}  // namespace tarn::columnar
