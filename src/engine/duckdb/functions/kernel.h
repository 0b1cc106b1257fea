#pragma once
/// \file  Scalar functions of DuckDB from plain functions on single values: the loop over a chunk,
/// NULLs and the types of arguments follow from the C++ signature.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/duckdb/error_bridge.h"

namespace tarn::engine {

/// BINARY, told apart from STRING by its type.
struct Bytes {
  std::string_view view;
};
struct OwnedBytes {
  std::string data;
};

/// How one C++ type is read from and written to vectors.
template <typename T>
struct Cell {  // numbers, dates, instants: stored as they are
  static T Read(const duckdb::UnifiedVectorFormat& format, duckdb::idx_t at) {
    return duckdb::UnifiedVectorFormat::GetData<T>(format)[at];
  }
  static void Write(duckdb::Vector& out, duckdb::idx_t row, T value) {
    duckdb::FlatVector::GetData<T>(out)[row] = value;
  }
};

template <>
struct Cell<std::string_view> {
  static std::string_view Read(const duckdb::UnifiedVectorFormat& format, duckdb::idx_t at) {
    const auto& text = duckdb::UnifiedVectorFormat::GetData<duckdb::string_t>(format)[at];
    return {text.GetData(), text.GetSize()};
  }
  static void Write(duckdb::Vector& out, duckdb::idx_t row, std::string_view value) {
    duckdb::FlatVector::GetData<duckdb::string_t>(out)[row] =
        duckdb::StringVector::AddStringOrBlob(out, value.data(), value.size());
  }
};

template <>
struct Cell<std::string> : Cell<std::string_view> {};

template <>
struct Cell<Bytes> {
  static Bytes Read(const duckdb::UnifiedVectorFormat& format, duckdb::idx_t at) {
    return {Cell<std::string_view>::Read(format, at)};
  }
};

template <>
struct Cell<OwnedBytes> {
  static void Write(duckdb::Vector& out, duckdb::idx_t row, const OwnedBytes& value) {
    Cell<std::string_view>::Write(out, row, value.data);
  }
};

template <>
struct Cell<std::vector<std::string>> {
  static void Write(duckdb::Vector& out, duckdb::idx_t row, const std::vector<std::string>& items) {
    duckdb::idx_t begin = duckdb::ListVector::GetListSize(out);
    duckdb::ListVector::Reserve(out, begin + items.size());
    duckdb::Vector& child = duckdb::ListVector::GetEntry(out);
    for (size_t i = 0; i < items.size(); ++i) {
      Cell<std::string_view>::Write(child, begin + i, items[i]);
    }
    duckdb::ListVector::SetListSize(out, begin + items.size());
    duckdb::ListVector::GetData(out)[row] = {begin, items.size()};
  }
};

template <typename T>
duckdb::LogicalType TypeOf() {
  using duckdb::LogicalType;
  if constexpr (std::is_same_v<T, bool>) return LogicalType::BOOLEAN;
  if constexpr (std::is_same_v<T, int8_t>) return LogicalType::TINYINT;
  if constexpr (std::is_same_v<T, int16_t>) return LogicalType::SMALLINT;
  if constexpr (std::is_same_v<T, int32_t>) return LogicalType::INTEGER;
  if constexpr (std::is_same_v<T, int64_t>) return LogicalType::BIGINT;
  if constexpr (std::is_same_v<T, duckdb::hugeint_t>) return LogicalType::HUGEINT;
  if constexpr (std::is_same_v<T, float>) return LogicalType::FLOAT;
  if constexpr (std::is_same_v<T, double>) return LogicalType::DOUBLE;
  if constexpr (std::is_same_v<T, duckdb::date_t>) return LogicalType::DATE;
  if constexpr (std::is_same_v<T, duckdb::timestamp_t>) return LogicalType::TIMESTAMP;
  if constexpr (std::is_same_v<T, duckdb::timestamp_tz_t>) return LogicalType::TIMESTAMP_TZ;
  if constexpr (std::is_same_v<T, std::string_view> || std::is_same_v<T, std::string>) {
    return LogicalType::VARCHAR;
  }
  if constexpr (std::is_same_v<T, Bytes> || std::is_same_v<T, OwnedBytes>) return LogicalType::BLOB;
  if constexpr (std::is_same_v<T, std::vector<std::string>>) {
    return LogicalType::LIST(LogicalType::VARCHAR);
  }
}

template <typename T>
struct IsOptional : std::false_type {
  using Value = T;
};
template <typename T>
struct IsOptional<std::optional<T>> : std::true_type {
  using Value = T;
};

template <auto FUNCTION>
struct Kernel;

/// A NULL argument gives NULL without a call, unless its parameter is an optional. A result that is
/// an optional without a value is NULL.
template <typename R, typename... A, R (*FUNCTION)(A...)>
struct Kernel<FUNCTION> {
  static duckdb::vector<duckdb::LogicalType> Arguments() {
    return {TypeOf<typename IsOptional<A>::Value>()...};
  }
  static duckdb::LogicalType Result() { return TypeOf<typename IsOptional<R>::Value>(); }

