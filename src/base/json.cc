#include "base/json.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <simdjson.h>

namespace tarn::json {
namespace {

Result<Value> FromElement(simdjson::dom::element element) {
  using simdjson::dom::element_type;
  switch (element.type()) {
    case element_type::NULL_VALUE:
      return Value();
    case element_type::BOOL:
      return Value(bool(element));
    case element_type::INT64:
      return Value(int64_t(element));
    case element_type::UINT64:
      return Value(double(uint64_t(element)));
    case element_type::DOUBLE:
      return Value(double(element));
    case element_type::STRING:
      return Value(std::string_view(element));
    case element_type::ARRAY: {
      Array array;
      for (simdjson::dom::element item : simdjson::dom::array(element)) {
        TARN_TRY(Value value, FromElement(item));
        array.push_back(std::move(value));
      }
      return Value(std::move(array));
    }
    case element_type::OBJECT: {
      Object object;
      for (auto field : simdjson::dom::object(element)) {
        TARN_TRY(Value value, FromElement(field.value));
        object.Set(std::string(field.key), std::move(value));
      }
      return Value(std::move(object));
    }
  }
  return Fail("JSON_PARSE_ERROR", "a value of an unknown kind");
}

}  // namespace

const Value* Object::Find(std::string_view key) const {
  for (const Member& member : members_) {
    if (member.first == key) return &member.second;
  }
  return nullptr;
}

Value& Object::Set(std::string key, Value value) {
  for (Member& member : members_) {
    if (member.first == key) return member.second = std::move(value);
  }
  return members_.emplace_back(std::move(key), std::move(value)).second;
}

bool Object::Erase(std::string_view key) {
  auto at = std::find_if(members_.begin(), members_.end(),
                         [&](const Member& member) { return member.first == key; });
  if (at == members_.end()) return false;
  members_.erase(at);
  return true;
}

bool Object::operator==(const Object& other) const {
  if (size() != other.size()) return false;
  return std::all_of(begin(), end(), [&](const Member& member) {
    const Value* theirs = other.Find(member.first);
    return theirs != nullptr && *theirs == member.second;
  });
}

const Value* Value::Find(std::string_view key) const {
  return is_object() ? as_object().Find(key) : nullptr;
}

std::string Value::GetString(std::string_view key, std::string_view fallback) const {
  const Value* v = Find(key);
  return v != nullptr && v->is_string() ? v->as_string() : std::string(fallback);
}

int64_t Value::GetInt(std::string_view key, int64_t fallback) const {
  const Value* v = Find(key);
  return v != nullptr && v->is_int() ? v->as_int() : fallback;
}

bool Value::GetBool(std::string_view key, bool fallback) const {
  const Value* v = Find(key);
  return v != nullptr && v->is_bool() ? v->as_bool() : fallback;
}

std::string Value::ToString() const {
  Writer writer;
  writer.Write(*this);
  return std::move(writer).Take();
}

Result<Value> Parse(std::string_view text) {
  // A parser keeps megabytes of buffers; one per thread is reused.
  thread_local simdjson::dom::parser parser;
  if (parser.max_depth() != 512) {
    if (auto error = parser.allocate(64 * 1024, 512)) {
      return Fail("INTERNAL_ERROR", simdjson::error_message(error));
    }
  }
  simdjson::dom::element root;
  if (auto error = parser.parse(text.data(), text.size()).get(root)) {
    return Fail("JSON_PARSE_ERROR",
                std::string("not valid JSON: ") + simdjson::error_message(error));
  }
  return FromElement(root);
}

void AppendQuoted(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  size_t plain = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    unsigned char c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text.substr(plain, i - plain));
    plain = i + 1;
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        out += "\\u00";
        out += kHex[c >> 4];
        out += kHex[c & 15];
    }
  }
  out.append(text.substr(plain));
  out += '"';
}

std::string Quote(std::string_view text) {
  std::string out;
  AppendQuoted(out, text);
  return out;
}

void Writer::Separate() {
  if (need_comma_) out_ += ',';
  need_comma_ = true;
}

Writer& Writer::BeginObject() {
  Separate();
  out_ += '{';
  need_comma_ = false;
  return *this;
}

Writer& Writer::EndObject() {
  out_ += '}';
  need_comma_ = true;
  return *this;
}

Writer& Writer::BeginArray() {
  Separate();
  out_ += '[';
  need_comma_ = false;
  return *this;
}

Writer& Writer::EndArray() {
  out_ += ']';
  need_comma_ = true;
  return *this;
}

Writer& Writer::Key(std::string_view key) {
  Separate();
  AppendQuoted(out_, key);
  out_ += ':';
  need_comma_ = false;
  return *this;
}

Writer& Writer::String(std::string_view value) {
  Separate();
  AppendQuoted(out_, value);
  return *this;
}

Writer& Writer::Int(int64_t value) {
  Separate();
  char buffer[24];
  auto [end, error] = std::to_chars(buffer, buffer + sizeof(buffer), value);
  out_.append(buffer, end);
  return *this;
}

Writer& Writer::Double(double value) {
  if (!std::isfinite(value)) return Null();
  Separate();
  char buffer[32];
  auto [end, error] = std::to_chars(buffer, buffer + sizeof(buffer), value);
  std::string_view text(buffer, end - buffer);
  out_ += text;
  // Without a mark of its own a whole double would read back as an integer.
  if (text.find_first_of(".e") == std::string_view::npos) out_ += ".0";
  return *this;
}

Writer& Writer::Bool(bool value) {
  Separate();
  out_ += value ? "true" : "false";
  return *this;
}

Writer& Writer::Null() {
  Separate();
  out_ += "null";
  return *this;
}

Writer& Writer::Raw(std::string_view json) {
  Separate();
  out_ += json;
  return *this;
}

Writer& Writer::Write(const Value& value) {
  if (value.is_null()) return Null();
  if (value.is_bool()) return Bool(value.as_bool());
  if (value.is_int()) return Int(value.as_int());
  if (value.is_double()) return Double(value.as_double());
  if (value.is_string()) return String(value.as_string());
  if (value.is_array()) {
    BeginArray();
    for (const Value& item : value.as_array()) Write(item);
    return EndArray();
  }
  BeginObject();
  for (const auto& [key, item] : value.as_object()) Key(key).Write(item);
  return EndObject();
}

}  // namespace tarn::json
