#include "api/thrift/row_set.h"

#include <charconv>

#include "base/encoding.h"
#include "columnar/ipc_writer.h"

namespace tarn::api::thrift {
namespace {

namespace wire = tarn::cli;
using columnar::TypeKind;

wire::TTypeId::type TypeId(TypeKind kind) {
  switch (kind) {
    case TypeKind::kNull:
      return wire::TTypeId::NULL_TYPE;
    case TypeKind::kBoolean:
      return wire::TTypeId::BOOLEAN_TYPE;
    case TypeKind::kByte:
      return wire::TTypeId::TINYINT_TYPE;
    case TypeKind::kShort:
      return wire::TTypeId::SMALLINT_TYPE;
    case TypeKind::kInteger:
      return wire::TTypeId::INT_TYPE;
    case TypeKind::kLong:
      return wire::TTypeId::BIGINT_TYPE;
    case TypeKind::kFloat:
      return wire::TTypeId::FLOAT_TYPE;
    case TypeKind::kDouble:
      return wire::TTypeId::DOUBLE_TYPE;
    case TypeKind::kDecimal:
      return wire::TTypeId::DECIMAL_TYPE;
    case TypeKind::kBinary:
      return wire::TTypeId::BINARY_TYPE;
    case TypeKind::kDate:
      return wire::TTypeId::DATE_TYPE;
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz:
      return wire::TTypeId::TIMESTAMP_TYPE;
    case TypeKind::kYearMonthInterval:
      return wire::TTypeId::INTERVAL_YEAR_MONTH_TYPE;
    case TypeKind::kDayTimeInterval:
      return wire::TTypeId::INTERVAL_DAY_TIME_TYPE;
    case TypeKind::kArray:
      return wire::TTypeId::ARRAY_TYPE;
    case TypeKind::kMap:
      return wire::TTypeId::MAP_TYPE;
    case TypeKind::kStruct:
      return wire::TTypeId::STRUCT_TYPE;
    default:
      return wire::TTypeId::STRING_TYPE;
  }
}

// Bit i of the bitmap says that row i is NULL, lowest bit first.
void MarkNull(std::string& nulls, size_t row) {
  nulls.resize(row / 8 + 1, '\0');
  nulls[row / 8] = static_cast<char>(nulls[row / 8] | 1 << (row % 8));
}

Error BadCell(const std::string& text, const columnar::Field& field) {
  return Fail("INTERNAL_ERROR", "'" + text + "' in column " + field.name + " is no " +
                                    field.type.ToSqlString() + ".");
}

template <typename Number>
Result<Number> ParseNumber(const std::string& text, const columnar::Field& field) {
  if constexpr (std::is_floating_point_v<Number>) {
    if (text == "NaN") return std::numeric_limits<Number>::quiet_NaN();
    if (text == "Infinity") return std::numeric_limits<Number>::infinity();
    if (text == "-Infinity") return -std::numeric_limits<Number>::infinity();
  }
  Number value{};
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return BadCell(text, field);
  return value;
}

// One TXxxColumn: `convert` turns a cell's text into its value.
template <typename Column, typename Convert>
Result<Column> FillColumn(const std::vector<TextRow>& rows, size_t at, Convert convert) {
  Column column;
  column.values.reserve(rows.size());
  for (size_t row = 0; row < rows.size(); ++row) {
    const std::optional<std::string>& cell = rows[row][at];
    if (!cell) {
      MarkNull(column.nulls, row);
      column.values.emplace_back();
      continue;
    }
    TARN_TRY(auto value, convert(*cell));
    column.values.push_back(std::move(value));
  }
  return column;
}

template <typename Column, typename Number>
Result<Column> FillNumbers(const std::vector<TextRow>& rows, size_t at,
                           const columnar::Field& field) {
  return FillColumn<Column>(rows, at, [&](const std::string& text) -> Result<Number> {
    return ParseNumber<Number>(text, field);
  });
}

Result<wire::TColumn> ToColumn(const std::vector<TextRow>& rows, size_t at,
                               const columnar::Field& field) {
  wire::TColumn out;
  switch (field.type.kind()) {
    case TypeKind::kBoolean: {
      TARN_TRY(auto column,
               FillColumn<wire::TBoolColumn>(rows, at, [](const std::string& text) -> Result<bool> {
                 return text == "true";
               }));
      out.__set_boolVal(column);
      return out;
    }
    case TypeKind::kByte: {
      TARN_TRY(auto column, (FillNumbers<wire::TByteColumn, int8_t>(rows, at, field)));
      out.__set_byteVal(column);
      return out;
    }
    case TypeKind::kShort: {
      TARN_TRY(auto column, (FillNumbers<wire::TI16Column, int16_t>(rows, at, field)));
      out.__set_i16Val(column);
      return out;
    }
    case TypeKind::kInteger: {
      TARN_TRY(auto column, (FillNumbers<wire::TI32Column, int32_t>(rows, at, field)));
      out.__set_i32Val(column);
      return out;
    }
    case TypeKind::kLong: {
      TARN_TRY(auto column, (FillNumbers<wire::TI64Column, int64_t>(rows, at, field)));
      out.__set_i64Val(column);
      return out;
    }
    case TypeKind::kFloat:
    case TypeKind::kDouble: {
      TARN_TRY(auto column, (FillNumbers<wire::TDoubleColumn, double>(rows, at, field)));
      out.__set_doubleVal(column);
      return out;
    }
    case TypeKind::kBinary: {
      TARN_TRY(auto column, FillColumn<wire::TBinaryColumn>(rows, at, &Base64Decode));
      out.__set_binaryVal(column);
      return out;
    }
    default: {
      TARN_TRY(auto column,
               FillColumn<wire::TStringColumn>(
                   rows, at, [](const std::string& text) -> Result<std::string> { return text; }));
      out.__set_stringVal(column);
      return out;
    }
  }
}

}  // namespace

wire::TTableSchema ToTableSchema(const columnar::Schema& schema) {
  wire::TTableSchema out;
  int32_t position = 1;
  for (const columnar::Field& field : schema.fields) {
    wire::TPrimitiveTypeEntry primitive;
    primitive.type = TypeId(field.type.kind());
    if (field.type.is(TypeKind::kDecimal)) {
      wire::TTypeQualifierValue precision;
      precision.__set_i32Value(field.type.precision());
      wire::TTypeQualifierValue scale;
      scale.__set_i32Value(field.type.scale());
      wire::TTypeQualifiers qualifiers;
      qualifiers.qualifiers = {{"precision", precision}, {"scale", scale}};
      primitive.__set_typeQualifiers(qualifiers);
    }
    wire::TTypeEntry entry;
    entry.__set_primitiveEntry(primitive);
    wire::TColumnDesc column;
    column.columnName = field.name;
    column.typeDesc.types.push_back(std::move(entry));
    column.position = position++;
    column.__set_comment(field.comment());
    out.columns.push_back(std::move(column));
  }
  return out;
}

Result<std::string> ArrowSchemaMessage(const columnar::Schema& wire_schema) {
  return columnar::IpcWriter(wire_schema, columnar::IpcCompression::kNone).SchemaMessage();
}

Result<std::vector<wire::TColumn>> ToColumns(const columnar::Schema& schema,
                                             const std::vector<TextRow>& rows) {
  std::vector<wire::TColumn> columns;
  for (size_t i = 0; i < schema.fields.size(); ++i) {
    TARN_TRY(wire::TColumn column, ToColumn(rows, i, schema.fields[i]));
    columns.push_back(std::move(column));
  }
  return columns;
}

Result<std::vector<TextRow>> ParseTextRows(const std::string& piece) {
  TARN_TRY(json::Value list, json::Parse("[" + piece + "]"));
  std::vector<TextRow> rows;
  for (const json::Value& item : list.as_array()) {
    TextRow row;
    for (const json::Value& cell : item.as_array()) {
      row.push_back(cell.is_null() ? std::nullopt : std::optional(cell.as_string()));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace tarn::api::thrift
