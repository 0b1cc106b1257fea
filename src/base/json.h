#pragma once
/// \file  JSON (RFC 8259): a value tree for requests and records, and an
/// append-only writer for replies. Hot paths (the Delta log) use the parser
/// library directly in their own source files.
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"

namespace tarn::json {

class Value;
using Array = std::vector<Value>;
using Member = std::pair<std::string, Value>;

/// Members in document order; a repeated key keeps its last value, as the
/// vendor's server does.
class Object {
 public:
  const Value* Find(std::string_view key) const;
  Value& Set(std::string key, Value value);
  bool Erase(std::string_view key);
  size_t size() const { return members_.size(); }
  bool empty() const { return members_.empty(); }
  auto begin() const { return members_.begin(); }
  auto end() const { return members_.end(); }
  auto begin() { return members_.begin(); }
  auto end() { return members_.end(); }
  bool operator==(const Object& other) const;

 private:
  std::vector<Member> members_;
};

/// Any JSON value. Integers that fit int64 stay exact; other numbers are
/// doubles.
class Value {
 public:
  Value() = default;
  Value(std::nullptr_t) {}                               // NOLINT: implicit
  Value(bool b) : data_(b) {}                            // NOLINT
  Value(int n) : data_(int64_t{n}) {}                    // NOLINT
  Value(int64_t n) : data_(n) {}                         // NOLINT
  Value(uint64_t n) : data_(static_cast<int64_t>(n)) {}  // NOLINT
  Value(double n) : data_(n) {}                          // NOLINT
  Value(std::string s) : data_(std::move(s)) {}          // NOLINT
  Value(std::string_view s) : data_(std::string(s)) {}   // NOLINT
  Value(const char* s) : data_(std::string(s)) {}        // NOLINT
  Value(Array a) : data_(std::move(a)) {}                // NOLINT
  Value(Object o) : data_(std::move(o)) {}               // NOLINT

  bool is_null() const { return data_.index() == 0; }
  bool is_bool() const { return data_.index() == 1; }
  bool is_int() const { return data_.index() == 2; }
  bool is_double() const { return data_.index() == 3; }
  bool is_number() const { return is_int() || is_double(); }
  bool is_string() const { return data_.index() == 4; }
  bool is_array() const { return data_.index() == 5; }
  bool is_object() const { return data_.index() == 6; }

  bool as_bool() const { return std::get<bool>(data_); }
  int64_t as_int() const { return std::get<int64_t>(data_); }
  double as_double() const { return is_int() ? double(as_int()) : std::get<double>(data_); }
  const std::string& as_string() const { return std::get<std::string>(data_); }
  const Array& as_array() const { return std::get<Array>(data_); }
  Array& as_array() { return std::get<Array>(data_); }
  const Object& as_object() const { return std::get<Object>(data_); }
  Object& as_object() { return std::get<Object>(data_); }

  /// The member of an object, or nullptr when this is no object or has none.
  const Value* Find(std::string_view key) const;
  /// Member with a type, or the fallback when absent or null or of another
  /// type.
  std::string GetString(std::string_view key, std::string_view fallback = "") const;
  int64_t GetInt(std::string_view key, int64_t fallback = 0) const;
  bool GetBool(std::string_view key, bool fallback = false) const;

  bool operator==(const Value& other) const { return data_ == other.data_; }
  std::string ToString() const;

 private:
  std::variant<std::monostate, bool, int64_t, double, std::string, Array, Object> data_;
};

/// Errors: JSON_PARSE_ERROR with the byte offset when known. Nesting over 512
/// levels is refused.
Result<Value> Parse(std::string_view text);

/// Builds one JSON text front to back. The caller keeps the nesting right;
/// commas are the writer's. Not thread-safe.
class Writer {
 public:
  Writer& BeginObject();
  Writer& EndObject();
  Writer& BeginArray();
  Writer& EndArray();
  Writer& Key(std::string_view key);
  Writer& String(std::string_view value);
  Writer& Int(int64_t value);
  /// Shortest text that reads back to the same double; NaN and infinities
  /// become null.
  Writer& Double(double value);
  Writer& Bool(bool value);
  Writer& Null();
  Writer& Write(const Value& value);
  /// Appends text that already is JSON.
  Writer& Raw(std::string_view json);

  const std::string& text() const { return out_; }
  std::string Take() && { return std::move(out_); }

 private:
  void Separate();
  std::string out_;
  bool need_comma_ = false;
};

/// `text` as a JSON string with its quotes.
std::string Quote(std::string_view text);
void AppendQuoted(std::string& out, std::string_view text);

}  // namespace tarn::json
