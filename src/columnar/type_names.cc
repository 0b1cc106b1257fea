#include <fmt/core.h>

#include "columnar/types.h"

namespace tarn::columnar {
namespace {

constexpr std::string_view kIntervalFields[] = {"year", "month", "day", "hour", "minute", "second"};

std::string IntervalName(const DataType& type, bool upper) {
  std::string_view start = kIntervalFields[static_cast<int>(type.interval_start())];
  std::string_view end = kIntervalFields[static_cast<int>(type.interval_end())];
  std::string text = "interval " + std::string(start);
  if (start != end) text += " to " + std::string(end);
  if (upper) {
    for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return text;
}

struct SimpleNames {
  std::string_view type_name;       // schema JSON
  std::string_view catalog_string;  // lower-case SQL
  std::string_view sql;
};

SimpleNames NamesOf(TypeKind kind) {
  switch (kind) {
    case TypeKind::kNull:
      return {"void", "void", "VOID"};
    case TypeKind::kBoolean:
      return {"boolean", "boolean", "BOOLEAN"};
    case TypeKind::kByte:
      return {"byte", "tinyint", "TINYINT"};
    case TypeKind::kShort:
      return {"short", "smallint", "SMALLINT"};
    case TypeKind::kInteger:
      return {"integer", "int", "INT"};
    case TypeKind::kLong:
      return {"long", "bigint", "BIGINT"};
    case TypeKind::kFloat:
      return {"float", "float", "FLOAT"};
    case TypeKind::kDouble:
      return {"double", "double", "DOUBLE"};
    case TypeKind::kString:
      return {"string", "string", "STRING"};
    case TypeKind::kBinary:
      return {"binary", "binary", "BINARY"};
    case TypeKind::kDate:
      return {"date", "date", "DATE"};
    case TypeKind::kTimestamp:
      return {"timestamp", "timestamp", "TIMESTAMP"};
    case TypeKind::kTimestampNtz:
      return {"timestamp_ntz", "timestamp_ntz", "TIMESTAMP_NTZ"};
    case TypeKind::kCalendarInterval:
      return {"interval", "interval", "INTERVAL"};
    case TypeKind::kVariant:
      return {"variant", "variant", "VARIANT"};
    default:
      return {};
  }
}

}  // namespace

std::string DataType::TypeName() const {
  switch (kind_) {
    case TypeKind::kDecimal:
      return fmt::format("decimal({},{})", a_, b_);
    case TypeKind::kChar:
      return fmt::format("char({})", a_);
    case TypeKind::kVarchar:
      return fmt::format("varchar({})", a_);
    case TypeKind::kYearMonthInterval:
    case TypeKind::kDayTimeInterval:
      return IntervalName(*this, false);
    case TypeKind::kArray:
      return "array";
    case TypeKind::kMap:
      return "map";
    case TypeKind::kStruct:
      return "struct";
    default:
      return std::string(NamesOf(kind_).type_name);
  }
}

std::string DataType::ToCatalogString() const {
  switch (kind_) {
    case TypeKind::kArray:
      return "array<" + element().ToCatalogString() + ">";
    case TypeKind::kMap:
      return "map<" + key().ToCatalogString() + "," + value().ToCatalogString() + ">";
    case TypeKind::kStruct: {
      std::string text = "struct<";
      for (const Field& field : fields()) {
        if (text.back() != '<') text += ',';
        text += field.name + ":" + field.type.ToCatalogString();
      }
      return text + ">";
    }
    default: {
      std::string_view simple = NamesOf(kind_).catalog_string;
      return simple.empty() ? TypeName() : std::string(simple);
    }
  }
}

std::string DataType::ToSqlString() const {
  switch (kind_) {
    case TypeKind::kDecimal:
      return fmt::format("DECIMAL({},{})", a_, b_);
    case TypeKind::kChar:
      return fmt::format("CHAR({})", a_);
    case TypeKind::kVarchar:
      return fmt::format("VARCHAR({})", a_);
    case TypeKind::kYearMonthInterval:
    case TypeKind::kDayTimeInterval:
      return IntervalName(*this, true);
    case TypeKind::kArray:
      return "ARRAY<" + element().ToSqlString() + ">";
    case TypeKind::kMap:
      return "MAP<" + key().ToSqlString() + ", " + value().ToSqlString() + ">";
    case TypeKind::kStruct: {
      std::string text = "STRUCT<";
      for (const Field& field : fields()) {
        if (text.back() != '<') text += ", ";
        text += QuoteIfNeeded(field.name) + ": " + field.type.ToSqlString();
        if (!field.nullable) text += " NOT NULL";
        if (std::string comment = field.comment(); !comment.empty()) {
          text += " COMMENT '" + comment + "'";
        }
      }
      return text + ">";
    }
    default:
      return std::string(NamesOf(kind_).sql);
  }
}

}  // namespace tarn::columnar
