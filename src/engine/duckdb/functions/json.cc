#include "base/json.h"

#include <cmath>

#include "base/encoding.h"
#include "columnar/value_text.h"
#include "engine/duckdb/functions/kernel.h"

namespace tarn::engine {
namespace {

using duckdb::LogicalTypeId;
using duckdb::Value;

// The text of a key or of a value that is no number, object or array.
std::string PlainText(const Value& value) {
  switch (value.type().id()) {
    case LogicalTypeId::BOOLEAN:
      return value.GetValue<bool>() ? "true" : "false";
    case LogicalTypeId::FLOAT:
      return columnar::FloatText(value.GetValue<float>());
    case LogicalTypeId::DOUBLE:
      return columnar::DoubleText(value.GetValue<double>());
    case LogicalTypeId::DATE:
      return columnar::DateText(duckdb::DateValue::Get(value).days);
    case LogicalTypeId::BLOB:
      return Base64Encode(duckdb::StringValue::Get(value));
    case LogicalTypeId::TIMESTAMP:
    case LogicalTypeId::TIMESTAMP_TZ: {
      bool zoned = value.type().id() == LogicalTypeId::TIMESTAMP_TZ;
      int64_t micros = zoned ? value.GetValueUnsafe<duckdb::timestamp_tz_t>().value
                             : value.GetValueUnsafe<duckdb::timestamp_t>().value;
      int64_t in_second = (micros % 1'000'000 + 1'000'000) % 1'000'000;
      std::string text = columnar::TimestampText(micros - in_second);
      text[text.find(' ')] = 'T';
      std::string millis = std::to_string(1000 + in_second / 1000).substr(1);
      return text + "." + millis + (zoned ? "Z" : "");
    }
    default:
      return value.ToString();
  }
}

void AppendJson(const Value& value, std::string& out) {
  if (value.IsNull()) {
    out += "null";
    return;
  }
  switch (value.type().id()) {
    case LogicalTypeId::STRUCT: {
      const auto& members = duckdb::StructValue::GetChildren(value);
      bool first = true;
      out += '{';
      for (size_t i = 0; i < members.size(); ++i) {
        // Fields without a value are left out.
        if (members[i].IsNull()) continue;
        out += first ? "" : ",";
        first = false;
        json::AppendQuoted(out, duckdb::StructType::GetChildName(value.type(), i));
        out += ':';
        AppendJson(members[i], out);
      }
      out += '}';
      return;
    }
    case LogicalTypeId::MAP: {
      bool first = true;
      out += '{';
      for (const Value& entry : duckdb::MapValue::GetChildren(value)) {
        const auto& pair = duckdb::StructValue::GetChildren(entry);
        out += first ? "" : ",";
        first = false;
        json::AppendQuoted(out, PlainText(pair[0]));
        out += ':';
        AppendJson(pair[1], out);
      }
      out += '}';
      return;
    }
    case LogicalTypeId::LIST: {
      bool first = true;
      out += '[';
      for (const Value& item : duckdb::ListValue::GetChildren(value)) {
        out += first ? "" : ",";
        first = false;
        AppendJson(item, out);
      }
      out += ']';
      return;
    }
    default: {
      std::string text = PlainText(value);
      bool bare = value.type().IsNumeric() || value.type().id() == LogicalTypeId::BOOLEAN;
      bool finite = text != "NaN" && text.find("Infinity") == std::string::npos;
      if (bare && finite) {
        out += text;
      } else {
        json::AppendQuoted(out, text);
      }
    }
  }
}

void ToJson(duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
  duckdb::idx_t count = in.AllConstant() ? 1 : in.size();
  for (duckdb::idx_t row = 0; row < count; ++row) {
    Value value = in.data[0].GetValue(row);
    if (value.IsNull()) {
      duckdb::FlatVector::SetNull(out, row, true);
      continue;
    }
    std::string text;
    AppendJson(value, text);
    Cell<std::string>::Write(out, row, text);
  }
  if (in.AllConstant()) out.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
}

std::optional<int32_t> ArrayLength(std::string_view text) {
  Result<json::Value> parsed = json::Parse(text);
  if (!parsed.ok() || !parsed->is_array()) return std::nullopt;
  return static_cast<int32_t>(parsed->as_array().size());
}

struct Step {
  std::string key;
  std::optional<size_t> index;
};

// $, .name, ['name'], [n]; nothing for what is no path.
std::optional<std::vector<Step>> ParsePath(std::string_view path) {
  if (path.empty() || path[0] != '$') return std::nullopt;
  std::vector<Step> steps;
  for (size_t i = 1; i < path.size();) {
    if (path[i] == '.') {
      size_t end = std::min(path.find_first_of(".[", i + 1), path.size());
      std::string key(path.substr(i + 1, end - i - 1));
      if (key.empty()) return std::nullopt;
      if (key == "*") Raise("UNSUPPORTED_FEATURE", "Tarn does not support * in JSON paths yet.");
      steps.push_back({std::move(key), std::nullopt});
      i = end;
    } else if (path.substr(i, 2) == "['") {
      size_t end = path.find("']", i + 2);
      if (end == std::string_view::npos || end == i + 2) return std::nullopt;
      steps.push_back({std::string(path.substr(i + 2, end - i - 2)), std::nullopt});
      i = end + 2;
    } else if (path[i] == '[') {
      size_t end = path.find(']', i);
      if (end == std::string_view::npos) return std::nullopt;
      std::string_view digits = path.substr(i + 1, end - i - 1);
      if (digits == "*") Raise("UNSUPPORTED_FEATURE", "Tarn does not support * in JSON paths yet.");
      bool number = !digits.empty() && digits.size() < 10 &&
                    digits.find_first_not_of("0123456789") == std::string_view::npos;
      if (!number) return std::nullopt;
      steps.push_back({{}, static_cast<size_t>(std::stoul(std::string(digits)))});
      i = end + 1;
    } else {
      return std::nullopt;
    }
  }
  return steps;
}

// As Jackson writes it: numbers in Java's layout, no blanks.
void AppendValue(const json::Value& value, std::string& out) {
  if (value.is_object()) {
    out += '{';
    bool first = true;
    for (const auto& [key, member] : value.as_object()) {
      out += first ? "" : ",";
      first = false;
      json::AppendQuoted(out, key);
      out += ':';
      AppendValue(member, out);
    }
    out += '}';
  } else if (value.is_array()) {
    out += '[';
    bool first = true;
    for (const json::Value& item : value.as_array()) {
      out += first ? "" : ",";
      first = false;
      AppendValue(item, out);
    }
    out += ']';
  } else if (value.is_double()) {
    double number = value.as_double();
    if (std::abs(number) >= 9e18) {
      Raise("UNSUPPORTED_FEATURE", "Tarn does not support JSON numbers beyond 64 bits yet.");
    }
    out += columnar::DoubleText(number);
  } else {
    out += value.ToString();
  }
}

std::optional<std::string> GetJsonObject(std::string_view text, std::string_view path) {
  std::optional<std::vector<Step>> steps = ParsePath(path);
  if (!steps) return std::nullopt;
  Result<json::Value> parsed = json::Parse(text);
  if (!parsed.ok()) return std::nullopt;
  const json::Value* at = &*parsed;
  for (const Step& step : *steps) {
    if (step.index) {
      if (!at->is_array() || *step.index >= at->as_array().size()) return std::nullopt;
      at = &at->as_array()[*step.index];
    } else {
      at = at->is_object() ? at->Find(step.key) : nullptr;
    }
    if (at == nullptr) return std::nullopt;
  }
  if (at->is_null()) return std::nullopt;
  if (at->is_string()) return at->as_string();
  std::string out;
  AppendValue(*at, out);
  return out;
}

}  // namespace

void RegisterJsonFunctions(Registrar& f) {
  f.Add<&ArrayLength>("spark_json_array_length");
  f.Add<&GetJsonObject>("spark_get_json_object");
  f.AddFunction(duckdb::ScalarFunction("spark_to_json", {duckdb::LogicalType::ANY},
                                       duckdb::LogicalType::VARCHAR, &ToJson));
}

}  // namespace tarn::engine
