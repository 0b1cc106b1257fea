#include "sql/parser/token_reader.h"

#include <algorithm>

namespace tarn::sql {
namespace {

// Words that end a clause: never an implicit alias or the name of a relation.
constexpr std::string_view kClauseWords[] = {
    "ANTI",    "CROSS", "EXCEPT",  "FULL",       "INNER",  "INTERSECT", "JOIN",        "LATERAL",
    "LEFT",    "MINUS", "NATURAL", "ON",         "RIGHT",  "SEMI",      "UNION",       "USING",
    "FROM",    "WHERE", "GROUP",   "HAVING",     "ORDER",  "LIMIT",     "OFFSET",      "QUALIFY",
    "WINDOW",  "SORT",  "CLUSTER", "DISTRIBUTE", "SELECT", "SETMINUS",  "TABLESAMPLE", "PIVOT",
    "UNPIVOT", "THEN",  "WHEN",    "ELSE",       "END",    "AND",       "OR",          "NOT",
    "IN",      "LIKE",  "ILIKE",   "RLIKE",      "REGEXP", "IS",        "BETWEEN",     "AS",
    "CASE",    "SET",   "DIV",     "WITH"};

// Words that Spark would take as a name even where a value is expected; to do so turns a typing
// mistake (SELECT a, FROM t) into a missing column far from its cause.
constexpr std::string_view kReservedWords[] = {
    "SELECT", "FROM", "WHERE", "GROUP",   "HAVING", "ORDER", "UNION", "INTERSECT", "EXCEPT",
    "JOIN",   "ON",   "AND",   "OR",      "NOT",    "IN",    "LIKE",  "ILIKE",     "RLIKE",
    "REGEXP", "IS",   "AS",    "BETWEEN", "WHEN",   "THEN",  "ELSE",  "CASE"};

}  // namespace

bool TokenReader::AtReservedWord() const {
  return Peek().kind == TokenKind::kWord &&
         std::find(std::begin(kReservedWords), std::end(kReservedWords), Peek().upper) !=
             std::end(kReservedWords);
}

bool TokenReader::IsAnyWord(std::initializer_list<std::string_view> words, size_t ahead) const {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return IsWord(word, ahead); });
}

bool TokenReader::TakeWord(std::string_view upper) {
  if (!IsWord(upper)) return false;
  Take();
  return true;
}

bool TokenReader::TakeWords(std::initializer_list<std::string_view> words) {
  size_t i = 0;
  for (std::string_view word : words) {
    if (!IsWord(word, i++)) return false;
  }
  for (i = 0; i < words.size(); ++i) Take();
  return true;
}

bool TokenReader::TakeOp(std::string_view op) {
  if (!IsOp(op)) return false;
  Take();
  return true;
}

Status TokenReader::ExpectWord(std::string_view upper) {
  if (!TakeWord(upper)) return Unexpected();
  return Ok();
}

Status TokenReader::ExpectOp(std::string_view op) {
  if (!TakeOp(op)) return Unexpected();
  return Ok();
}

Status TokenReader::ExpectMissing(std::string_view text) {
  if (TakeOp(text) || TakeWord(text)) return Ok();
  return Unexpected(": missing '" + std::string(text) + "'");
}

Error TokenReader::Unexpected(const std::string& hint) const {
  const Token& token = Peek();
  if (token.kind == TokenKind::kEnd) {
    return ErrorAt("PARSE_SYNTAX_ERROR", token.range, "Syntax error at or near end of input.",
                   {{"error", "end of input"}, {"hint", hint}});
  }
  std::string near = "'" + std::string(TextOf(token.range)) + "'";
  return ErrorAt("PARSE_SYNTAX_ERROR", token.range, "Syntax error at or near " + near + hint + ".",
                 {{"error", near}, {"hint", hint}});
}

Error TokenReader::ErrorAt(std::string_view reason, SourceRange range, std::string message,
                           ErrorParams params) const {
  return Fail(reason, std::move(message), std::move(params))
      .WithQueryContext(ContextOf(text_, range));
}

Error TokenReader::Unsupported(const std::string& feature) const {
  return ErrorAt("UNSUPPORTED_FEATURE", Peek().range, "Tarn does not support " + feature + " yet.",
                 {{"feature", feature}});
}

Error TokenReader::TooDeep() const {
  return ErrorAt("FAILED_TO_PARSE_TOO_COMPLEX", Peek().range,
                 "The statement nests more than " + std::to_string(kMaxDepth) +
                     " levels deep; divide it into simpler parts.");
}

Status TokenReader::Link() {
  if (++height_ > kMaxHeight) {
    return ErrorAt("FAILED_TO_PARSE_TOO_COMPLEX", Peek().range,
                   "The statement chains more than " + std::to_string(kMaxHeight) +
                       " operators, joins or set operations; divide it into simpler parts.");
  }
  return Ok();
}

