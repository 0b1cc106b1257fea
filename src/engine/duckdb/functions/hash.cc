// hash() and xxhash64(): the running seed goes through the arguments from left to right, and into
// arrays and structs; a NULL leaves it as it is.
#include <bit>
#include <cstring>

#include "engine/duckdb/functions/kernel.h"

namespace tarn::engine {
namespace {

using duckdb::idx_t;
using duckdb::PhysicalType;
using duckdb::UnifiedVectorFormat;
using duckdb::Vector;

struct Murmur3 {
  using Seed = uint32_t;
  using Answer = int32_t;

  static uint32_t MixIn(uint32_t h, uint32_t k) {
    k = std::rotl(k * 0xcc9e2d51U, 15) * 0x1b873593U;
    return std::rotl(h ^ k, 13) * 5 + 0xe6546b64U;
  }
  static uint32_t Finish(uint32_t h, uint32_t length) {
    h ^= length;
    h = (h ^ h >> 16) * 0x85ebca6bU;
    h = (h ^ h >> 13) * 0xc2b2ae35U;
    return h ^ h >> 16;
  }
  static uint32_t Int(int32_t value, uint32_t seed) {
    return Finish(MixIn(seed, static_cast<uint32_t>(value)), 4);
  }
  static uint32_t Long(int64_t value, uint32_t seed) {
    auto bits = static_cast<uint64_t>(value);
    uint32_t h = MixIn(seed, static_cast<uint32_t>(bits));
    return Finish(MixIn(h, static_cast<uint32_t>(bits >> 32)), 8);
  }
  // Whole words first; then every byte left is a word of its own, with its sign.
  static uint32_t Bytes(std::string_view bytes, uint32_t seed) {
    uint32_t h = seed;
    size_t i = 0;
    for (; i + 4 <= bytes.size(); i += 4) {
      uint32_t word;
      std::memcpy(&word, bytes.data() + i, 4);
      h = MixIn(h, word);
    }
    for (; i < bytes.size(); ++i) {
      h = MixIn(h, static_cast<uint32_t>(int32_t{static_cast<signed char>(bytes[i])}));
    }
    return Finish(h, static_cast<uint32_t>(bytes.size()));
  }
};

struct XxHash64 {
  using Seed = uint64_t;
  using Answer = int64_t;
  static constexpr uint64_t kPrime1 = 0x9e3779b185ebca87ULL;
  static constexpr uint64_t kPrime2 = 0xc2b2ae3d27d4eb4fULL;
  static constexpr uint64_t kPrime3 = 0x165667b19e3779f9ULL;
  static constexpr uint64_t kPrime4 = 0x85ebca77c2b2ae63ULL;
  static constexpr uint64_t kPrime5 = 0x27d4eb2f165667c5ULL;

  static uint64_t Int(int32_t value, uint64_t seed) {
    return Bytes({reinterpret_cast<const char*>(&value), sizeof(value)}, seed);
  }
  static uint64_t Long(int64_t value, uint64_t seed) {
    return Bytes({reinterpret_cast<const char*>(&value), sizeof(value)}, seed);
  }
  static uint64_t Round(uint64_t lane, uint64_t word) {
    return std::rotl(lane + word * kPrime2, 31) * kPrime1;
  }
  static uint64_t Bytes(std::string_view bytes, uint64_t seed) {
    const char* at = bytes.data();
    const char* end = at + bytes.size();
    auto word = [&] {
      uint64_t value;
      std::memcpy(&value, at, 8);
      at += 8;
      return value;
    };
    uint64_t h = seed + kPrime5;
    if (bytes.size() >= 32) {
      std::array<uint64_t, 4> lanes = {seed + kPrime1 + kPrime2, seed + kPrime2, seed,
                                       seed - kPrime1};
      while (end - at >= 32) {
        for (uint64_t& lane : lanes) lane = Round(lane, word());
      }
      h = std::rotl(lanes[0], 1) + std::rotl(lanes[1], 7) + std::rotl(lanes[2], 12) +
          std::rotl(lanes[3], 18);
      for (uint64_t lane : lanes) h = (h ^ Round(0, lane)) * kPrime1 + kPrime4;
    }
    h += bytes.size();
    while (end - at >= 8) h = std::rotl(h ^ Round(0, word()), 27) * kPrime1 + kPrime4;
    if (end - at >= 4) {
      uint32_t half;
      std::memcpy(&half, at, 4);
      at += 4;
      h = std::rotl(h ^ half * kPrime1, 23) * kPrime2 + kPrime3;
    }
    for (; at < end; ++at)
      h = std::rotl(h ^ static_cast<unsigned char>(*at) * kPrime5, 11) * kPrime1;
    h = (h ^ h >> 33) * kPrime2;
    h = (h ^ h >> 29) * kPrime3;
    return h ^ h >> 32;
  }
};

// Two's complement, the highest byte first, as short as it can be.
std::string BigEndian(duckdb::hugeint_t value) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) {
    bytes += static_cast<char>(static_cast<uint64_t>(value.upper) >> shift & 0xff);
  }
  for (int shift = 56; shift >= 0; shift -= 8) {
    bytes += static_cast<char>(value.lower >> shift & 0xff);
  }
  size_t begin = 0;
  auto spare = [&](size_t i) {
    bool next_negative = static_cast<signed char>(bytes[i + 1]) < 0;
    return (bytes[i] == '\0' && !next_negative) || (bytes[i] == '\xff' && next_negative);
  };
  while (begin + 1 < bytes.size() && spare(begin)) ++begin;
  return bytes.substr(begin);
}

