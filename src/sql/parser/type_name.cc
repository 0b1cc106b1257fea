#include <charconv>

#include "sql/parser/token_reader.h"

namespace tarn::sql {
namespace {

using columnar::DataType;
using columnar::IntervalField;
using columnar::TypeKind;

constexpr std::pair<std::string_view, TypeKind> kSimpleTypes[] = {
    {"BOOLEAN", TypeKind::kBoolean},
    {"TINYINT", TypeKind::kByte},
    {"BYTE", TypeKind::kByte},
    {"SMALLINT", TypeKind::kShort},
    {"SHORT", TypeKind::kShort},
    {"INT", TypeKind::kInteger},
    {"INTEGER", TypeKind::kInteger},
    {"BIGINT", TypeKind::kLong},
    {"LONG", TypeKind::kLong},
    {"FLOAT", TypeKind::kFloat},
    {"REAL", TypeKind::kFloat},
    {"DOUBLE", TypeKind::kDouble},
    {"STRING", TypeKind::kString},
    {"BINARY", TypeKind::kBinary},
    {"DATE", TypeKind::kDate},
    {"TIMESTAMP", TypeKind::kTimestamp},
    {"TIMESTAMP_LTZ", TypeKind::kTimestamp},
    {"TIMESTAMP_NTZ", TypeKind::kTimestampNtz},
    {"VOID", TypeKind::kNull},
    {"VARIANT", TypeKind::kVariant},
};

constexpr std::string_view kIntervalFields[] = {"YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"};

int IntervalFieldOf(const std::string& word) {
  for (int i = 0; i < 6; ++i) {
    if (word == kIntervalFields[i]) return i;
  }
  return -1;
}

}  // namespace

Result<columnar::DataType> TokenReader::ParseType() {
  Depth depth(*this);
  if (depth.exceeded()) return TooDeep();
  const Token token = Peek();
  if (token.kind != TokenKind::kWord) return Unexpected();
  auto number = [&]() -> Result<int> {
    if (Peek().kind != TokenKind::kInteger) return Unexpected();
    int value = 0;
    const std::string& text = Peek().text;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc()) return Unexpected();
    Take();
    return value;
  };
  for (auto [name, kind] : kSimpleTypes) {
    if (TakeWord(name)) return DataType(kind);
  }
  if (IsAnyWord({"DECIMAL", "DEC", "NUMERIC"})) {
    Take();
    int precision = 10;
    int scale = 0;
    if (TakeOp("(")) {
      TARN_TRY(precision, number());
      if (TakeOp(",")) {
        TARN_TRY(scale, number());
      }
      TARN_RETURN_IF_ERROR(ExpectOp(")"));
    }
    if (precision > 38) {
      return ErrorAt(
          "DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION", token.range,
          "Decimal precision " + std::to_string(precision) + " exceeds max precision 38.",
          {{"precision", std::to_string(precision)}, {"maxPrecision", "38"}});
    }
    if (precision < 1 || scale > precision) {
      return ErrorAt("INVALID_DECIMAL_SCALE", token.range,
                     "Decimal scale " + std::to_string(scale) +
                         " cannot be greater than precision " + std::to_string(precision) + ".");
    }
    return DataType::Decimal(precision, scale);
  }
  if (IsAnyWord({"CHAR", "CHARACTER", "VARCHAR"})) {
    bool varchar = Take().upper == "VARCHAR";
    if (!IsOp("(")) {
      return ErrorAt("DATATYPE_MISSING_SIZE", token.range,
                     "DataType \"" + token.upper +
                         "\" requires a length parameter, for example \"" + token.upper +
                         "\"(10). Please specify the length.",
                     {{"type", "\"" + token.upper + "\""}});
    }
    Take();
    TARN_TRY(int length, number());
    TARN_RETURN_IF_ERROR(ExpectOp(")"));
    if (length < 1) return Unexpected();
    return varchar ? DataType::Varchar(length) : DataType::Char(length);
  }
  if (TakeWord("INTERVAL")) {
    int start = IntervalFieldOf(Peek().upper);
    if (start < 0) return DataType(TypeKind::kCalendarInterval);
    Take();
    int end = start;
    if (TakeWord("TO")) {
      end = IntervalFieldOf(Peek().upper);
      if (end <= start || (start < 2) != (end < 2)) return Unexpected();
      Take();
    }
    return start < 2 ? DataType::YearMonthInterval(static_cast<IntervalField>(start),
                                                   static_cast<IntervalField>(end))
                     : DataType::DayTimeInterval(static_cast<IntervalField>(start),
                                                 static_cast<IntervalField>(end));
  }
  // ">>" closes two levels of nested types; the lexer cannot know.
  auto close = [&]() -> Status {
    if (IsOp(">>") || IsOp(">>>")) {
      Token& shared = tokens_[at_];
      shared.upper.pop_back();
      shared.text.pop_back();
      ++shared.range.begin;
      return Ok();
    }
    return ExpectOp(">");
  };
  if (TakeWord("ARRAY")) {
    TARN_RETURN_IF_ERROR(ExpectOp("<"));
    TARN_TRY(DataType element, ParseType());
    TARN_RETURN_IF_ERROR(close());
    return DataType::Array(std::move(element), true);
  }
  if (TakeWord("MAP")) {
    TARN_RETURN_IF_ERROR(ExpectOp("<"));
    TARN_TRY(DataType key, ParseType());
    TARN_RETURN_IF_ERROR(ExpectOp(","));
    TARN_TRY(DataType value, ParseType());
    TARN_RETURN_IF_ERROR(close());
    return DataType::Map(std::move(key), std::move(value), true);
  }
  if (TakeWord("STRUCT")) {
    if (TakeOp("<>")) return DataType::Struct({});
    TARN_RETURN_IF_ERROR(ExpectOp("<"));
    TARN_TRY(columnar::Fields fields, ParseColumnList());
    TARN_RETURN_IF_ERROR(close());
    return DataType::Struct(std::move(fields));
  }
  return ErrorAt("UNSUPPORTED_DATATYPE", token.range,
                 "Unsupported data type \"" + token.upper + "\".",
                 {{"typeName", "\"" + token.upper + "\""}});
}

// name [:] type [NOT NULL] [COMMENT 'text'], …
Result<columnar::Fields> TokenReader::ParseColumnList() {
  columnar::Fields fields;
  do {
    columnar::Field field;
    TARN_TRY(field.name, ParseIdentifier());
    TakeOp(":");
    TARN_TRY(field.type, ParseType());
    if (TakeWords({"NOT", "NULL"})) field.nullable = false;
    if (TakeWord("COMMENT")) {
      TARN_TRY(std::string comment, ParseString());
      field.metadata.Set("comment", comment);
    }
    fields.push_back(std::move(field));
  } while (TakeOp(","));
  return fields;
}

}  // namespace tarn::sql
