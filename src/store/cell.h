#pragma once
/// \file  One value of a row, and how it becomes a C++ type. Values; nothing here keeps state.
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "base/result.h"

namespace tarn::store {

struct Blob {
  std::string bytes;
  bool operator==(const Blob&) const = default;
};

using Cell = std::variant<std::nullptr_t, int64_t, double, std::string, Blob>;
using Row = std::vector<Cell>;

namespace internal {

Error WrongType(const Cell& cell, std::string_view wanted);

template <typename T>
struct Reader;

template <>
struct Reader<int64_t> {
  static Result<int64_t> Read(const Cell& cell);
};
template <>
struct Reader<bool> {
  static Result<bool> Read(const Cell& cell);
};
template <>
struct Reader<double> {
  static Result<double> Read(const Cell& cell);
};
template <>
struct Reader<std::string> {
  static Result<std::string> Read(const Cell& cell);
};
template <>
struct Reader<Blob> {
  static Result<Blob> Read(const Cell& cell);
};
template <typename T>
struct Reader<std::optional<T>> {
  static Result<std::optional<T>> Read(const Cell& cell) {
    if (std::holds_alternative<std::nullptr_t>(cell)) return std::optional<T>();
    TARN_TRY(T value, Reader<T>::Read(cell));
    return std::optional<T>(std::move(value));
  }
};

}  // namespace internal

/// The row as the types asked for; NULL only where one is an optional.
/// Errors: DATA_FOLDER_CORRUPT when a cell holds another type.
template <typename... T>
Result<std::tuple<T...>> ReadRow(const Row& row) {
  std::tuple<T...> typed;
  Status status = Ok();
  size_t at = 0;
  auto read = [&](auto& out) {
    using Type = std::decay_t<decltype(out)>;
    if (!status.ok()) return;
    Result<Type> value = internal::Reader<Type>::Read(row[at++]);
    value.ok() ? (void)(out = std::move(*value)) : (void)(status = value.error());
  };
  std::apply([&](auto&... out) { (read(out), ...); }, typed);
  if (!status.ok()) return std::move(status).error();
  return typed;
}

}  // namespace tarn::store
