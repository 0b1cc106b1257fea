#include "engine/duckdb/types.h"

namespace tarn::engine {

using columnar::DataType;
using columnar::TypeKind;
using duckdb::LogicalType;
using duckdb::LogicalTypeId;

Result<LogicalType> ToLogicalType(const DataType& type) {
  switch (type.kind()) {
    case TypeKind::kNull:
      return LogicalType(LogicalType::SQLNULL);
    case TypeKind::kBoolean:
      return LogicalType(LogicalType::BOOLEAN);
    case TypeKind::kByte:
      return LogicalType(LogicalType::TINYINT);
    case TypeKind::kShort:
      return LogicalType(LogicalType::SMALLINT);
    case TypeKind::kInteger:
    case TypeKind::kYearMonthInterval:
      return LogicalType(LogicalType::INTEGER);
    case TypeKind::kLong:
    case TypeKind::kDayTimeInterval:
      return LogicalType(LogicalType::BIGINT);
    case TypeKind::kFloat:
      return LogicalType(LogicalType::FLOAT);
    case TypeKind::kDouble:
      return LogicalType(LogicalType::DOUBLE);
    case TypeKind::kDecimal:
      return LogicalType::DECIMAL(static_cast<uint8_t>(type.precision()),
                                  static_cast<uint8_t>(type.scale()));
    case TypeKind::kString:
    case TypeKind::kChar:
    case TypeKind::kVarchar:
      return LogicalType(LogicalType::VARCHAR);
    case TypeKind::kBinary:
      return LogicalType(LogicalType::BLOB);
    case TypeKind::kDate:
      return LogicalType(LogicalType::DATE);
    case TypeKind::kTimestamp:
      return LogicalType(LogicalType::TIMESTAMP_TZ);
    case TypeKind::kTimestampNtz:
      return LogicalType(LogicalType::TIMESTAMP);
    case TypeKind::kArray: {
      TARN_TRY(LogicalType element, ToLogicalType(type.element()));
      return LogicalType::LIST(element);
    }
    case TypeKind::kMap: {
      TARN_TRY(LogicalType key, ToLogicalType(type.key()));
      TARN_TRY(LogicalType value, ToLogicalType(type.value()));
      return LogicalType::MAP(key, value);
    }
    case TypeKind::kStruct: {
      duckdb::child_list_t<LogicalType> members;
      for (const columnar::Field& field : type.fields()) {
        TARN_TRY(LogicalType member, ToLogicalType(field.type));
        members.emplace_back(field.name, member);
      }
      return LogicalType::STRUCT(std::move(members));
    }
    case TypeKind::kCalendarInterval:
    case TypeKind::kVariant:
      break;
  }
  return Fail("UNSUPPORTED_DATATYPE",
              "Tarn does not compute with the type \"" + type.ToSqlString() + "\" yet.",
              {{"typeName", "\"" + type.ToSqlString() + "\""}});
}

DataType FromLogicalType(const LogicalType& type) {
  switch (type.id()) {
    case LogicalTypeId::BOOLEAN:
      return TypeKind::kBoolean;
    case LogicalTypeId::TINYINT:
      return TypeKind::kByte;
    case LogicalTypeId::SMALLINT:
    case LogicalTypeId::UTINYINT:
      return TypeKind::kShort;
    case LogicalTypeId::INTEGER:
    case LogicalTypeId::USMALLINT:
      return TypeKind::kInteger;
    case LogicalTypeId::BIGINT:
    case LogicalTypeId::UINTEGER:
      return TypeKind::kLong;
    case LogicalTypeId::UBIGINT:
      return DataType::Decimal(20, 0);
    case LogicalTypeId::HUGEINT:
      return DataType::Decimal(38, 0);
    case LogicalTypeId::FLOAT:
      return TypeKind::kFloat;
    case LogicalTypeId::DOUBLE:
      return TypeKind::kDouble;
    case LogicalTypeId::DECIMAL:
      return DataType::Decimal(duckdb::DecimalType::GetWidth(type),
                               duckdb::DecimalType::GetScale(type));
    case LogicalTypeId::BLOB:
      return TypeKind::kBinary;
    case LogicalTypeId::DATE:
      return TypeKind::kDate;
    case LogicalTypeId::TIMESTAMP_TZ:
      return TypeKind::kTimestamp;
    case LogicalTypeId::TIMESTAMP:
    case LogicalTypeId::TIMESTAMP_NS:
    case LogicalTypeId::TIMESTAMP_MS:
    case LogicalTypeId::TIMESTAMP_SEC:
      return TypeKind::kTimestampNtz;
    case LogicalTypeId::LIST:
      return DataType::Array(FromLogicalType(duckdb::ListType::GetChildType(type)), true);
    case LogicalTypeId::MAP:
      return DataType::Map(FromLogicalType(duckdb::MapType::KeyType(type)),
                           FromLogicalType(duckdb::MapType::ValueType(type)), true);
    case LogicalTypeId::STRUCT: {
      columnar::Fields fields;
      for (const auto& child : duckdb::StructType::GetChildTypes(type)) {
        fields.push_back({child.first, FromLogicalType(child.second)});
      }
      return DataType::Struct(std::move(fields));
    }
    default:
      return TypeKind::kString;
  }
}

}  // namespace tarn::engine
