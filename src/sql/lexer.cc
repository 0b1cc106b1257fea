#include "sql/lexer.h"

#include <algorithm>
#include <cctype>

namespace tarn::sql {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsWordStart(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool IsWord(char c) { return IsWordStart(c) || IsDigit(c); }

void AppendUtf8(std::string& out, uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xc0 | code >> 6);
    out += static_cast<char>(0x80 | (code & 63));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xe0 | code >> 12);
    out += static_cast<char>(0x80 | (code >> 6 & 63));
    out += static_cast<char>(0x80 | (code & 63));
  } else {
    out += static_cast<char>(0xf0 | code >> 18);
    out += static_cast<char>(0x80 | (code >> 12 & 63));
    out += static_cast<char>(0x80 | (code >> 6 & 63));
    out += static_cast<char>(0x80 | (code & 63));
  }
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Result<std::vector<Token>> Run() {
    for (;;) {
      TARN_RETURN_IF_ERROR(SkipBlank());
      start_ = at_;
      if (at_ >= text_.size()) break;
      TARN_RETURN_IF_ERROR(Next());
    }
    Emit(TokenKind::kEnd, "");
    return std::move(tokens_);
  }

 private:
  char Peek(size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  Error Syntax(size_t begin, size_t end, const std::string& message) const {
    return Fail("PARSE_SYNTAX_ERROR", message, {{"error", message}})
        .WithQueryContext(
            ContextOf(text_, {static_cast<uint32_t>(begin), static_cast<uint32_t>(end)}));
  }

  void Emit(TokenKind kind, std::string text) {
    Token token;
    token.kind = kind;
    token.upper = text;
    if (kind == TokenKind::kWord) {
      for (char& c : token.upper) {
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      }
    }
    token.text = std::move(text);
    token.range = {static_cast<uint32_t>(start_), static_cast<uint32_t>(at_)};
    tokens_.push_back(std::move(token));
  }

  Status SkipBlank() {
    while (at_ < text_.size()) {
      if (std::isspace(static_cast<unsigned char>(Peek()))) {
        ++at_;
      } else if (Peek() == '-' && Peek(1) == '-') {
        while (at_ < text_.size() && Peek() != '\n') {
          // A backslash at the end of the line continues the comment.
          if (Peek() == '\\' && Peek(1) == '\n') ++at_;
          ++at_;
        }
      } else if (Peek() == '/' && Peek(1) == '*') {
        TARN_RETURN_IF_ERROR(SkipBracketedComment());
      } else {
        break;
      }
    }
    return Ok();
  }

  Status SkipBracketedComment() {
    size_t begin = at_;
    int depth = 0;
    do {
      if (at_ >= text_.size()) {
        return Fail("UNCLOSED_BRACKETED_COMMENT",
                    "Found an unclosed bracketed comment. Please, append */ at the end of the "
                    "comment.")
            .WithQueryContext(ContextOf(
                text_, {static_cast<uint32_t>(begin), static_cast<uint32_t>(text_.size())}));
      }
      if (Peek() == '/' && Peek(1) == '*') {
        ++depth;
        at_ += 2;
      } else if (Peek() == '*' && Peek(1) == '/') {
        --depth;
        at_ += 2;
      } else {
        ++at_;
      }
    } while (depth > 0);
    return Ok();
  }

  Status Next() {
    char c = Peek();
    if (c == '\'' || c == '"') return ReadString(false);
    if ((c == 'r' || c == 'R') && (Peek(1) == '\'' || Peek(1) == '"')) {
      ++at_;
      return ReadString(true);
    }
    if (c == '`') return ReadQuoted();
    if (IsDigit(c) || (c == '.' && IsDigit(Peek(1)))) return ReadNumber();
    if (IsWordStart(c)) {
      while (IsWord(Peek())) ++at_;
      Emit(TokenKind::kWord, std::string(text_.substr(start_, at_ - start_)));
      return Ok();
    }
    if (c == ':' && (IsWord(Peek(1)) || Peek(1) == '`') && !AfterValue()) {
      return ReadParameter();
    }
    return ReadOperator();
  }

  // `a:b` is a path into a, `:b` a parameter: a value directly before tells them apart.
  bool AfterValue() const {
    if (tokens_.empty() || tokens_.back().range.end != start_) return false;
    const Token& last = tokens_.back();
    return last.kind == TokenKind::kWord || last.kind == TokenKind::kQuoted || last.upper == ")" ||
           last.upper == "]";
  }

  Status ReadParameter() {
    ++at_;
    if (Peek() == '`') {
      TARN_RETURN_IF_ERROR(ReadQuoted());
      tokens_.back().kind = TokenKind::kNamedParameter;
      return Ok();
    }
    size_t begin = at_;
    while (IsWord(Peek())) ++at_;
    Emit(TokenKind::kNamedParameter, std::string(text_.substr(begin, at_ - begin)));
    return Ok();
  }

  Status ReadQuoted() {
    std::string name;
    ++at_;
    for (;; ++at_) {
      if (at_ >= text_.size()) {
        return Syntax(start_, text_.size(), "Syntax error at or near '`'.");
      }
      if (Peek() != '`') {
        name += Peek();
      } else if (Peek(1) == '`') {
        name += '`';
        ++at_;
      } else {
        break;
      }
    }
    ++at_;
    Emit(TokenKind::kQuoted, std::move(name));
    return Ok();
  }

  Status ReadString(bool raw) {
    char quote = Peek();
    std::string value;
    ++at_;
    for (;;) {
      if (at_ >= text_.size()) {
        return Syntax(start_, text_.size(),
                      std::string("Syntax error at or near '") + quote + "'.");
      }
      char c = Peek();
      // A doubled quote is one quote; raw strings know no way to hold theirs.
      bool doubled = c == quote && !raw && Peek(1) == quote;
      if (c == quote && !doubled) break;
      if (doubled) {
        value += c;
        at_ += 2;
      } else if (c == '\\' && !raw) {
        ReadEscape(value);
      } else {
        value += c;
        ++at_;
      }
    }
    ++at_;
    Emit(TokenKind::kString, std::move(value));
    return Ok();
  }

  bool ReadHex(size_t digits, uint32_t* code) const {
    if (at_ + 2 + digits > text_.size()) return false;
    *code = 0;
    for (size_t i = 0; i < digits; ++i) {
      char c = text_[at_ + 2 + i];
      if (!std::isxdigit(static_cast<unsigned char>(c))) return false;
      *code = *code * 16 + static_cast<uint32_t>(IsDigit(c) ? c - '0' : (c | 32) - 'a' + 10);
    }
    return true;
  }

  // Spark's escapes: \n and friends, \ooo, \uXXXX, \UXXXXXXXX; \% and \_ keep their backslash for
  // LIKE.
  void ReadEscape(std::string& value) {
    char c = Peek(1);
    uint32_t code = 0;
    if ((c == 'u' && ReadHex(4, &code)) || (c == 'U' && ReadHex(8, &code))) {
      AppendUtf8(value, code);
      at_ += c == 'u' ? 6 : 10;
      return;
    }
    bool octal = c >= '0' && c <= '1' && Peek(2) >= '0' && Peek(2) <= '7' && Peek(3) >= '0' &&
                 Peek(3) <= '7';
    if (octal) {
      AppendUtf8(value,
                 static_cast<uint32_t>((c - '0') * 64 + (Peek(2) - '0') * 8 + Peek(3) - '0'));
      at_ += 4;
      return;
    }
    static constexpr std::pair<char, char> kEscapes[] = {{'0', '\0'}, {'b', '\b'}, {'n', '\n'},
                                                         {'r', '\r'}, {'t', '\t'}, {'Z', '\x1a'}};
    at_ += 2;
    for (auto [letter, meaning] : kEscapes) {
      if (letter == c) {
        value += meaning;
        return;
      }
    }
    if (c == '%' || c == '_') value += '\\';
    if (c != '\0') value += c;
  }

  Status ReadNumber() {
    bool plain = true;
    while (IsDigit(Peek())) ++at_;
    if (Peek() == '.' && !(Peek(1) == '.') && !(IsWordStart(Peek(1)) && !IsNumberTail(1))) {
      plain = false;
      ++at_;
      while (IsDigit(Peek())) ++at_;
    }
    if ((Peek() == 'e' || Peek() == 'E') &&
        (IsDigit(Peek(1)) || ((Peek(1) == '+' || Peek(1) == '-') && IsDigit(Peek(2))))) {
      plain = false;
      at_ += 2;
      while (IsDigit(Peek())) ++at_;
    }
    size_t digits_end = at_;
    while (IsWord(Peek())) ++at_;
    std::string suffix(text_.substr(digits_end, at_ - digits_end));
    for (char& c : suffix) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    std::string all(text_.substr(start_, at_ - start_));
    if (suffix.empty()) {
      Emit(plain ? TokenKind::kInteger : TokenKind::kNumber, std::move(all));
    } else if (suffix == "D" || suffix == "F" || suffix == "BD" ||
               (plain && (suffix == "L" || suffix == "S" || suffix == "Y"))) {
      Emit(TokenKind::kNumber, std::move(all));
    } else if (all.find_first_of(".+-") == std::string::npos) {
      Emit(TokenKind::kWord, std::move(all));  // an identifier may begin with digits
    } else if (size_t dot = all.find('.'); dot == std::string::npos) {
      at_ = start_ + all.find_first_of("+-");  // 1e+5x: a word, a sign, a word
      Emit(TokenKind::kWord, std::string(text_.substr(start_, at_ - start_)));
    } else if (dot > 0) {
      at_ = start_ + dot;  // 1.5x: the field 5x of 1
      Emit(TokenKind::kInteger, std::string(text_.substr(start_, at_ - start_)));
    } else {
      at_ = start_ + 1;  // .5x: a point before a word
      Emit(TokenKind::kOperator, ".");
    }
    return Ok();
  }

  // After "1." a suffix or exponent may follow: 1.D, 1.e5; anything else is a member access.
  bool IsNumberTail(size_t ahead) const {
    char c = static_cast<char>(std::toupper(static_cast<unsigned char>(Peek(ahead))));
    if (c == 'D' || c == 'F') return !IsWord(Peek(ahead + 1));
    if (c == 'B') return !IsWord(Peek(ahead + 2));
    return c == 'E' &&
           (IsDigit(Peek(ahead + 1)) || Peek(ahead + 1) == '-' || Peek(ahead + 1) == '+');
  }

  Status ReadOperator() {
    static constexpr std::string_view kOperators[] = {
        "<=>", ">>>", "||", "::", "->", "=>", "==", "<>", "!=", "<=", ">=", "!<", "!>", "<<",
        ">>",  "|>",  "(",  ")",  "[",  "]",  ",",  ".",  ";",  "+",  "-",  "*",  "/",  "%",
        "&",   "|",   "^",  "~",  "=",  "<",  ">",  "!",  "?",  ":",  "@",  "$",  "{",  "}"};
    std::string_view rest = text_.substr(at_);
    for (std::string_view op : kOperators) {
      if (rest.substr(0, op.size()) == op) {
        at_ += op.size();
        Emit(TokenKind::kOperator, std::string(op));
        return Ok();
      }
    }
    return Syntax(at_, at_ + 1, "Syntax error at or near '" + std::string(1, Peek()) + "'.");
  }

  std::string_view text_;
  size_t at_ = 0;
  size_t start_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace

Result<std::vector<Token>> Tokenize(std::string_view text) { return Lexer(text).Run(); }

QueryContext ContextOf(std::string_view text, SourceRange range) {
  QueryContext context;
  size_t begin = std::min<size_t>(range.begin, text.size());
  size_t end = std::min<size_t>(std::max(range.end, range.begin), text.size());
  context.start_offset = static_cast<int>(begin);
  context.stop_offset = static_cast<int>(end) - 1;
  std::string_view before = text.substr(0, begin);
  context.line = 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
  size_t line_start = before.rfind('\n');
  context.column =
      static_cast<int>(line_start == std::string_view::npos ? begin : begin - line_start - 1);
  context.fragment = std::string(text.substr(begin, end - begin));
  return context;
}

}  // namespace tarn::sql
