#include "engine/duckdb/functions/java_regex.h"

#include <unordered_map>

#include <re2/re2.h>

#include "engine/duckdb/functions/kernel.h"
#include "engine/duckdb/functions/utf8.h"

namespace tarn::engine {
namespace {

constexpr std::string_view kLineEnds = R"(\n\r\x{85}\x{2028}\x{2029})";

struct Translation {
  std::string pattern;
  bool has_dollar = false;
  bool has_boundary = false;
  bool ignores_case = false;
  bool multiline = false;
};

// Rewrites a Java pattern for RE2, one construct after the other.
class Translator {
 public:
  Translator(std::string_view pattern, std::string_view function)
      : text_(pattern), function_(function) {}

  Translation Run() {
    while (at_ < text_.size()) Next();
    return std::move(out_);
  }

 private:
  [[noreturn]] void Invalid() const {
    Raise("INVALID_PARAMETER_VALUE.PATTERN",
          "The value of parameter(s) `regexp` in `" + std::string(function_) + "` is invalid: '" +
              std::string(text_) + "' is not a regular expression.");
  }
  [[noreturn]] void Unsupported(std::string_view what) const {
    Raise("UNSUPPORTED_FEATURE", "Tarn does not support " + std::string(what) +
                                     " in regular expressions yet: '" + std::string(text_) + "'.");
  }
  char Peek(size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  bool Takes(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }
  void Add(std::string_view part) { out_.pattern += part; }

  void Next() {
    char c = text_[at_];
    switch (c) {
      case '\\':
        Add(Escape(false));
        break;
      case '[':
        Class();
        break;
      case '(':
        Group();
        return;  // nothing to repeat yet
      case '.':
        ++at_;
        if (dot_all_) {
          Add("(?s:.)");
        } else {
          Add("[^" + std::string(kLineEnds) + "]");
        }
        break;
      case '$':
        ++at_;
        (out_.multiline ? out_.multiline : out_.has_dollar) = true;
        Add("$");
        break;
      case '*':
      case '+':
      case '?':
      case '{':
        Invalid();  // a quantifier without anything to repeat
      default:
        ++at_;
        if (static_cast<unsigned char>(c) >= 0x80 && out_.ignores_case) {
          Unsupported("(?i) with letters beyond ASCII");
        }
        // The bytes of one character stay together under a quantifier.
        Add(std::string_view(&text_[at_ - 1], 1));
        while (at_ < text_.size() && (static_cast<unsigned char>(text_[at_]) & 0xc0) == 0x80) {
          Add(std::string_view(&text_[at_++], 1));
        }
        if (c == '|') return;
        break;
    }
    Quantifier();
  }

  void Quantifier() {
    char c = Peek();
    if (c == '{') {
      size_t end = text_.find('}', at_);
      if (end == std::string_view::npos) Invalid();
      std::string_view range = text_.substr(at_ + 1, end - at_ - 1);
      if (range.empty() || range.find_first_not_of("0123456789,") != std::string_view::npos ||
          range[0] == ',') {
        Invalid();
      }
      Add(text_.substr(at_, end + 1 - at_));
      at_ = end + 1;
    } else if (c == '*' || c == '+' || c == '?') {
      Add(std::string_view(&text_[at_++], 1));
    } else {
      return;
    }
    if (Peek() == '+') Unsupported("possessive quantifiers");
    if (Peek() == '?') {
      Add("?");
      ++at_;
    }
    if (Peek() == '*' || Peek() == '+' || Peek() == '?') Invalid();
  }

  void Group() {
    ++at_;
    if (Peek() != '?') {
      Add("(");
      Parenthesis();
      return;
    }
    ++at_;
    if (Takes(":")) {
      Add("(?:");
    } else if (Peek() == '=' || Peek() == '!' ||
               (Peek() == '<' && (Peek(1) == '=' || Peek(1) == '!'))) {
      Unsupported("look-around");
    } else if (Peek() == '>') {
      Unsupported("atomic groups");
    } else if (Takes("<")) {
      size_t end = text_.find('>', at_);
      if (end == std::string_view::npos) Invalid();
      Add("(?P<" + std::string(text_.substr(at_, end - at_)) + ">");
      at_ = end + 1;
    } else {
      Flags();
      return;
    }
    Parenthesis();
  }

  // Up to the closing parenthesis, with the quantifier behind it.
  void Parenthesis() {
    while (at_ < text_.size() && text_[at_] != ')') Next();
    if (at_ == text_.size()) Invalid();
    ++at_;
    Add(")");
    Quantifier();
  }

  // Flags for all that follows, at the start of the pattern only.
  void Flags() {
    bool first = at_ == 2;
    size_t end = text_.find(')', at_);
    if (end == std::string_view::npos) Invalid();
    std::string_view flags = text_.substr(at_, end - at_);
    if (!first || flags.find_first_not_of("ism") != std::string_view::npos) {
      Unsupported("flags other than (?i), (?s) and (?m) at the start");
    }
    at_ = end + 1;
    for (char flag : flags) {
      if (flag == 'i') out_.ignores_case = true;
      if (flag == 's') dot_all_ = true;
      if (flag == 'm') out_.multiline = true;
    }
    if (out_.ignores_case) Add("(?i)");
    if (out_.multiline) Add("(?m)");
  }

  void Class() {
    ++at_;
    std::string out = "[";
    if (Takes("^")) out += '^';
    if (Peek() == ']') Unsupported("']' as the first character of a class");
    for (;;) {
      if (at_ >= text_.size()) Invalid();
      char c = text_[at_];
      if (c == ']') break;
      if (c == '[') Unsupported("classes inside classes");
      if (c == '&' && Peek(1) == '&') Unsupported("intersections of classes");
      if (c == '\\') {
        out += Escape(true);
        continue;
      }
      if (static_cast<unsigned char>(c) >= 0x80 && out_.ignores_case) {
        Unsupported("(?i) with letters beyond ASCII");
      }
      out += c;
      ++at_;
    }
    ++at_;
    Add(out + "]");
  }

  static std::string Hex(uint32_t code) {
    char text[16];
    std::snprintf(text, sizeof(text), "\\x{%x}", code);
    return text;
  }

  uint32_t HexDigits(size_t count) {
    uint32_t code = 0;
    for (size_t i = 0; i < count; ++i, ++at_) {
      if (std::isxdigit(static_cast<unsigned char>(Peek())) == 0) Invalid();
      code = code * 16 + static_cast<uint32_t>(std::stoi(std::string(1, Peek()), nullptr, 16));
    }
    return code;
  }

  // A set by its members, inside a class or as a class of its own.
  static std::string Set(std::string_view members, bool in_class, bool negated = false) {
    if (in_class) return std::string(members);
    return (negated ? "[^" : "[") + std::string(members) + "]";
  }

  std::string Escape(bool in_class) {
    ++at_;
    if (at_ >= text_.size()) Invalid();
    char c = text_[at_++];
    switch (c) {
      case 'd':
      case 'D':
      case 'w':
      case 'W':
        return std::string("\\") + c;
      case 's':
        return Set(R"(\t\n\x0b\f\r )", in_class);
      case 'S':
        if (in_class) Unsupported("\\S in a class");
        return Set(R"(\t\n\x0b\f\r )", false, true);
      case 'h':
        return Set(R"( \t\x{a0}\x{1680}\x{180e}\x{2000}-\x{200a}\x{202f}\x{205f}\x{3000})",
                   in_class);
      case 'v':
        return Set(R"(\x0b\f)" + std::string(kLineEnds), in_class);
      case 'b':
      case 'B':
        if (in_class) Invalid();
        if (Peek() == '{') Unsupported("\\b{g}");
        out_.has_boundary = true;
        return std::string("\\") + c;
      case 'A':
      case 'z':
        if (in_class) Invalid();
        return std::string("\\") + c;
      case 't':
      case 'n':
      case 'r':
      case 'f':
      case 'a':
        return std::string("\\") + c;
      case 'e':
        return "\\x1b";
      case 'x':
        if (Takes("{")) {
          size_t end = text_.find('}', at_);
          if (end == std::string_view::npos) Invalid();
          return Closed(Hex(HexDigits(end - at_)));
        }
        return Hex(HexDigits(2));
      case 'u':
        return Hex(HexDigits(4));
      case 'p':
      case 'P':
        return Property(c == 'P', in_class);
      case 'Q':
        return Quoted(in_class);
      default:
        break;
    }
    if (c >= '1' && c <= '9') Unsupported("back-references");
    if (c == 'k') Unsupported("back-references");
    bool letter = std::isalpha(static_cast<unsigned char>(c)) != 0;
    if (letter || c == '0') Unsupported(std::string("\\") + c);
    if (static_cast<unsigned char>(c) >= 0x80) return std::string(1, c);
    return std::string("\\") + c;
  }

  std::string Closed(std::string text) {
    if (!Takes("}")) Invalid();
    return text;
  }

  std::string Quoted(bool in_class) {
    size_t end = text_.find("\\E", at_);
    std::string_view plain = text_.substr(at_, end == std::string_view::npos ? end : end - at_);
    at_ = end == std::string_view::npos ? text_.size() : end + 2;
    if (in_class) Unsupported("\\Q in a class");
    return "(?:" + re2::RE2::QuoteMeta(re2::StringPiece(plain.data(), plain.size())) + ")";
  }

  std::string Property(bool negated, bool in_class) {
    std::string name(1, Peek());
    if (Takes("{")) {
      size_t end = text_.find('}', at_);
      if (end == std::string_view::npos) Invalid();
      name = std::string(text_.substr(at_, end - at_));
      at_ = end + 1;
    } else {
      ++at_;
    }
    static constexpr std::pair<std::string_view, std::string_view> kAscii[] = {
        {"Lower", "lower"}, {"Upper", "upper"}, {"Alpha", "alpha"},   {"Digit", "digit"},
        {"Alnum", "alnum"}, {"Punct", "punct"}, {"Graph", "graph"},   {"Print", "print"},
        {"Blank", "blank"}, {"Cntrl", "cntrl"}, {"XDigit", "xdigit"}, {"Space", "space"},
        {"ASCII", "ascii"}};
    for (auto [java, re] : kAscii) {
      if (name != java) continue;
      std::string set = (negated ? "[:^" : "[:") + std::string(re) + ":]";
      return in_class ? set : "[" + set + "]";
    }
    static constexpr std::string_view kCategories[] = {
        "L",  "Lu", "Ll", "Lt", "Lm", "Lo", "M",  "Mn", "Mc", "Me", "N",
        "Nd", "Nl", "No", "P",  "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po",
        "S",  "Sm", "Sc", "Sk", "So", "Z",  "Zs", "Zl", "Zp"};
    for (std::string_view category : kCategories) {
      if (name == category || name == "Is" + std::string(category)) {
        return (negated ? "\\P{" : "\\p{") + std::string(category) + "}";
      }
    }
    Unsupported("the property \\p{" + name + "}");
  }

  std::string_view text_;
  std::string_view function_;
  size_t at_ = 0;
  bool dot_all_ = false;
  Translation out_;
};

constexpr size_t kKeptPatterns = 64;

bool EndsLine(std::string_view text) {
  return !text.empty() &&
         (text.back() == '\n' || text.back() == '\r' || text.ends_with("\xc2\x85") ||
          text.ends_with("\xe2\x80\xa8") || text.ends_with("\xe2\x80\xa9"));
}

}  // namespace

std::shared_ptr<const JavaRegex> JavaRegex::Compile(std::string_view pattern,
                                                    std::string_view function) {
  thread_local std::unordered_map<std::string, std::shared_ptr<const JavaRegex>> kept;
  std::string key(pattern);
  if (auto known = kept.find(key); known != kept.end()) return known->second;
  Translation translation = Translator(pattern, function).Run();
  re2::RE2::Options options;
  options.set_log_errors(false);
  auto compiled = std::make_shared<const re2::RE2>(translation.pattern, options);
  if (compiled->error_code() == re2::RE2::ErrorPatternTooLarge ||
      compiled->error_code() == re2::RE2::ErrorRepeatSize) {
    Raise("UNSUPPORTED_FEATURE",
          "Tarn cannot run the regular expression '" + key + "': it is too large.");
  }
  if (!compiled->ok()) {
    Raise("INVALID_PARAMETER_VALUE.PATTERN", "The value of parameter(s) `regexp` in `" +
                                                 std::string(function) + "` is invalid: '" + key +
                                                 "': " + compiled->error() + ".");
  }
  auto regex = std::make_shared<JavaRegex>();
  regex->group_count_ = compiled->NumberOfCapturingGroups();
  regex->compiled_ = std::move(compiled);
  regex->has_dollar_ = translation.has_dollar;
  regex->has_boundary_ = translation.has_boundary;
  regex->ignores_case_ = translation.ignores_case;
  regex->multiline_ = translation.multiline;
  if (kept.size() >= kKeptPatterns) kept.clear();
  kept.emplace(std::move(key), regex);
  return regex;
}

void JavaRegex::CheckText(std::string_view text) const {
  const char* reason = nullptr;
  auto holds = [&](std::string_view part) { return text.find(part) != std::string_view::npos; };
  if (has_dollar_ && EndsLine(text)) reason = "'$' on a text that ends in a line end";
  if (has_boundary_ && std::any_of(text.begin(), text.end(), [](char c) { return c < 0; })) {
    reason = "\\b on a text with characters beyond ASCII";
  }
  if (ignores_case_ && (holds("\xe2\x84\xaa") || holds("\xc5\xbf"))) {
    reason = "(?i) on a text with U+212A or U+017F";
  }
  if (multiline_ &&
      (holds("\r") || holds("\xc2\x85") || holds("\xe2\x80\xa8") || holds("\xe2\x80\xa9"))) {
    reason = "(?m) on a text with line ends other than \\n";
  }
  if (reason != nullptr) {
    Raise("UNSUPPORTED_FEATURE", std::string("Tarn does not support ") + reason + " yet.");
  }
}

bool JavaRegex::Find(std::string_view text, size_t from, Match& match) const {
  if (from == 0) CheckText(text);
  if (from > text.size()) return false;
  std::vector<re2::StringPiece> groups(static_cast<size_t>(group_count_) + 1);
  if (!compiled_->Match(re2::StringPiece(text.data(), text.size()), from, text.size(),
                        re2::RE2::UNANCHORED, groups.data(), group_count_ + 1)) {
    return false;
  }
  match.groups.clear();
  for (const re2::StringPiece& group : groups)
    match.groups.emplace_back(group.data(), group.size());
  match.begin = static_cast<size_t>(groups[0].data() - text.data());
  match.end = match.begin + groups[0].size();
  return true;
}

size_t JavaRegex::After(std::string_view text, const Match& match) {
  if (match.end > match.begin) return match.end;
  size_t next = match.end + 1;
  while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xc0) == 0x80) ++next;
  return next;
}

}  // namespace tarn::engine
