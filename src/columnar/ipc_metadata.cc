#include "columnar/ipc_metadata.h"

#include <cstring>

#include <flatbuffers/flatbuffers.h>

namespace tarn::columnar::ipc {
namespace {

using flatbuffers::FlatBufferBuilder;
using flatbuffers::Offset;
using flatbuffers::voffset_t;

constexpr int16_t kMetadataV5 = 4;
constexpr int16_t kMicrosecond = 2;

// Type union of Schema.fbs.
enum class TypeId : uint8_t {
  kNull = 1,
  kInt = 2,
  kFloatingPoint = 3,
  kBinary = 4,
  kUtf8 = 5,
  kBool = 6,
  kDecimal = 7,
  kDate = 8,
  kTimestamp = 10,
  kList = 12,
  kStruct = 13,
  kMap = 17,
  kDuration = 18,
};

constexpr voffset_t Slot(int field) { return static_cast<voffset_t>((field + 2) * 2); }

struct TypeTable {
  TypeId id;
  Offset<void> table;
};

Offset<void> EmptyTable(FlatBufferBuilder& b) {
  auto start = b.StartTable();
  return Offset<void>(b.EndTable(start));
}

TypeTable IntType(FlatBufferBuilder& b, int32_t bits) {
  auto start = b.StartTable();
  b.AddElement<int32_t>(Slot(0), bits, 0);
  b.AddElement<uint8_t>(Slot(1), 1, 0);
  return {TypeId::kInt, Offset<void>(b.EndTable(start))};
}

TypeTable FloatType(FlatBufferBuilder& b, int16_t precision) {
  auto start = b.StartTable();
  b.AddElement<int16_t>(Slot(0), precision, 0);
  return {TypeId::kFloatingPoint, Offset<void>(b.EndTable(start))};
}

TypeTable DecimalType(FlatBufferBuilder& b, const DataType& type) {
  auto start = b.StartTable();
  b.AddElement<int32_t>(Slot(0), type.precision(), 0);
  b.AddElement<int32_t>(Slot(1), type.scale(), 0);
  b.AddElement<int32_t>(Slot(2), 128, 128);
  return {TypeId::kDecimal, Offset<void>(b.EndTable(start))};
}

TypeTable TimestampType(FlatBufferBuilder& b, const std::string& time_zone) {
  flatbuffers::Offset<flatbuffers::String> zone;
  if (!time_zone.empty()) zone = b.CreateString(time_zone);
  auto start = b.StartTable();
  b.AddElement<int16_t>(Slot(0), kMicrosecond, 0);
  if (!time_zone.empty()) b.AddOffset(Slot(1), zone);
  return {TypeId::kTimestamp, Offset<void>(b.EndTable(start))};
}

TypeTable UnitType(FlatBufferBuilder& b, TypeId id, int16_t unit, int16_t fallback) {
  auto start = b.StartTable();
  b.AddElement<int16_t>(Slot(0), unit, fallback);
  return {id, Offset<void>(b.EndTable(start))};
}

Result<TypeTable> BuildType(FlatBufferBuilder& b, const DataType& type,
                            const std::string& time_zone) {
  switch (type.kind()) {
    case TypeKind::kNull:
      return TypeTable{TypeId::kNull, EmptyTable(b)};
    case TypeKind::kBoolean:
      return TypeTable{TypeId::kBool, EmptyTable(b)};
    case TypeKind::kByte:
      return IntType(b, 8);
    case TypeKind::kShort:
      return IntType(b, 16);
    case TypeKind::kInteger:
    case TypeKind::kYearMonthInterval:
      return IntType(b, 32);
    case TypeKind::kLong:
      return IntType(b, 64);
    case TypeKind::kFloat:
      return FloatType(b, 1);
    case TypeKind::kDouble:
      return FloatType(b, 2);
    case TypeKind::kDecimal:
      return DecimalType(b, type);
    case TypeKind::kString:
    case TypeKind::kChar:
    case TypeKind::kVarchar:
      return TypeTable{TypeId::kUtf8, EmptyTable(b)};
    case TypeKind::kBinary:
      return TypeTable{TypeId::kBinary, EmptyTable(b)};
    case TypeKind::kDate:
      return UnitType(b, TypeId::kDate, 0, 1);
    case TypeKind::kTimestamp:
      return TimestampType(b, time_zone);
    case TypeKind::kTimestampNtz:
      return TimestampType(b, "");
    case TypeKind::kDayTimeInterval:
      return UnitType(b, TypeId::kDuration, kMicrosecond, 1);
    case TypeKind::kArray:
      return TypeTable{TypeId::kList, EmptyTable(b)};
    case TypeKind::kMap:
      return TypeTable{TypeId::kMap, EmptyTable(b)};
    case TypeKind::kStruct:
    case TypeKind::kVariant:
      return TypeTable{TypeId::kStruct, EmptyTable(b)};
    case TypeKind::kCalendarInterval:
      break;
  }
  return Fail("UNSUPPORTED_ARROWTYPE", "no Arrow type for " + type.ToSqlString());
}

Fields ChildrenOf(const DataType& type) {
  switch (type.kind()) {
    case TypeKind::kArray:
      return {{"element", type.element(), type.contains_null()}};
    case TypeKind::kMap:
      return {{"entries",
               DataType::Struct({{"key", type.key(), false},
                                 {"value", type.value(), type.value_contains_null()}}),
               false}};
    case TypeKind::kStruct:
      return type.fields();
    case TypeKind::kVariant:
      return {{"value", TypeKind::kBinary, false}, {"metadata", TypeKind::kBinary, false}};
    default:
      return {};
  }
}

Result<Offset<void>> BuildField(FlatBufferBuilder& b, const Field& field,
                                const std::string& time_zone) {
  std::vector<Offset<void>> children;
  for (const Field& child : ChildrenOf(field.type)) {
    TARN_TRY(Offset<void> built, BuildField(b, child, time_zone));
    children.push_back(built);
  }
  auto child_vector = b.CreateVector(children);
  auto name = b.CreateString(field.name);
  TARN_TRY(TypeTable type, BuildType(b, field.type, time_zone));
  auto start = b.StartTable();
  b.AddOffset(Slot(0), name);
  b.AddElement<uint8_t>(Slot(1), field.nullable ? 1 : 0, 0);
  b.AddElement<uint8_t>(Slot(2), static_cast<uint8_t>(type.id), 0);
  b.AddOffset(Slot(3), type.table);
  b.AddOffset(Slot(5), child_vector);
  return Offset<void>(b.EndTable(start));
}

std::string FinishMessage(FlatBufferBuilder& b, MessageHeader kind, Offset<void> header,
                          int64_t body_bytes) {
  auto start = b.StartTable();
  b.AddElement<int64_t>(Slot(3), body_bytes, 0);
  b.AddOffset(Slot(2), header);
  b.AddElement<int16_t>(Slot(0), kMetadataV5, 0);
  b.AddElement<uint8_t>(Slot(1), static_cast<uint8_t>(kind), 0);
  b.Finish(Offset<void>(b.EndTable(start)));

  // The marker, the size and the padded flatbuffer together are a multiple of 8
  // bytes.
  int32_t padded = static_cast<int32_t>((b.GetSize() + 7) / 8 * 8);
  std::string out(8 + static_cast<size_t>(padded), '\0');
  std::memset(out.data(), 0xff, 4);
  std::memcpy(out.data() + 4, &padded, 4);
  std::memcpy(out.data() + 8, b.GetBufferPointer(), b.GetSize());
  return out;
}

}  // namespace

Result<std::string> SchemaMetadata(const Schema& schema, const std::string& time_zone) {
  FlatBufferBuilder b;
  std::vector<Offset<void>> fields;
  for (const Field& field : schema.fields) {
    TARN_TRY(Offset<void> built, BuildField(b, field, time_zone));
    fields.push_back(built);
  }
  auto field_vector = b.CreateVector(fields);
  auto start = b.StartTable();
  b.AddOffset(Slot(1), field_vector);
  Offset<void> header(b.EndTable(start));
  return FinishMessage(b, MessageHeader::kSchema, header, 0);
}

std::string RecordBatchMetadata(const RecordBatchLayout& layout) {
  FlatBufferBuilder b;
  b.StartVector(layout.buffers.size(), sizeof(BufferSpan));
  for (size_t i = layout.buffers.size(); i-- > 0;) {
    b.PushElement(layout.buffers[i].length);
    b.PushElement(layout.buffers[i].offset);
  }
  Offset<void> buffers(b.EndVector(layout.buffers.size()));
  b.StartVector(layout.nodes.size(), sizeof(FieldNode));
  for (size_t i = layout.nodes.size(); i-- > 0;) {
    b.PushElement(layout.nodes[i].null_count);
    b.PushElement(layout.nodes[i].length);
  }
  Offset<void> nodes(b.EndVector(layout.nodes.size()));
  Offset<void> compression;
  if (layout.lz4_frame) compression = EmptyTable(b);  // both slots hold their defaults
  auto start = b.StartTable();
  b.AddElement<int64_t>(Slot(0), layout.length, 0);
  b.AddOffset(Slot(1), nodes);
  b.AddOffset(Slot(2), buffers);
  if (layout.lz4_frame) b.AddOffset(Slot(3), compression);
  Offset<void> header(b.EndTable(start));
  return FinishMessage(b, MessageHeader::kRecordBatch, header, layout.body_bytes);
}

}  // namespace tarn::columnar::ipc
