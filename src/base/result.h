#pragma once
/// \file  `Result<T>`: a value or an Error. `Status` is `Result<void>`.
#include <cstdlib>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/error.h"

namespace tarn {

/// A value or the error that stands in its place.
/// Asking for the side that is not there is a programming error and ends the
/// process.
template <typename T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit
  template <typename U = T, typename = std::enable_if_t<std::is_convertible_v<U&&, T> &&
                                                        !std::is_same_v<std::decay_t<U>, Result> &&
                                                        !std::is_same_v<std::decay_t<U>, Error>>>
  Result(U&& value) : state_(std::in_place_index<0>, std::forward<U>(value)) {}  // NOLINT

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & { return *Checked(); }
  const T& value() const& { return *const_cast<Result*>(this)->Checked(); }
  T&& value() && { return std::move(*Checked()); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return Checked(); }
  const T* operator->() const { return const_cast<Result*>(this)->Checked(); }

  const Error& error() const& {
    const Error* e = std::get_if<1>(&state_);
    if (e == nullptr) std::abort();
    return *e;
  }
  Error&& error() && {
    Error* e = std::get_if<1>(&state_);
    if (e == nullptr) std::abort();
    return std::move(*e);
  }

 private:
  T* Checked() {
    T* v = std::get_if<0>(&state_);
    if (v == nullptr) std::abort();
    return v;
  }
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT: implicit

  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  void value() const {
    if (error_) std::abort();
  }
  const Error& error() const& {
    if (!error_) std::abort();
    return *error_;
  }
  Error&& error() && {
    if (!error_) std::abort();
    return std::move(*error_);
  }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;
inline Status Ok() { return Status(); }

}  // namespace tarn

#define TARN_CONCAT_(a, b) a##b
#define TARN_CONCAT(a, b) TARN_CONCAT_(a, b)

#define TARN_TRY_(tmp, lhs, expr)               \
  auto tmp = (expr);                            \
  if (!tmp.ok()) return std::move(tmp).error(); \
  lhs = std::move(tmp).value()

/// `TARN_TRY(auto x, Expr());` declares x from the value or returns the error.
/// Needs braces under `if`.
#define TARN_TRY(lhs, ...) TARN_TRY_(TARN_CONCAT(tarn_try_, __COUNTER__), lhs, (__VA_ARGS__))

/// Returns the error of a Status or Result, if any; the value is dropped.
#define TARN_RETURN_IF_ERROR(...)                              \
  do {                                                         \
    if (auto tarn_status = (__VA_ARGS__); !tarn_status.ok()) { \
      return std::move(tarn_status).error();                   \
    }                                                          \
  } while (false)
