#include "delta/deletion_vector.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>

#include <roaring/roaring.h>

#include "base/encoding.h"
#include "base/ids.h"

namespace tarn::delta {
namespace {

constexpr uint32_t kMagicPortable = 1681511377;
constexpr char kFormatVersion = 1;
constexpr size_t kEncodedUuidCharacters = 20;
// Where delta-spark starts another file too.
constexpr size_t kTargetFileBytes = size_t{2} << 20;

struct FreeBitmap {
  void operator()(roaring_bitmap_t* bitmap) const { roaring_bitmap_free(bitmap); }
};
using Bitmap = std::unique_ptr<roaring_bitmap_t, FreeBitmap>;

// CRC-32 of IEEE 802.3, as java.util.zip.CRC32 computes it.
uint32_t Crc32(std::string_view bytes) {
  static const std::array<uint32_t, 256> table = [] {
    std::array<uint32_t, 256> made{};
    for (uint32_t i = 0; i < 256; ++i) {
      uint32_t value = i;
      for (int bit = 0; bit < 8; ++bit) value = value & 1 ? 0xedb88320U ^ value >> 1 : value >> 1;
      made[i] = value;
    }
    return made;
  }();
  uint32_t crc = 0xffffffffU;
  for (char c : bytes) crc = table[(crc ^ static_cast<unsigned char>(c)) & 0xff] ^ crc >> 8;
  return ~crc;
}

template <typename T>
void AppendLittleEndian(std::string& out, T value) {
  for (size_t i = 0; i < sizeof(T); ++i) out += static_cast<char>(value >> 8 * i & 0xff);
}

template <typename T>
T TakeLittleEndian(std::string_view& bytes) {
  T value = 0;
  for (size_t i = 0; i < sizeof(T); ++i) {
    value |= static_cast<T>(static_cast<unsigned char>(bytes[i])) << 8 * i;
  }
  bytes.remove_prefix(sizeof(T));
  return value;
}

void AppendBigEndian(std::string& out, uint32_t value) {
  for (int shift : {24, 16, 8, 0}) out += static_cast<char>(value >> shift & 0xff);
}

uint32_t BigEndianAt(std::string_view bytes, size_t at) {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

Error Corrupt(const std::string& source, const std::string& what,
              std::string_view reason = "DELTA_DELETION_VECTOR_CORRUPT") {
  return Fail(reason,
              "the deletion vector " + source + " is damaged: " + what +
                  "; restore the file, or the table to an earlier version",
              {{"file", source}});
}

std::string UuidText(std::string_view bytes) {
  std::string hex = HexEncode(bytes);
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" +
         hex.substr(16, 4) + "-" + hex.substr(20);
}

std::string UuidFileName(std::string_view uuid) {
  return "deletion_vector_" + UuidText(uuid) + ".bin";
}

Result<std::string> NewUuidBytes() {
  std::string text = NewUuid();
  std::erase(text, '-');
  return HexDecode(text);
}

}  // namespace

/// By the high 32 bits of the row, as the portable format has them.
struct DeletionVector::Bitmaps {
  std::map<uint32_t, Bitmap> by_key;

