#include <charconv>

#include "base/encoding.h"
#include "sql/parser/token_reader.h"

namespace tarn::sql {
namespace {

constexpr std::string_view kUnits[] = {"YEAR",        "QUARTER",     "MONTH",     "WEEK",
                                       "DAY",         "HOUR",        "MINUTE",    "SECOND",
                                       "MILLISECOND", "MICROSECOND", "NANOSECOND"};

std::string SingularUnit(const std::string& word) {
  for (std::string_view unit : kUnits) {
    if (word == unit || word == std::string(unit) + "S") return std::string(unit);
  }
  return "";
}

}  // namespace

Result<ExprPtr> TokenReader::ParseNumber() {
  const Token& token = Peek();
  auto literal = Node<Literal>(token.range);
  std::string text = token.text;
  literal->literal = LiteralKind::kInteger;
  if (token.kind == TokenKind::kNumber) {
    std::string upper;
    for (char c : text) upper += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    auto cut = [&](size_t n) { text.resize(text.size() - n); };
    bool exponent = upper.find('E') != std::string::npos;
    if (upper.size() > 2 && upper.substr(upper.size() - 2) == "BD") {
      literal->literal = LiteralKind::kDecimal;
      cut(2);
    } else if (upper.back() == 'D') {
      literal->literal = LiteralKind::kDouble;
      cut(1);
    } else if (upper.back() == 'F') {
      literal->literal = LiteralKind::kFloat;
      cut(1);
    } else if (upper.back() == 'L' || upper.back() == 'S' || upper.back() == 'Y') {
      literal->literal = upper.back() == 'L'   ? LiteralKind::kBigInt
                         : upper.back() == 'S' ? LiteralKind::kSmallInt
                                               : LiteralKind::kTinyInt;
      cut(1);
    } else {
      literal->literal = exponent ? LiteralKind::kDouble : LiteralKind::kDecimal;
    }
  }
  literal->text = std::move(text);
  Take();
  return ExprPtr(std::move(literal));
}

Result<ExprPtr> TokenReader::ParseStringLiteral() {
  uint32_t begin = Begin();
  TARN_TRY(std::string text, ParseString());
  auto literal = Node<Literal>(Since(begin));
  literal->literal = LiteralKind::kString;
  literal->text = std::move(text);
  return ExprPtr(std::move(literal));
}

bool TokenReader::AtTypedLiteral() const {
  return Peek(1).kind == TokenKind::kString &&
         IsAnyWord({"DATE", "TIMESTAMP", "TIMESTAMP_NTZ", "TIMESTAMP_LTZ", "X"});
}

Result<ExprPtr> TokenReader::ParseTypedLiteral() {
  uint32_t begin = Begin();
  std::string type = Take().upper;
  std::string text = Take().text;
  auto literal = Node<Literal>(Since(begin));
  if (type == "X") {
    literal->literal = LiteralKind::kBinary;
    if (text.size() % 2 != 0) text.insert(text.begin(), '0');
    Result<std::string> bytes = HexDecode(text);
    if (!bytes.ok()) {
      return ErrorAt("INVALID_TYPED_LITERAL", literal->range,
                     "The value of the typed literal \"X\" is invalid: '" + text + "'.",
                     {{"valueType", "\"X\""}, {"value", "'" + text + "'"}});
    }
    literal->text = *bytes;
    return ExprPtr(std::move(literal));
  }
  literal->literal = type == "DATE"            ? LiteralKind::kDate
                     : type == "TIMESTAMP_NTZ" ? LiteralKind::kTimestampNtz
                                               : LiteralKind::kTimestamp;
  literal->text = std::move(text);
  return ExprPtr(std::move(literal));
}

// INTERVAL 3 DAYS 2 HOURS · INTERVAL '3' DAY · INTERVAL '1-2' YEAR TO MONTH · INTERVAL '3 days 2
// hours'
Result<ExprPtr> TokenReader::ParseInterval() {
  uint32_t begin = Begin();
  TARN_RETURN_IF_ERROR(ExpectWord("INTERVAL"));
  auto literal = Node<Literal>({});
  literal->literal = LiteralKind::kInterval;
  while (true) {
    size_t sign_tokens = IsOp("-") || IsOp("+") ? 1 : 0;
    const Token& value = Peek(sign_tokens);
    bool is_value = value.kind == TokenKind::kString || value.kind == TokenKind::kInteger ||
                    value.kind == TokenKind::kNumber;
    if (!is_value) break;
    const Token& unit = Peek(sign_tokens + 1);
    std::string name = unit.kind == TokenKind::kWord ? SingularUnit(unit.upper) : "";
    bool whole_text = value.kind == TokenKind::kString && name.empty();
    if (name.empty() && !whole_text) {
      if (!literal->interval.empty()) break;
      for (size_t i = 0; i < sign_tokens + 1; ++i) Take();
      return Unexpected();
    }
    IntervalPart part;
    part.value = (IsOp("-") ? "-" : "") + value.text;
    std::string unit_word = unit.upper;
    for (size_t i = 0; i < sign_tokens + 1; ++i) Take();
    if (!whole_text) {
      Take();
      part.unit = name;
      if (IsWord("TO")) {
        // The ANSI form has no plurals.
        std::string to = SingularUnit(Peek(1).upper);
        if (name != unit_word) return Unexpected();
        Take();
        if (to.empty() || to != Peek().upper) return Unexpected();
        Take();
        part.to_unit = to;
      }
    }
    literal->interval.push_back(std::move(part));
    if (whole_text) break;
  }
  if (literal->interval.empty()) return Unexpected();
  literal->range = Since(begin);
  literal->text = std::string(TextOf(literal->range));
  return ExprPtr(std::move(literal));
}

}  // namespace tarn::sql
