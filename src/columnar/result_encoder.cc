#include "columnar/result_encoder.h"

#include <algorithm>

#include "columnar/ipc_writer.h"
#include "columnar/row_encoder.h"

namespace tarn::columnar {
namespace {

TextOptions WireText() {
  TextOptions options;
  options.iso_timestamps = true;
  return options;
}

}  // namespace

ResultEncoder::ResultEncoder(Schema schema, ResultOptions options)
    : schema_(std::move(schema)), options_(options) {}

Status ResultEncoder::Append(RecordBatch batch, std::vector<EncodedRows>& pieces) {
  int64_t count = batch.num_rows();
  if (options_.row_limit > 0 && rows_ + count > options_.row_limit) {
    count = options_.row_limit - rows_;
    truncated_ = true;
  }
  for (int64_t first = 0; first < count; first += options_.piece_rows) {
    int64_t last = std::min(count, first + options_.piece_rows);
    EncodedRows piece;
    piece.row_count = last - first;
    TARN_TRY(piece.bytes, Encode(batch, first, last));
    rows_ += piece.row_count;
    bytes_ += static_cast<int64_t>(piece.bytes.size());
    pieces.push_back(std::move(piece));
  }
  if (options_.byte_limit > 0 && bytes_ > options_.byte_limit) truncated_ = true;
  return Ok();
}

Result<std::string> ResultEncoder::Encode(RecordBatch& batch, int64_t first, int64_t last) {
  std::string out;
  if (options_.format == ResultFormat::kJsonArray) {
    AppendJsonArrayRows(schema_, batch, first, last, WireText(), out);
    return out;
  }
  if (options_.format == ResultFormat::kCsv) {
    if (rows_ == 0) out = CsvHeader(schema_);
    AppendCsvRows(schema_, batch, first, last, WireText(), out);
    return out;
  }
  // A batch is cut to a piece by its length and offset; the writer honours both.
  ArrowArray whole = batch.array.Release();
  ArrowArray part = whole;
  part.release = [](ArrowArray* array) { array->release = nullptr; };
  part.offset += first;
  part.length = last - first;
  RecordBatch slice{ArrowArrayHandle(std::move(part))};
  IpcWriter ipc(schema_, IpcCompression::kNone);
  Result<std::string> bytes = options_.format == ResultFormat::kArrowStream
                                  ? ipc.Stream(slice)
                                  : ipc.RecordBatchMessage(slice);
  batch.array = ArrowArrayHandle(std::move(whole));
  return bytes;
}

}  // namespace tarn::columnar
