#include "columnar/ipc_writer.h"

#include <bit>
#include <cstring>

#include <lz4frame.h>

#include "columnar/ipc_metadata.h"

namespace tarn::columnar {
namespace {

// Bodies start every buffer on the boundary the specification recommends.
constexpr int64_t kAlignment = 64;

Error LayoutError(std::string what) {
  return Fail("INTERNAL_ERROR", "a record batch does not fit its schema: " + std::move(what));
}

// Collects the body of one record batch, buffer by buffer.
class BodyBuilder {
 public:
  explicit BodyBuilder(bool compress) : compress_(compress) { layout_.lz4_frame = compress; }

  Status Column(const DataType& type, const ArrowArray& array, int64_t offset, int64_t length);
  ipc::RecordBatchLayout& layout() { return layout_; }
  std::string TakeBody() { return std::move(body_); }

 private:
  Status Add(const void* data, int64_t bytes);
  Status AddBits(const void* bits, int64_t offset, int64_t length);
  Status AddValidity(const ArrowArray& array, int64_t offset, int64_t length, bool has_validity);
  Status AddOffsets(const ArrowArray& array, int64_t offset, int64_t length, int64_t* first,
                    int64_t* count);
  Status Children(const DataType& type, const ArrowArray& array, int64_t offset, int64_t length);