  static void Run(duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
    RunWith(in, out, std::index_sequence_for<A...>());
  }

 private:
  template <typename T>
  static T Argument(const duckdb::UnifiedVectorFormat& format, duckdb::idx_t row) {
    duckdb::idx_t at = format.sel->get_index(row);
    using Value = typename IsOptional<T>::Value;
    if constexpr (IsOptional<T>::value) {
      if (!format.validity.RowIsValid(at)) return std::nullopt;
    }
    return Cell<Value>::Read(format, at);
  }

  template <size_t... I>
  static void RunWith(duckdb::DataChunk& in, duckdb::Vector& out, std::index_sequence<I...>) {
    bool constant = in.AllConstant();
    duckdb::idx_t count = constant ? 1 : in.size();
    std::array<duckdb::UnifiedVectorFormat, sizeof...(A)> formats;
    for (size_t i = 0; i < sizeof...(A); ++i) in.data[i].ToUnifiedFormat(in.size(), formats[i]);
    out.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
    for (duckdb::idx_t row = 0; row < count; ++row) {
      bool null = ((!IsOptional<A>::value &&
                    !formats[I].validity.RowIsValid(formats[I].sel->get_index(row))) ||
                   ...);
      if (null) {
        duckdb::FlatVector::SetNull(out, row, true);
        continue;
      }
      R value = FUNCTION(Argument<A>(formats[I], row)...);
      if constexpr (IsOptional<R>::value) {
        if (!value) {
          duckdb::FlatVector::SetNull(out, row, true);
        } else {
          Cell<typename IsOptional<R>::Value>::Write(out, row, *value);
        }
      } else {
        Cell<R>::Write(out, row, value);
      }
    }
    if (constant) out.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
  }
};

/// Registers functions under names that start with "spark_". One name may stand for several
/// argument lists.
class Registrar {
 public:
  explicit Registrar(duckdb::DatabaseInstance& db) : loader_(db, "tarn") {}

  template <auto FUNCTION>
  void Add(const char* name) {
    using K = Kernel<FUNCTION>;
    AddFunction(duckdb::ScalarFunction(name, K::Arguments(), K::Result(), &K::Run));
  }
  void AddFunction(duckdb::ScalarFunction function) {
    function.SetNullHandling(duckdb::FunctionNullHandling::SPECIAL_HANDLING);
    function.SetFallible();
    sets_.try_emplace(function.name, function.name).first->second.AddFunction(function);
  }
  duckdb::ExtensionLoader& loader() { return loader_; }
  void Finish() {
    for (auto& [name, set] : sets_) loader_.RegisterFunction(set);
  }

 private:
  duckdb::ExtensionLoader loader_;
  std::map<std::string, duckdb::ScalarFunctionSet> sets_;
};

[[noreturn]] inline void Raise(std::string_view reason, std::string message) {
  ThrowToDuckdb(Fail(reason, std::move(message)));
}

void RegisterTextFunctions(Registrar& functions);
void RegisterEncodingFunctions(Registrar& functions);
void RegisterRegexFunctions(Registrar& functions);
void RegisterMathFunctions(Registrar& functions);
void RegisterDatetimeFunctions(Registrar& functions);
void RegisterHashFunctions(Registrar& functions);
void RegisterJsonFunctions(Registrar& functions);
void RegisterCollectionFunctions(Registrar& functions);
void RegisterAggregates(Registrar& functions);

}  // namespace tarn::engine