template <typename H>
class Folder {
 public:
  explicit Folder(Vector& vector, idx_t count) : vector_(vector) {
    vector.ToUnifiedFormat(count, format_);
    const duckdb::LogicalType& type = vector.GetType();
    if (type.id() == duckdb::LogicalTypeId::LIST) {
      children_.emplace_back(duckdb::ListVector::GetEntry(vector),
                             duckdb::ListVector::GetListSize(vector));
    } else if (type.InternalType() == PhysicalType::STRUCT) {
      flat_ = vector.GetVectorType() == duckdb::VectorType::CONSTANT_VECTOR;
      for (auto& member : duckdb::StructVector::GetEntries(vector)) {
        children_.emplace_back(*member, count);
      }
    }
  }

  typename H::Seed Fold(idx_t row, typename H::Seed seed) const {
    idx_t at = format_.sel->get_index(row);
    if (!format_.validity.RowIsValid(at)) return seed;
    const duckdb::LogicalType& type = vector_.GetType();
    switch (type.InternalType()) {
      case PhysicalType::BOOL:
        return H::Int(Get<bool>(at) ? 1 : 0, seed);
      case PhysicalType::INT8:
        return H::Int(Get<int8_t>(at), seed);
      case PhysicalType::INT16:
        return IsDecimal() ? H::Long(Get<int16_t>(at), seed) : H::Int(Get<int16_t>(at), seed);
      case PhysicalType::INT32:
        return IsDecimal() ? H::Long(Get<int32_t>(at), seed) : H::Int(Get<int32_t>(at), seed);
      case PhysicalType::INT64:
        return H::Long(Get<int64_t>(at), seed);
      case PhysicalType::INT128:
        return H::Bytes(BigEndian(Get<duckdb::hugeint_t>(at)), seed);
      case PhysicalType::FLOAT: {
        float value = Get<float>(at);
        if (value == 0) value = 0;
        if (value != value) return H::Int(0x7fc00000, seed);
        return H::Int(std::bit_cast<int32_t>(value), seed);
      }
      case PhysicalType::DOUBLE: {
        double value = Get<double>(at);
        if (value == 0) value = 0;
        if (value != value) return H::Long(0x7ff8000000000000L, seed);
        return H::Long(std::bit_cast<int64_t>(value), seed);
      }
      case PhysicalType::VARCHAR: {
        const auto& text = UnifiedVectorFormat::GetData<duckdb::string_t>(format_)[at];
        return H::Bytes({text.GetData(), text.GetSize()}, seed);
      }
      case PhysicalType::LIST: {
        auto entry = UnifiedVectorFormat::GetData<duckdb::list_entry_t>(format_)[at];
        for (idx_t i = 0; i < entry.length; ++i) seed = children_[0].Fold(entry.offset + i, seed);
        return seed;
      }
      case PhysicalType::STRUCT:
        for (const Folder& child : children_) seed = child.Fold(flat_ ? 0 : at, seed);
        return seed;
      default:
        Raise("UNSUPPORTED_FEATURE", "Tarn does not hash " + type.ToString() + " yet.");
    }
  }

 private:
  template <typename T>
  T Get(idx_t at) const {
    return UnifiedVectorFormat::GetData<T>(format_)[at];
  }
  bool IsDecimal() const { return vector_.GetType().id() == duckdb::LogicalTypeId::DECIMAL; }

  Vector& vector_;
  UnifiedVectorFormat format_;
  std::vector<Folder> children_;
  bool flat_ = false;
};

template <typename H>
void Hash(duckdb::DataChunk& in, duckdb::ExpressionState&, Vector& out) {
  constexpr typename H::Seed kSeed = 42;
  std::vector<Folder<H>> columns;
  for (auto& column : in.data) {
    // Members of a struct are looked at by the row numbers of the struct.
    if (column.GetType().InternalType() == PhysicalType::STRUCT) column.Flatten(in.size());
    columns.emplace_back(column, in.size());
  }
  auto* answers = duckdb::FlatVector::GetData<typename H::Answer>(out);
  for (idx_t row = 0; row < in.size(); ++row) {
    typename H::Seed seed = kSeed;
    for (const Folder<H>& column : columns) seed = column.Fold(row, seed);
    answers[row] = static_cast<typename H::Answer>(seed);
  }
  if (in.AllConstant()) out.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
}

}  // namespace

void RegisterHashFunctions(Registrar& f) {
  for (bool wide : {false, true}) {
    duckdb::ScalarFunction function(
        wide ? "spark_xxhash64" : "spark_hash", {},
        wide ? duckdb::LogicalType::BIGINT : duckdb::LogicalType::INTEGER,
        wide ? &Hash<XxHash64> : &Hash<Murmur3>);
    function.varargs = duckdb::LogicalType::ANY;
    f.AddFunction(std::move(function));
  }
}

}  // namespace tarn::engine