  bool compress_;
  ipc::RecordBatchLayout layout_;
  std::string body_;
};

Status BodyBuilder::Add(const void* data, int64_t bytes) {
  int64_t start = static_cast<int64_t>(body_.size());
  int64_t written = bytes;
  if (!compress_ || bytes == 0) {
    if (bytes > 0) body_.append(static_cast<const char*>(data), static_cast<size_t>(bytes));
  } else {
    LZ4F_preferences_t preferences{};
    size_t bound = LZ4F_compressFrameBound(static_cast<size_t>(bytes), &preferences);
    body_.resize(static_cast<size_t>(start) + 8 + bound);
    size_t packed = LZ4F_compressFrame(body_.data() + start + 8, bound, data,
                                       static_cast<size_t>(bytes), &preferences);
    if (LZ4F_isError(packed)) {
      return Fail("INTERNAL_ERROR", std::string("LZ4: ") + LZ4F_getErrorName(packed));
    }
    int64_t raw_bytes = bytes;
    if (static_cast<int64_t>(packed) >= bytes) {
      raw_bytes = -1;  // marks a buffer that is stored as it is
      packed = static_cast<size_t>(bytes);
      std::memcpy(body_.data() + start + 8, data, packed);
    }
    std::memcpy(body_.data() + start, &raw_bytes, 8);
    written = static_cast<int64_t>(packed) + 8;
    body_.resize(static_cast<size_t>(start + written));
  }
  layout_.buffers.push_back({start, written});
  body_.resize((body_.size() + kAlignment - 1) / kAlignment * kAlignment, '\0');
  return Ok();
}

Status BodyBuilder::AddBits(const void* bits, int64_t offset, int64_t length) {
  int64_t bytes = (length + 7) / 8;
  const auto* source = static_cast<const uint8_t*>(bits);
  if (offset % 8 == 0) return Add(source + offset / 8, bytes);
  std::string moved(static_cast<size_t>(bytes), '\0');
  for (int64_t i = 0; i < length; ++i) {
    int64_t at = offset + i;
    if (source[at / 8] >> (at % 8) & 1) {
      moved[static_cast<size_t>(i / 8)] =
          static_cast<char>(static_cast<uint8_t>(moved[static_cast<size_t>(i / 8)]) | 1 << (i % 8));
    }
  }
  return Add(moved.data(), bytes);
}

int64_t CountNulls(const uint8_t* bits, int64_t offset, int64_t length) {
  int64_t set = 0;
  int64_t i = 0;
  for (; i < length && (offset + i) % 8 != 0; ++i)
    set += bits[(offset + i) / 8] >> ((offset + i) % 8) & 1;
  for (; i + 8 <= length; i += 8) set += std::popcount(bits[(offset + i) / 8]);
  for (; i < length; ++i) set += bits[(offset + i) / 8] >> ((offset + i) % 8) & 1;
  return length - set;
}

Status BodyBuilder::AddValidity(const ArrowArray& array, int64_t offset, int64_t length,
                                bool has_validity) {
  if (!has_validity) {
    layout_.nodes.push_back({length, length});  // VOID: every value is null, no buffer
    return Ok();
  }
  if (array.n_buffers < 1) return LayoutError("a column without a validity buffer");
  const auto* bits = static_cast<const uint8_t*>(array.buffers[0]);
  int64_t nulls = bits == nullptr || array.null_count == 0 ? 0 : CountNulls(bits, offset, length);
  layout_.nodes.push_back({length, nulls});
  if (nulls == 0) return Add(nullptr, 0);
  return AddBits(bits, offset, length);
}

Status BodyBuilder::AddOffsets(const ArrowArray& array, int64_t offset, int64_t length,
                               int64_t* first, int64_t* count) {
  if (array.n_buffers < 2) return LayoutError("a column without an offsets buffer");
  const auto* offsets = static_cast<const int32_t*>(array.buffers[1]);
  if (offsets == nullptr) {
    *first = *count = 0;
    int32_t zero = 0;
    return Add(&zero, sizeof(zero));
  }
  offsets += offset;
  *first = offsets[0];
  *count = offsets[length] - offsets[0];
  if (offsets[0] == 0) return Add(offsets, (length + 1) * 4);
  std::vector<int32_t> moved(static_cast<size_t>(length) + 1);
  for (size_t i = 0; i < moved.size(); ++i) moved[i] = offsets[i] - offsets[0];
  return Add(moved.data(), (length + 1) * 4);
}

int64_t FixedWidth(TypeKind kind) {
  switch (kind) {
    case TypeKind::kByte:
      return 1;
    case TypeKind::kShort:
      return 2;
    case TypeKind::kInteger:
    case TypeKind::kFloat:
    case TypeKind::kDate:
    case TypeKind::kYearMonthInterval:
      return 4;
    case TypeKind::kLong:
    case TypeKind::kDouble:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz:
    case TypeKind::kDayTimeInterval:
      return 8;
    case TypeKind::kDecimal:
      return 16;
    default:
      return 0;
  }
}

Status BodyBuilder::Children(const DataType& type, const ArrowArray& array, int64_t offset,
                             int64_t length) {
  auto child = [&](int64_t i) -> const ArrowArray& { return *array.children[i]; };
  if (type.is(TypeKind::kArray) || type.is(TypeKind::kMap)) {
    int64_t first = 0;
    int64_t count = 0;
    TARN_RETURN_IF_ERROR(AddOffsets(array, offset, length, &first, &count));
    if (array.n_children != 1) return LayoutError("a list without one child");
    DataType element =
        type.is(TypeKind::kArray)
            ? type.element()
            : DataType::Struct({{"key", type.key(), false}, {"value", type.value(), true}});
    return Column(element, child(0), child(0).offset + first, count);
  }
  Fields fields = type.is(TypeKind::kVariant)
                      ? Fields{{"value", TypeKind::kBinary}, {"metadata", TypeKind::kBinary}}
                      : type.fields();
  if (array.n_children != static_cast<int64_t>(fields.size())) {
    return LayoutError("a struct with another number of children");
  }
  for (size_t i = 0; i < fields.size(); ++i) {
    const ArrowArray& member = child(static_cast<int64_t>(i));
    TARN_RETURN_IF_ERROR(Column(fields[i].type, member, member.offset + offset, length));
  }
  return Ok();
}

Status BodyBuilder::Column(const DataType& type, const ArrowArray& array, int64_t offset,
                           int64_t length) {
  TARN_RETURN_IF_ERROR(AddValidity(array, offset, length, !type.is(TypeKind::kNull)));
  if (type.is(TypeKind::kNull)) return Ok();
  if (type.is_nested() || type.is(TypeKind::kVariant)) return Children(type, array, offset, length);
  if (array.n_buffers < 2) return LayoutError("a column without data");
  if (type.is(TypeKind::kBoolean)) return AddBits(array.buffers[1], offset, length);
  if (type.is_string() || type.is(TypeKind::kBinary)) {
    int64_t first = 0;
    int64_t count = 0;
    TARN_RETURN_IF_ERROR(AddOffsets(array, offset, length, &first, &count));
    if (array.n_buffers < 3) return LayoutError("a string column without characters");
    return Add(static_cast<const char*>(array.buffers[2]) + first, count);
  }
  int64_t width = FixedWidth(type.kind());
  if (width == 0) return LayoutError("no layout for " + type.ToSqlString());
  return Add(static_cast<const char*>(array.buffers[1]) + offset * width, length * width);
}

}  // namespace

IpcWriter::IpcWriter(Schema schema, IpcCompression compression, std::string time_zone)
    : schema_(std::move(schema)), compression_(compression), time_zone_(std::move(time_zone)) {}

Result<std::string> IpcWriter::SchemaMessage() const {
  return ipc::SchemaMetadata(schema_, time_zone_);
}

Result<std::string> IpcWriter::RecordBatchMessage(const RecordBatch& batch) const {
  const ArrowArray& rows = batch.array.get();
  if (rows.n_children != static_cast<int64_t>(schema_.fields.size())) {
    return LayoutError("another number of columns");
  }
  BodyBuilder body(compression_ == IpcCompression::kLz4Frame);
  for (size_t i = 0; i < schema_.fields.size(); ++i) {
    const ArrowArray& column = *rows.children[i];
    TARN_RETURN_IF_ERROR(
        body.Column(schema_.fields[i].type, column, column.offset + rows.offset, rows.length));
  }
  std::string bytes = body.TakeBody();
  body.layout().length = rows.length;
  body.layout().body_bytes = static_cast<int64_t>(bytes.size());
  return ipc::RecordBatchMetadata(body.layout()) + bytes;
}

std::string IpcWriter::EndOfStream() { return std::string("\xff\xff\xff\xff\0\0\0\0", 8); }

Result<std::string> IpcWriter::Stream(const RecordBatch& batch) const {
  TARN_TRY(std::string stream, SchemaMessage());
  TARN_TRY(std::string message, RecordBatchMessage(batch));
  stream += message;
  stream += EndOfStream();
  return stream;
}

Result<std::string> CompressLz4Frame(std::string_view bytes) {
  std::string frame(LZ4F_compressFrameBound(bytes.size(), nullptr), '\0');
  size_t size = LZ4F_compressFrame(frame.data(), frame.size(), bytes.data(), bytes.size(), nullptr);
  if (LZ4F_isError(size))
    return Fail("INTERNAL_ERROR", std::string("LZ4: ") + LZ4F_getErrorName(size));
  frame.resize(size);
  return frame;
}

}  // namespace tarn::columnar