bool TokenReader::AtIdentifier(size_t ahead) const {
  const Token& token = Peek(ahead);
  if (token.kind == TokenKind::kQuoted) return true;
  if (token.kind != TokenKind::kWord) return false;
  return std::find(std::begin(kClauseWords), std::end(kClauseWords), token.upper) ==
         std::end(kClauseWords);
}

Result<std::string> TokenReader::ParseIdentifier() {
  const Token& token = Peek();
  if (token.kind != TokenKind::kWord && token.kind != TokenKind::kQuoted) return Unexpected();
  if (token.text.size() > 255) {
    return ErrorAt("INVALID_IDENTIFIER", token.range,
                   "The identifier has more than 255 bytes; shorten it.");
  }
  if (token.text.empty()) return Unexpected();
  return Take().text;
}

Result<NameParts> TokenReader::ParseName(SourceRange& range) {
  uint32_t begin = Begin();
  TARN_TRY(NameParts parts, ParseName());
  range = Since(begin);
  return parts;
}

Result<NameParts> TokenReader::ParseName() {
  NameParts parts;
  do {
    uint32_t begin = Begin();
    TARN_TRY(std::string part, ParseIdentifier());
    parts.push_back(std::move(part));
    if (IsOp("-") && Peek().range.begin == Since(begin).end && AtIdentifier(1) &&
        Peek(1).range.begin == Peek().range.end) {
      std::string whole = parts.back() + "-" + Peek(1).text;
      return ErrorAt("INVALID_IDENTIFIER", Peek().range,
                     "The unquoted identifier " + whole +
                         " is invalid and must be back quoted as: `" + whole +
                         "`.\nUnquoted identifiers can only contain ASCII letters ('a' - 'z', "
                         "'A' - 'Z'), digits ('0' - '9'), and underbar ('_').\nUnquoted "
                         "identifiers must also not start with a digit.\nDifferent data sources "
                         "and meta stores may impose additional restrictions on valid "
                         "identifiers.",
                     {{"ident", whole}});
    }
  } while (TakeOp("."));
  return parts;
}

Result<std::vector<std::string>> TokenReader::ParseIdentifierList() {
  std::vector<std::string> names;
  TARN_RETURN_IF_ERROR(ExpectOp("("));
  do {
    TARN_TRY(std::string name, ParseIdentifier());
    names.push_back(std::move(name));
  } while (TakeOp(","));
  TARN_RETURN_IF_ERROR(ExpectOp(")"));
  return names;
}

// (a, b.c)
Result<std::vector<NameParts>> TokenReader::ParseNameList() {
  std::vector<NameParts> names;
  TARN_RETURN_IF_ERROR(ExpectOp("("));
  do {
    TARN_TRY(NameParts name, ParseName());
    names.push_back(std::move(name));
  } while (TakeOp(","));
  TARN_RETURN_IF_ERROR(ExpectOp(")"));
  return names;
}

Result<std::string> TokenReader::ParseString() {
  if (Peek().kind != TokenKind::kString) return Unexpected();
  std::string text = Take().text;
  while (Peek().kind == TokenKind::kString) text += Take().text;
  return text;
}

// ('key' = 'value', key.part value, …)
Result<Properties> TokenReader::ParseProperties() {
  Properties properties;
  TARN_RETURN_IF_ERROR(ExpectOp("("));
  do {
    std::string key;
    if (Peek().kind == TokenKind::kString) {
      TARN_TRY(key, ParseString());
    } else {
      TARN_TRY(NameParts parts, ParseName());
      for (const std::string& part : parts) key += (key.empty() ? "" : ".") + part;
    }
    if (!TakeOp("=")) TakeOp("==");
    std::string value;
    if (Peek().kind == TokenKind::kString) {
      TARN_TRY(value, ParseString());
    } else if (Peek().kind == TokenKind::kInteger || Peek().kind == TokenKind::kNumber ||
               IsAnyWord({"TRUE", "FALSE"})) {
      value = Take().text;
      for (char& c : value) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else if (!IsOp(",") && !IsOp(")")) {
      return Unexpected();
    }
    properties.emplace_back(std::move(key), std::move(value));
  } while (TakeOp(","));
  TARN_RETURN_IF_ERROR(ExpectOp(")"));
  return properties;
}

Result<SecurableWord> TokenReader::ParseSecurableWord() {
  static constexpr std::pair<std::string_view, SecurableWord> kWords[] = {
      {"METASTORE", SecurableWord::kMetastore}, {"CATALOG", SecurableWord::kCatalog},
      {"SCHEMA", SecurableWord::kSchema},       {"DATABASE", SecurableWord::kSchema},
      {"TABLE", SecurableWord::kTable},         {"VIEW", SecurableWord::kView},
      {"VOLUME", SecurableWord::kVolume},       {"FUNCTION", SecurableWord::kFunction}};
  for (auto [word, securable] : kWords) {
    if (TakeWord(word)) return securable;
  }
  return Unexpected();
}

}  // namespace tarn::sql
