#include <charconv>

#include "engine/duckdb/functions/java_regex.h"
#include "engine/duckdb/functions/kernel.h"
#include "engine/duckdb/functions/utf8.h"

namespace tarn::engine {
namespace {

using Regex = std::shared_ptr<const JavaRegex>;

bool Rlike(std::string_view text, std::string_view pattern) {
  JavaRegex::Match match;
  return JavaRegex::Compile(pattern, "rlike")->Find(text, 0, match);
}

void CheckGroup(const JavaRegex& regex, int32_t group, std::string_view function) {
  if (group >= 0 && group <= regex.group_count()) return;
  Raise("INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX",
        "The value of parameter(s) `idx` in `" + std::string(function) +
            "` is invalid: Expects group index between 0 and " +
            std::to_string(regex.group_count()) + ", but got " + std::to_string(group) + ".");
}

std::string Extract(std::string_view text, std::string_view pattern, int32_t group) {
  Regex regex = JavaRegex::Compile(pattern, "regexp_extract");
  JavaRegex::Match match;
  if (!regex->Find(text, 0, match)) return "";
  CheckGroup(*regex, group, "regexp_extract");
  return std::string(match.groups[static_cast<size_t>(group)]);
}
std::string ExtractFirst(std::string_view text, std::string_view pattern) {
  return Extract(text, pattern, 1);
}

std::vector<std::string> ExtractAll(std::string_view text, std::string_view pattern,
                                    int32_t group) {
  Regex regex = JavaRegex::Compile(pattern, "regexp_extract_all");
  std::vector<std::string> found;
  JavaRegex::Match match;
  for (size_t from = 0; regex->Find(text, from, match); from = JavaRegex::After(text, match)) {
    CheckGroup(*regex, group, "regexp_extract_all");
    found.emplace_back(match.groups[static_cast<size_t>(group)]);
  }
  return found;
}
std::vector<std::string> ExtractAllFirst(std::string_view text, std::string_view pattern) {
  return ExtractAll(text, pattern, 1);
}

// Appends the replacement of a match: $1, \x.
void AppendReplacement(std::string_view with, const JavaRegex::Match& match, std::string& out) {
  auto invalid = [&] {
    Raise("INVALID_REGEXP_REPLACE",
          "Could not perform regexp_replace with the replacement '" + std::string(with) + "'.");
  };
  for (size_t i = 0; i < with.size(); ++i) {
    if (with[i] == '\\') {
      if (++i == with.size()) invalid();
      out += with[i];
      continue;
    }
    if (with[i] != '$') {
      out += with[i];
      continue;
    }
    if (i + 1 < with.size() && with[i + 1] == '{') {
      Raise("UNSUPPORTED_FEATURE", "Tarn does not support named groups in replacements yet.");
    }
    size_t digit = i + 1;
    size_t group = 0;
    for (; digit < with.size() && with[digit] >= '0' && with[digit] <= '9'; ++digit) {
      size_t longer = group * 10 + static_cast<size_t>(with[digit] - '0');
      if (digit > i + 1 && longer >= match.groups.size()) break;
      group = longer;
    }
    if (digit == i + 1 || group >= match.groups.size()) invalid();
    out += match.groups[group];
    i = digit - 1;
  }
}

std::string ReplaceFrom(std::string_view text, std::string_view pattern, std::string_view with,
                        int32_t position) {
  if (position < 1) {
    Raise("DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE",
          "The position must be between 1 and the largest integer.");
  }
  Regex regex = JavaRegex::Compile(pattern, "regexp_replace");
  size_t from = position == 1 ? 0 : ByteOffset(text, position - 1);
  if (from == std::string_view::npos) return std::string(text);
  std::string out(text.substr(0, from));
  JavaRegex::Match match;
  size_t copied = from;
  while (regex->Find(text, from, match)) {
    out += text.substr(copied, match.begin - copied);
    AppendReplacement(with, match, out);
    copied = match.end;
    from = JavaRegex::After(text, match);
  }
  out += text.substr(copied);
  return out;
}
std::string Replace(std::string_view text, std::string_view pattern, std::string_view with) {
  return ReplaceFrom(text, pattern, with, 1);
}

int32_t Count(std::string_view text, std::string_view pattern) {
  Regex regex = JavaRegex::Compile(pattern, "regexp_count");
  JavaRegex::Match match;
  int32_t count = 0;
  for (size_t from = 0; regex->Find(text, from, match); from = JavaRegex::After(text, match)) {
    ++count;
  }
  return count;
}

int32_t Instr(std::string_view text, std::string_view pattern) {
  JavaRegex::Match match;
  if (!JavaRegex::Compile(pattern, "regexp_instr")->Find(text, 0, match)) return 0;
  return static_cast<int32_t>(CharacterCount(text.substr(0, match.begin))) + 1;
}
// The group is there for other engines' sake: Spark does not look at it.
int32_t InstrOfGroup(std::string_view text, std::string_view pattern, int32_t) {
  return Instr(text, pattern);
}

std::optional<std::string> Substr(std::string_view text, std::string_view pattern) {
  JavaRegex::Match match;
  if (!JavaRegex::Compile(pattern, "regexp_substr")->Find(text, 0, match)) return std::nullopt;
  return std::string(match.groups[0]);
}

std::vector<std::string> SplitCharacters(std::string_view text, size_t limit) {
  std::vector<std::string> parts;
  std::u32string points = CodePoints(text);
  size_t at = 0;
  for (; at < points.size() && parts.size() + 1 < limit; ++at) {
    parts.push_back(CodePointText(points[at]));
  }
  if (at < points.size()) {
    parts.emplace_back();
    for (; at < points.size(); ++at) parts.back() += CodePointText(points[at]);
  }
  return parts;
}

std::vector<std::string> SplitTo(std::string_view text, std::string_view pattern, int32_t most) {
  size_t limit = most > 0 ? static_cast<size_t>(most) : std::string_view::npos;
  if (pattern.empty() && !text.empty()) return SplitCharacters(text, limit);
  Regex regex = JavaRegex::Compile(pattern, "split");
  std::vector<std::string> parts;
  JavaRegex::Match match;
  size_t begin = 0;
  for (size_t from = 0; parts.size() + 1 < limit && regex->Find(text, from, match);
       from = JavaRegex::After(text, match)) {
    // Nothing at the very start parts nothing.
    if (match.end == 0) continue;
    parts.emplace_back(text.substr(begin, match.begin - begin));
    begin = match.end;
  }
  parts.emplace_back(text.substr(begin));
  return parts;
}
std::vector<std::string> SplitAll(std::string_view text, std::string_view pattern) {
  return SplitTo(text, pattern, -1);
}

}  // namespace

void RegisterRegexFunctions(Registrar& f) {
  f.Add<&Rlike>("spark_rlike");
  f.Add<&Extract>("spark_regexp_extract");
  f.Add<&ExtractFirst>("spark_regexp_extract");
  f.Add<&ExtractAll>("spark_regexp_extract_all");
  f.Add<&ExtractAllFirst>("spark_regexp_extract_all");
  f.Add<&Replace>("spark_regexp_replace");
  f.Add<&ReplaceFrom>("spark_regexp_replace");
  f.Add<&Count>("spark_regexp_count");
  f.Add<&Instr>("spark_regexp_instr");
  f.Add<&InstrOfGroup>("spark_regexp_instr");
  f.Add<&Substr>("spark_regexp_substr");
  f.Add<&SplitAll>("spark_split");
  f.Add<&SplitTo>("spark_split");
}

}  // namespace tarn::engine
