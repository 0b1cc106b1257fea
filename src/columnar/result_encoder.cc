#include "columnar/result_encoder.h"

#include <algorithm>

#include "columnar/array_view.h"
#include "columnar/batch_builder.h"
#include "columnar/ipc_writer.h"
#include "columnar/row_encoder.h"

namespace tarn::columnar {
namespace {

bool IsText(const DataType& type, const NativeTypes& native) {
  switch (type.kind()) {
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz:
      return !native.timestamps;
    case TypeKind::kDecimal:
      return !native.decimals;
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kStruct:
    case TypeKind::kVariant:
      return !native.nested;
    case TypeKind::kYearMonthInterval:
    case TypeKind::kDayTimeInterval:
    case TypeKind::kCalendarInterval:
      return !native.intervals;
    default:
      return false;
  }
}

// The columns of two batches under one struct array; what it points into lives as long as it does.
struct MixedBatch {
  RecordBatch original;
  RecordBatch texts;
  std::vector<ArrowArray*> children;
  const void* buffers[1] = {nullptr};
};

void ReleaseMixed(ArrowArray* array) {
  delete static_cast<MixedBatch*>(array->private_data);
  array->release = nullptr;
}

}  // namespace

Schema WireSchema(const Schema& schema, const NativeTypes& native) {
  Schema wire = schema;
  for (Field& field : wire.fields) {
    if (IsText(field.type, native)) field.type = TypeKind::kString;
  }
  return wire;
}

ResultEncoder::ResultEncoder(Schema schema, ResultOptions options)
    : schema_(std::move(schema)),
      wire_schema_(WireSchema(schema_, options.native)),
      options_(options) {
  text_.iso_timestamps = options.iso_timestamps;
}

// The children stay with their batches, which the new array owns: moving single children out is
// allowed by the Arrow specification but needs a producer that expects it.
RecordBatch ResultEncoder::WithTextColumns(RecordBatch batch) const {
  Schema text_schema;
  for (size_t i = 0; i < schema_.fields.size(); ++i) {
    if (!IsText(schema_.fields[i].type, options_.native)) continue;
    text_schema.fields.push_back({schema_.fields[i].name, TypeKind::kString});
  }
  BatchBuilder texts(text_schema);
  std::string cell;
  ArrayView rows(batch.array.get());
  // The new array keeps the offset of the batch, so that the other columns fit.
  for (int64_t i = 0; i < batch.array->offset * static_cast<int64_t>(text_schema.fields.size());
       ++i)
    texts.Null();
  for (int64_t row = 0; row < batch.num_rows(); ++row) {
    for (size_t i = 0; i < schema_.fields.size(); ++i) {
      if (!IsText(schema_.fields[i].type, options_.native)) continue;
      ArrayView column = rows.Member(static_cast<int64_t>(i));
      if (column.IsNull(row)) {
        texts.Null();
        continue;
      }
      cell.clear();
      AppendCell(schema_.fields[i].type, column, row, text_, cell);
      texts.String(cell);
    }
  }
  auto mixed = std::make_unique<MixedBatch>();
  mixed->original = std::move(batch);
  mixed->texts = texts.Finish();
  for (size_t i = 0, text = 0; i < schema_.fields.size(); ++i) {
    bool is_text = IsText(schema_.fields[i].type, options_.native);
    mixed->children.push_back(is_text ? mixed->texts.array->children[text++]
                                      : mixed->original.array->children[i]);
  }
  ArrowArray out{};
  out.length = mixed->original.num_rows();
  out.offset = mixed->original.array->offset;
  out.n_buffers = 1;
  out.buffers = mixed->buffers;
  out.n_children = static_cast<int64_t>(mixed->children.size());
  out.children = mixed->children.data();
  out.release = &ReleaseMixed;
  out.private_data = mixed.release();
  return RecordBatch{ArrowArrayHandle(std::move(out))};
}

Status ResultEncoder::Append(RecordBatch batch, std::vector<EncodedRows>& pieces) {
  bool arrow = options_.format == ResultFormat::kArrowStream ||
               options_.format == ResultFormat::kArrowBatches;
  if (arrow && !(wire_schema_ == schema_)) batch = WithTextColumns(std::move(batch));
  int64_t count = batch.num_rows();
  if (truncated_) return Ok();
  if (options_.row_limit > 0 && rows_ + count > options_.row_limit) {
    count = options_.row_limit - rows_;
    truncated_ = true;
  }
  for (int64_t first = 0; first < count;) {
    bool is_first = rows_ == 0 && options_.first_piece_rows > 0;
    int64_t most =
        std::min(is_first ? options_.first_piece_rows : options_.piece_rows, options_.piece_rows);
    int64_t last = std::min(count, first + most);
    TARN_TRY(EncodedRows piece, EncodeWhatFits(batch, first, last));
    bool cut = piece.row_count < last - first;
    if (piece.row_count > 0) {
      rows_ += piece.row_count;
      bytes_ += static_cast<int64_t>(piece.bytes.size());
      pieces.push_back(std::move(piece));
    }
    if (cut) {
      truncated_ = true;
      break;
    }
    first = last;
  }
  return Ok();
}

bool ResultEncoder::Fits(const std::string& piece) const {
  return options_.byte_limit <= 0 ||
         bytes_ + static_cast<int64_t>(piece.size()) <= options_.byte_limit;
}

// Only the one piece that goes over the limit is encoded more than once.
Result<EncodedRows> ResultEncoder::EncodeWhatFits(RecordBatch& batch, int64_t first, int64_t last) {
  EncodedRows all{last - first, {}};
  TARN_TRY(all.bytes, Encode(batch, first, last));
  if (Fits(all.bytes)) return all;
  EncodedRows fitting;
  int64_t too_many = all.row_count;
  while (fitting.row_count + 1 < too_many) {
    int64_t tried = fitting.row_count + (too_many - fitting.row_count) / 2;
    TARN_TRY(std::string bytes, Encode(batch, first, first + tried));
    if (Fits(bytes)) {
      fitting = {tried, std::move(bytes)};
    } else {
      too_many = tried;
    }
  }
  return fitting;
}

Result<std::string> ResultEncoder::Encode(RecordBatch& batch, int64_t first, int64_t last) {
  std::string out;
  if (options_.format == ResultFormat::kJsonArray) {
    AppendJsonArrayRows(schema_, batch, first, last, text_, out);
    return out;
  }
  if (options_.format == ResultFormat::kCsv) {
    if (rows_ == 0) out = CsvHeader(schema_);
    AppendCsvRows(schema_, batch, first, last, text_, out);
    return out;
  }
  // A batch is cut to a piece by its length and offset; the writer honours both.
  ArrowArray whole = batch.array.Release();
  ArrowArray part = whole;
  part.release = [](ArrowArray* array) { array->release = nullptr; };
  part.offset += first;
  part.length = last - first;
  RecordBatch slice{ArrowArrayHandle(std::move(part))};
  IpcWriter ipc(wire_schema_, IpcCompression::kNone);
  Result<std::string> bytes = options_.format == ResultFormat::kArrowStream
                                  ? ipc.Stream(slice)
                                  : ipc.RecordBatchMessage(slice);
  batch.array = ArrowArrayHandle(std::move(whole));
  if (!bytes.ok() || !options_.lz4) return bytes;
  return CompressLz4Frame(*bytes);
}

}  // namespace tarn::columnar
