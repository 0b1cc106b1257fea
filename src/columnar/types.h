#pragma once
/// \file  Spark's type system as values: data types, fields and schemas, with
/// Spark's names and its schema JSON (the `schemaString` of a Delta table's
/// metaData action).
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace tarn::columnar {

enum class TypeKind {
  kNull,  ///< VOID
  kBoolean,
  kByte,
  kShort,
  kInteger,
  kLong,
  kFloat,
  kDouble,
  kDecimal,
  kString,
  kChar,     ///< CHAR(n): a string with padding rules
  kVarchar,  ///< VARCHAR(n): a string with a length check on write
  kBinary,
  kDate,
  kTimestamp,     ///< an instant, microseconds
  kTimestampNtz,  ///< a local date and time, microseconds
  kYearMonthInterval,
  kDayTimeInterval,
  kCalendarInterval,  ///< the result of make_interval; cannot be stored
  kArray,
  kMap,
  kStruct,
  kVariant,
};

/// Fields of an interval type, most significant first.
enum class IntervalField { kYear, kMonth, kDay, kHour, kMinute, kSecond };

class DataType;
struct Field;
using Fields = std::vector<Field>;

/// A data type. Immutable value, cheap to copy: nested parts are shared.
/// Thread-safe.
class DataType {
 public:
  DataType() = default;                     ///< VOID
  DataType(TypeKind kind) : kind_(kind) {}  // NOLINT: a simple kind is a type

  /// 1 <= precision <= 38, 0 <= scale <= precision; checked by the callers that
  /// take user input.
  static DataType Decimal(int precision, int scale);
  static DataType Char(int length);
  static DataType Varchar(int length);
  static DataType YearMonthInterval(IntervalField start, IntervalField end);
  static DataType DayTimeInterval(IntervalField start, IntervalField end);
  static DataType Array(DataType element, bool contains_null);
  static DataType Map(DataType key, DataType value, bool value_contains_null);
  static DataType Struct(Fields fields);

  TypeKind kind() const { return kind_; }
  bool is(TypeKind kind) const { return kind_ == kind; }
  bool is_integral() const { return kind_ >= TypeKind::kByte && kind_ <= TypeKind::kLong; }
  bool is_fractional() const { return kind_ >= TypeKind::kFloat && kind_ <= TypeKind::kDecimal; }
  bool is_numeric() const { return kind_ >= TypeKind::kByte && kind_ <= TypeKind::kDecimal; }
  /// STRING, CHAR(n) or VARCHAR(n).
  bool is_string() const { return kind_ >= TypeKind::kString && kind_ <= TypeKind::kVarchar; }
  bool is_nested() const { return kind_ >= TypeKind::kArray && kind_ <= TypeKind::kStruct; }

  int precision() const { return a_; }  ///< of a decimal
  int scale() const { return b_; }      ///< of a decimal
  int length() const { return a_; }     ///< of CHAR and VARCHAR
  IntervalField interval_start() const { return static_cast<IntervalField>(a_); }
  IntervalField interval_end() const { return static_cast<IntervalField>(b_); }

  const DataType& element() const;   ///< of an array
  bool contains_null() const;        ///< of an array's elements
  const DataType& key() const;       ///< of a map
  const DataType& value() const;     ///< of a map
  bool value_contains_null() const;  ///< of a map
  const Fields& fields() const;      ///< of a struct

  /// Same type in every part, nullability and metadata of nested fields
  /// included.
  bool operator==(const DataType& other) const;
  /// Same type but for the nullability of nested parts and field metadata.
  bool SameTypeIgnoringNullability(const DataType& other) const;

  /// Spark's `catalogString`: "bigint", "decimal(10,2)",
  /// "struct<a:int,b:array<string>>".
  std::string ToCatalogString() const;
  /// Spark's `sql`, as error messages show it: "BIGINT", "STRUCT<a: INT NOT
  /// NULL>".
  std::string ToSqlString() const;
  /// Spark's `typeName`, the `type` of schema JSON for simple types: "long",
  /// "decimal(10,2)".
  std::string TypeName() const;

  json::Value ToJson() const;
  /// Errors: INVALID_JSON_DATA_TYPE.
  static Result<DataType> FromJson(const json::Value& json);

 private:
  struct Nested;
  TypeKind kind_ = TypeKind::kNull;
  int a_ = 0;
  int b_ = 0;
  std::shared_ptr<const Nested> nested_;
};

/// A named column or struct member. `metadata` is a JSON object ("comment",
/// column mapping, defaults…).
struct Field {
  std::string name;
  DataType type;
  bool nullable = true;
  json::Object metadata = {};

  std::string comment() const;
  bool operator==(const Field& other) const;
};

/// The columns of a table or result, in order.
struct Schema {
  Fields fields;

  /// Position of a column by name as Spark resolves it (ASCII case-insensitive
  /// unless told otherwise), or -1.
  int FindField(std::string_view name, bool case_sensitive = false) const;
  bool operator==(const Schema& other) const { return fields == other.fields; }
  /// Spark's schema JSON, `{"type":"struct","fields":[…]}`.
  std::string ToJson() const;
  static Result<Schema> FromJson(std::string_view text);
};

/// `name` in back quotes where Spark's SQL needs them.
std::string QuoteIfNeeded(std::string_view name);
/// `name` in back quotes, always.
std::string QuoteIdentifier(std::string_view name);

}  // namespace tarn::columnar
