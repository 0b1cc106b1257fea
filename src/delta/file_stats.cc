#include "delta/file_stats.h"

#include <simdjson.h>

namespace tarn::delta {
namespace {

constexpr size_t kPrefixCharacters = 32;

// Bytes of the first `count` characters of UTF-8 text.
size_t PrefixBytes(std::string_view text, size_t count) {
  size_t at = 0;
  while (at < text.size() && count > 0) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) ++at;
    --count;
  }
  return at;
}

json::Object ObjectOf(const json::Value& value, std::string_view key) {
  const json::Value* member = value.Find(key);
  return member != nullptr && member->is_object() ? member->as_object() : json::Object();
}

}  // namespace

FileStats FileStats::Parse(const std::string& text) {
  FileStats stats;
  if (text.empty()) return stats;
  Result<json::Value> parsed = json::Parse(text);
  if (!parsed.ok() || !parsed->is_object()) return stats;
  const json::Value* records = parsed->Find("numRecords");
  if (records != nullptr && records->is_int()) stats.num_records = records->as_int();
  stats.min_values = ObjectOf(*parsed, "minValues");
  stats.max_values = ObjectOf(*parsed, "maxValues");
  stats.null_count = ObjectOf(*parsed, "nullCount");
  stats.tight_bounds = parsed->GetBool("tightBounds", true);
  return stats;
}

std::string FileStats::ToJson() const {
  json::Object object;
  if (num_records) object.Set("numRecords", *num_records);
  object.Set("minValues", min_values);
  object.Set("maxValues", max_values);
  object.Set("nullCount", null_count);
  if (!tight_bounds) object.Set("tightBounds", false);
  return json::Value(std::move(object)).ToString();
}

struct StatsReader::Parser {
  simdjson::dom::parser dom;

  // Text that is not statistics gives nothing.
  std::optional<simdjson::dom::object> Read(std::string_view text) {
    simdjson::dom::object object;
    if (text.empty() || dom.parse(text.data(), text.size()).get(object) != simdjson::SUCCESS) {
      return std::nullopt;
    }
    return object;
  }

  static std::optional<simdjson::dom::element> At(simdjson::dom::object object, const char* part,
                                                  const std::vector<std::string>& path) {
    simdjson::dom::element at;
    if (object[part].get(at) != simdjson::SUCCESS) return std::nullopt;
    for (const std::string& name : path) {
      if (at[name].get(at) != simdjson::SUCCESS) return std::nullopt;
    }
    return at;
  }

  static std::optional<int64_t> Integer(std::optional<simdjson::dom::element> element) {
    int64_t value = 0;
    if (!element || element->get(value) != simdjson::SUCCESS) return std::nullopt;
    return value;
  }

  static std::optional<json::Value> Scalar(std::optional<simdjson::dom::element> element) {
    if (!element) return std::nullopt;
    switch (element->type()) {
      case simdjson::dom::element_type::STRING:
        return json::Value(std::string_view(*element));
      case simdjson::dom::element_type::INT64:
        return json::Value(int64_t(*element));
      case simdjson::dom::element_type::BOOL:
        return json::Value(bool(*element));
      case simdjson::dom::element_type::NULL_VALUE:
        return json::Value();
      default: {
        Result<json::Value> value = json::Parse(simdjson::minify(*element));
        return value.ok() ? std::optional(*std::move(value)) : std::nullopt;
      }
    }
  }
};

StatsReader::StatsReader() : parser_(std::make_unique<Parser>()) {}
StatsReader::~StatsReader() = default;

std::optional<int64_t> StatsReader::NumRecords(std::string_view text) {
  auto object = parser_->Read(text);
  return object ? Parser::Integer(Parser::At(*object, "numRecords", {})) : std::nullopt;
}

ColumnStats StatsReader::Column(std::string_view text, const std::vector<std::string>& path) {
  ColumnStats stats;
  auto object = parser_->Read(text);
  if (!object) return stats;
  stats.num_records = Parser::Integer(Parser::At(*object, "numRecords", {}));
  stats.minimum = Parser::Scalar(Parser::At(*object, "minValues", path));
  stats.maximum = Parser::Scalar(Parser::At(*object, "maxValues", path));
  stats.null_count = Parser::Integer(Parser::At(*object, "nullCount", path));
  bool tight = true;
  if ((*object)["tightBounds"].get(tight) == simdjson::SUCCESS) stats.tight_bounds = tight;
  return stats;
}

std::string TruncateMinimum(std::string_view value) {
  return std::string(value.substr(0, PrefixBytes(value, kPrefixCharacters)));
}

std::optional<std::string> TruncateMaximum(std::string_view value) {
  constexpr std::string_view kHighestAscii = "\x7f";
  constexpr std::string_view kHighest = "\xf4\x8f\xbf\xbf";
  // A prefix followed by a character above the one that follows it bounds the whole text; a text
  // that goes on with the highest character of all is cut later.
  for (size_t characters = kPrefixCharacters; characters <= 2 * kPrefixCharacters; ++characters) {
    size_t prefix = PrefixBytes(value, characters);
    if (prefix == value.size()) return std::string(value);
    std::string_view rest = value.substr(prefix);
    if (rest.substr(0, kHighest.size()) == kHighest) continue;
    bool ascii = static_cast<unsigned char>(rest[0]) < 0x7f;
    return std::string(value.substr(0, prefix)) + std::string(ascii ? kHighestAscii : kHighest);
  }
  return std::nullopt;
}

}  // namespace tarn::delta