  roaring_bitmap_t* At(uint32_t key) {
    Bitmap& bitmap = by_key[key];
    if (!bitmap) bitmap.reset(roaring_bitmap_create());
    return bitmap.get();
  }
};

void DeletionVector::AddRange(uint64_t begin, uint64_t end) {
  while (begin < end) {
    auto key = static_cast<uint32_t>(begin >> 32);
    uint64_t last = std::min(end, (uint64_t{key} + 1) << 32);
    roaring_bitmap_add_range(bitmaps_->At(key), begin & 0xffffffff, last - (uint64_t{key} << 32));
    begin = last;
  }
}

DeletionVectorDescriptor InlineDescriptor(const DeletionVector& vector) {
  std::string bytes = vector.Serialize();
  DeletionVectorDescriptor descriptor;
  descriptor.storage_type = 'i';
  descriptor.size_in_bytes = static_cast<int32_t>(bytes.size());
  descriptor.cardinality = vector.Cardinality();
  bytes.resize((bytes.size() + 3) / 4 * 4);
  descriptor.path_or_inline_dv = Z85Encode(bytes);
  return descriptor;
}

DeletionVector::DeletionVector() : bitmaps_(std::make_unique<Bitmaps>()) {}
DeletionVector::~DeletionVector() = default;
DeletionVector::DeletionVector(DeletionVector&&) noexcept = default;
DeletionVector& DeletionVector::operator=(DeletionVector&&) noexcept = default;
DeletionVector::DeletionVector(const DeletionVector& other) : DeletionVector() { Union(other); }

void DeletionVector::Add(uint64_t row) {
  roaring_bitmap_add(bitmaps_->At(static_cast<uint32_t>(row >> 32)), static_cast<uint32_t>(row));
}

void DeletionVector::AddMany(const std::vector<uint64_t>& sorted) {
  std::vector<uint32_t> low;
  for (size_t i = 0; i < sorted.size();) {
    uint32_t key = static_cast<uint32_t>(sorted[i] >> 32);
    low.clear();
    for (; i < sorted.size() && sorted[i] >> 32 == key; ++i) {
      low.push_back(static_cast<uint32_t>(sorted[i]));
    }
    roaring_bitmap_add_many(bitmaps_->At(key), low.size(), low.data());
  }
}

void DeletionVector::Union(const DeletionVector& other) {
  for (const auto& [key, bitmap] : other.bitmaps_->by_key) {
    roaring_bitmap_or_inplace(bitmaps_->At(key), bitmap.get());
  }
}

DeletionVector DeletionVector::Minus(const DeletionVector& other) const {
  DeletionVector rest(*this);
  for (const auto& [key, bitmap] : other.bitmaps_->by_key) {
    roaring_bitmap_andnot_inplace(rest.bitmaps_->At(key), bitmap.get());
  }
  return rest;
}

bool DeletionVector::Intersects(const DeletionVector& other) const {
  return std::any_of(bitmaps_->by_key.begin(), bitmaps_->by_key.end(), [&](const auto& entry) {
    auto at = other.bitmaps_->by_key.find(entry.first);
    return at != other.bitmaps_->by_key.end() &&
           roaring_bitmap_intersect(entry.second.get(), at->second.get());
  });
}

bool DeletionVector::Contains(uint64_t row) const {
  auto at = bitmaps_->by_key.find(static_cast<uint32_t>(row >> 32));
  return at != bitmaps_->by_key.end() &&
         roaring_bitmap_contains(at->second.get(), static_cast<uint32_t>(row));
}

int64_t DeletionVector::Cardinality() const {
  uint64_t total = 0;
  for (const auto& [key, bitmap] : bitmaps_->by_key) {
    total += roaring_bitmap_get_cardinality(bitmap.get());
  }
  return static_cast<int64_t>(total);
}

void DeletionVector::Collect(uint64_t begin, uint64_t end, std::vector<uint32_t>* out) const {
  for (auto at = bitmaps_->by_key.lower_bound(static_cast<uint32_t>(begin >> 32));
       at != bitmaps_->by_key.end(); ++at) {
    uint64_t base = uint64_t{at->first} << 32;
    if (base >= end) return;
    roaring_uint32_iterator_t rows;
    roaring_init_iterator(at->second.get(), &rows);
    if (begin > base) {
      roaring_move_uint32_iterator_equalorlarger(&rows, static_cast<uint32_t>(begin - base));
    }
    for (; rows.has_value && base + rows.current_value < end;
         roaring_advance_uint32_iterator(&rows)) {
      out->push_back(static_cast<uint32_t>(base + rows.current_value - begin));
    }
  }
}

std::vector<uint64_t> DeletionVector::ToRows() const {
  std::vector<uint64_t> rows;
  rows.reserve(static_cast<size_t>(Cardinality()));
  for (const auto& [key, bitmap] : bitmaps_->by_key) {
    roaring_uint32_iterator_t at;
    for (roaring_init_iterator(bitmap.get(), &at); at.has_value;
         roaring_advance_uint32_iterator(&at)) {
      rows.push_back(uint64_t{key} << 32 | at.current_value);
    }
  }
  return rows;
}

std::string DeletionVector::Serialize() const {
  std::string out;
  AppendLittleEndian<uint32_t>(out, kMagicPortable);
  uint64_t count = 0;
  for (const auto& [key, bitmap] : bitmaps_->by_key)
    count += !roaring_bitmap_is_empty(bitmap.get());
  AppendLittleEndian<uint64_t>(out, count);
  for (const auto& [key, bitmap] : bitmaps_->by_key) {
    if (roaring_bitmap_is_empty(bitmap.get())) continue;
    Bitmap packed(roaring_bitmap_copy(bitmap.get()));
    roaring_bitmap_run_optimize(packed.get());
    AppendLittleEndian<uint32_t>(out, key);
    size_t at = out.size();
    out.resize(at + roaring_bitmap_portable_size_in_bytes(packed.get()));
    roaring_bitmap_portable_serialize(packed.get(), out.data() + at);
  }
  return out;
}

Result<DeletionVector> DeletionVector::Deserialize(std::string_view bytes,
                                                   const std::string& source) {
  if (bytes.size() < sizeof(uint32_t) + sizeof(uint64_t)) return Corrupt(source, "it is too short");
  uint32_t magic = TakeLittleEndian<uint32_t>(bytes);
  if (magic != kMagicPortable) {
    return Corrupt(source, "its magic number is " + std::to_string(magic));
  }
  uint64_t count = TakeLittleEndian<uint64_t>(bytes);
  DeletionVector vector;
  int64_t last = -1;
  for (uint64_t i = 0; i < count; ++i) {
    if (bytes.size() < sizeof(uint32_t)) return Corrupt(source, "it ends early");
    uint32_t key = TakeLittleEndian<uint32_t>(bytes);
    if (int64_t{key} <= last) return Corrupt(source, "its parts are not in order");
    last = key;
    Bitmap bitmap(roaring_bitmap_portable_deserialize_safe(bytes.data(), bytes.size()));
    if (!bitmap) return Corrupt(source, "a part is no Roaring bitmap");
    bytes.remove_prefix(
        std::min(bytes.size(), roaring_bitmap_portable_size_in_bytes(bitmap.get())));
    vector.bitmaps_->by_key.emplace(key, std::move(bitmap));
  }
  return vector;
}

Result<std::string> DeletionVectorPath(const DeletionVectorDescriptor& descriptor,
                                       const std::string& table_path) {
  const std::string& place = descriptor.path_or_inline_dv;
  if (descriptor.storage_type == 'p') {
    TARN_TRY(std::string plain, PercentDecode(place));
    return io::NormalizePath(plain);
  }
  if (descriptor.storage_type != 'u' || place.size() < kEncodedUuidCharacters) {
    return Corrupt(place, "its descriptor names no file");
  }
  size_t prefix = place.size() - kEncodedUuidCharacters;
  Result<std::string> uuid = Z85Decode(std::string_view(place).substr(prefix));
  if (!uuid.ok()) return Corrupt(place, "its descriptor names no file");
  std::string folder = prefix == 0
                           ? table_path
                           : io::JoinPath(table_path, std::string_view(place).substr(0, prefix));
  return io::JoinPath(folder, UuidFileName(*uuid));
}

Result<DeletionVector> ReadDeletionVector(io::ObjectStore& store, const std::string& table_path,
                                          const DeletionVectorDescriptor& descriptor) {
  std::string source = "(inline)";
  std::string bytes;
  if (descriptor.storage_type == 'i') {
    Result<std::string> decoded = Z85Decode(descriptor.path_or_inline_dv);
    if (!decoded.ok()) return Corrupt(source, decoded.error().message());
    // The text is padded to a multiple of four bytes.
    bytes = decoded->substr(0, static_cast<size_t>(descriptor.size_in_bytes));
  } else {
    TARN_TRY(std::string path, DeletionVectorPath(descriptor, table_path));
    int64_t offset = descriptor.offset.value_or(1);
    source = path + " at byte " + std::to_string(offset);
    int64_t wanted = int64_t{descriptor.size_in_bytes} + 8;
    TARN_TRY(std::string stored, store.GetRange(path, {offset, wanted}));
    if (static_cast<int64_t>(stored.size()) != wanted)
      return Corrupt(source, "the file ends early");
    if (BigEndianAt(stored, 0) != static_cast<uint32_t>(descriptor.size_in_bytes)) {
      return Corrupt(source, "the file gives another size than the log",
                     "DELTA_DELETION_VECTOR_SIZE_MISMATCH");
    }
    bytes = stored.substr(4, static_cast<size_t>(descriptor.size_in_bytes));
    if (BigEndianAt(stored, 4 + bytes.size()) != Crc32(bytes)) {
      return Corrupt(source, "its checksum does not fit",
                     "DELTA_DELETION_VECTOR_CHECKSUM_MISMATCH");
    }
  }
  TARN_TRY(DeletionVector vector, DeletionVector::Deserialize(bytes, source));
  if (vector.Cardinality() != descriptor.cardinality) {
    return Corrupt(source,
                   "it holds " + std::to_string(vector.Cardinality()) + " rows, the log says " +
                       std::to_string(descriptor.cardinality),
                   "DELTA_DELETION_VECTOR_CARDINALITY_MISMATCH");
  }
  return vector;
}

DeletionVectorWriter::DeletionVectorWriter(io::ObjectStore& store, std::string table_path)
    : store_(store), table_path_(std::move(table_path)) {}

Result<DeletionVectorDescriptor> DeletionVectorWriter::Append(const DeletionVector& vector) {
  if (bytes_.size() > kTargetFileBytes) TARN_RETURN_IF_ERROR(Finish());
  if (bytes_.empty()) {
    TARN_TRY(uuid_, NewUuidBytes());
    bytes_ += kFormatVersion;
  }
  std::string data = vector.Serialize();
  DeletionVectorDescriptor descriptor;
  descriptor.path_or_inline_dv = Z85Encode(uuid_);
  descriptor.offset = static_cast<int32_t>(bytes_.size());
  descriptor.size_in_bytes = static_cast<int32_t>(data.size());
  descriptor.cardinality = vector.Cardinality();
  AppendBigEndian(bytes_, static_cast<uint32_t>(data.size()));
  bytes_ += data;
  AppendBigEndian(bytes_, Crc32(data));
  return descriptor;
}

Status DeletionVectorWriter::Finish() {
  if (bytes_.empty()) return Ok();
  std::string path = io::JoinPath(table_path_, UuidFileName(uuid_));
  std::string bytes = std::exchange(bytes_, {});
  return store_.PutIfAbsent(path, bytes);
}

}  // namespace tarn::delta
