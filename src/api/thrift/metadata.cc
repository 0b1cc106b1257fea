#include "api/thrift/handler.h"
#include "columnar/types.h"
#include "plan/function_registry.h"

namespace tarn::api::thrift {
namespace {

namespace wire = tarn::cli;
using catalog::Securable;
using catalog::SecurableKind;
using columnar::TypeKind;

// Codes of java.sql.Types, which the result sets of JDBC carry.
int JdbcType(const columnar::DataType& type) {
  switch (type.kind()) {
    case TypeKind::kNull:
      return 0;
    case TypeKind::kBoolean:
      return 16;
    case TypeKind::kByte:
      return -6;
    case TypeKind::kShort:
      return 5;
    case TypeKind::kInteger:
      return 4;
    case TypeKind::kLong:
      return -5;
    case TypeKind::kFloat:
      return 6;
    case TypeKind::kDouble:
      return 8;
    case TypeKind::kDecimal:
      return 3;
    case TypeKind::kChar:
      return 1;
    case TypeKind::kBinary:
      return -2;
    case TypeKind::kDate:
      return 91;
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz:
      return 93;
    case TypeKind::kArray:
      return 2003;
    case TypeKind::kMap:
      return 2000;
    case TypeKind::kStruct:
      return 2002;
    case TypeKind::kYearMonthInterval:
    case TypeKind::kDayTimeInterval:
    case TypeKind::kCalendarInterval:
    case TypeKind::kVariant:
      return 1111;
    default:
      return 12;
  }
}

// Digits of numbers, bytes of everything else whose size is fixed.
std::optional<int> ColumnSize(const columnar::DataType& type) {
  switch (type.kind()) {
    case TypeKind::kBoolean:
    case TypeKind::kByte:
      return type.is(TypeKind::kByte) ? 3 : 1;
    case TypeKind::kShort:
      return 5;
    case TypeKind::kInteger:
      return 10;
    case TypeKind::kLong:
      return 19;
    case TypeKind::kFloat:
      return 7;
    case TypeKind::kDouble:
      return 15;
    case TypeKind::kDecimal:
      return type.precision();
    case TypeKind::kChar:
    case TypeKind::kVarchar:
      return type.length();
    case TypeKind::kDate:
      return 10;
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz:
      return 29;
    default:
      return std::nullopt;
  }
}

std::optional<int> DecimalDigits(const columnar::DataType& type) {
  if (type.is(TypeKind::kDecimal)) return type.scale();
  if (type.is(TypeKind::kFloat)) return 7;
  if (type.is(TypeKind::kDouble)) return 15;
  if (type.is(TypeKind::kTimestamp) || type.is(TypeKind::kTimestampNtz)) return 6;
  if (type.is_integral()) return 0;
  return std::nullopt;
}

std::optional<std::string> Text(std::optional<int> number) {
  return number ? std::optional(std::to_string(*number)) : std::nullopt;
}

// LIKE of JDBC's metadata calls: % and _, a backslash escapes; upper and lower case are the same.
bool Matches(std::string_view pattern, std::string_view name) {
  if (pattern.empty()) return name.empty();
  if (pattern[0] == '%') {
    for (size_t skip = 0; skip <= name.size(); ++skip) {
      if (Matches(pattern.substr(1), name.substr(skip))) return true;
    }
    return false;
  }
  if (name.empty()) return false;
  if (pattern[0] == '_') return Matches(pattern.substr(1), name.substr(1));
  if (pattern[0] == '\\' && pattern.size() > 1) pattern.remove_prefix(1);
  auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  return lower(pattern[0]) == lower(name[0]) && Matches(pattern.substr(1), name.substr(1));
}

// Runs of % mean the same as one and would only cost time.
std::string Shortened(const std::string& pattern) {
  std::string out;
  for (char c : pattern) {
    if (c == '%' && !out.empty() && out.back() == '%') continue;
    out += c;
  }
  return out;
}

struct Pattern {
  Pattern(bool given, const std::string& text)
      : any(!given || text.empty()), text(Shortened(text)) {}
  bool Takes(std::string_view name) const { return any || Matches(text, name); }
  bool any;
  std::string text;
};

columnar::Schema Columns(std::initializer_list<std::pair<const char*, TypeKind>> columns) {
  columnar::Schema schema;
  for (const auto& [name, kind] : columns) schema.fields.push_back({name, kind});
  return schema;
}

std::shared_ptr<Operation> MakeRows(columnar::Schema schema) {
  auto operation = std::make_shared<Operation>();
  operation->schema = std::move(schema);
  return operation;
}

struct Scope {
  const catalog::CatalogService& catalog;
  const identity::Principal& who;
};

template <typename Visit>
void EachSchema(const Scope& scope, const Pattern& catalogs, const Pattern& schemas, Visit visit) {
  for (const Securable& c : scope.catalog.ListVisible(scope.who, SecurableKind::kCatalog, "")) {
    if (!catalogs.Takes(c.name())) continue;
    for (const Securable& s :
         scope.catalog.ListVisible(scope.who, SecurableKind::kSchema, c.full_name)) {
      if (schemas.Takes(s.name())) visit(c, s);
    }
  }
}

TextRow ColumnRow(const Securable& c, const Securable& s, const Securable& t,
                  const columnar::Field& field, size_t position) {
  std::string type = field.type.ToSqlString();
  return {c.name(),
          s.name(),
          t.name(),
          field.name,
          std::to_string(JdbcType(field.type)),
          type,
          Text(ColumnSize(field.type)),
          std::nullopt,
          Text(DecimalDigits(field.type)),
          field.type.is_numeric() ? std::optional<std::string>("10") : std::nullopt,
          field.nullable ? "1" : "0",
          field.comment(),
          std::nullopt,
          std::nullopt,
          std::nullopt,
          std::nullopt,
          std::to_string(position),
          field.nullable ? "YES" : "NO",
          std::nullopt,
          std::nullopt,
          std::nullopt,
          std::nullopt,
          "NO"};
}

}  // namespace

MadeOperation ListCatalogs(const catalog::CatalogService& catalog, const identity::Principal& who) {
  auto out = MakeRows(Columns({{"TABLE_CAT", TypeKind::kString}}));
  for (const Securable& c : catalog.ListVisible(who, SecurableKind::kCatalog, ""))
    out->rows.push_back({c.name()});
  return out;
}

MadeOperation ListSchemas(const catalog::CatalogService& catalog, const identity::Principal& who,
                          const wire::TGetSchemasReq& in) {
  auto out =
      MakeRows(Columns({{"TABLE_SCHEM", TypeKind::kString}, {"TABLE_CATALOG", TypeKind::kString}}));
  EachSchema({catalog, who}, {in.__isset.catalogName, in.catalogName},
             {in.__isset.schemaName, in.schemaName}, [&](const Securable& c, const Securable& s) {
               out->rows.push_back({s.name(), c.name()});
             });
  return out;
}

MadeOperation ListTables(const catalog::CatalogService& catalog, const identity::Principal& who,
                         const wire::TGetTablesReq& in) {
  auto out = MakeRows(Columns({{"TABLE_CAT", TypeKind::kString},
                               {"TABLE_SCHEM", TypeKind::kString},
                               {"TABLE_NAME", TypeKind::kString},
                               {"TABLE_TYPE", TypeKind::kString},
                               {"REMARKS", TypeKind::kString},
                               {"TYPE_CAT", TypeKind::kString},
                               {"TYPE_SCHEM", TypeKind::kString},
                               {"TYPE_NAME", TypeKind::kString},
                               {"SELF_REFERENCING_COL_NAME", TypeKind::kString},
                               {"REF_GENERATION", TypeKind::kString}}));
  // There are no views yet, so that a call for other types than TABLE finds nothing.
  const std::vector<std::string>& types = in.tableTypes;
  if (!types.empty() && std::find(types.begin(), types.end(), "TABLE") == types.end()) return out;
  Pattern names{in.__isset.tableName, in.tableName};
  EachSchema(
      {catalog, who}, {in.__isset.catalogName, in.catalogName},
      {in.__isset.schemaName, in.schemaName}, [&](const Securable& c, const Securable& s) {
        for (const Securable& t : catalog.ListVisible(who, SecurableKind::kTable, s.full_name)) {
          if (!names.Takes(t.name())) continue;
          TextRow row = {c.name(), s.name(), t.name(), "TABLE", t.comment};
          row.resize(10);
          out->rows.push_back(std::move(row));
        }
      });
  return out;
}

MadeOperation ListTableTypes() {
  auto out = MakeRows(Columns({{"TABLE_TYPE", TypeKind::kString}}));
  out->rows = {{"TABLE"}, {"VIEW"}};
  return out;
}

MadeOperation ListColumns(const catalog::CatalogService& catalog, const identity::Principal& who,
                          const wire::TGetColumnsReq& in) {
  auto out = MakeRows(
      Columns({{"TABLE_CAT", TypeKind::kString},         {"TABLE_SCHEM", TypeKind::kString},
               {"TABLE_NAME", TypeKind::kString},        {"COLUMN_NAME", TypeKind::kString},
               {"DATA_TYPE", TypeKind::kInteger},        {"TYPE_NAME", TypeKind::kString},
               {"COLUMN_SIZE", TypeKind::kInteger},      {"BUFFER_LENGTH", TypeKind::kByte},
               {"DECIMAL_DIGITS", TypeKind::kInteger},   {"NUM_PREC_RADIX", TypeKind::kInteger},
               {"NULLABLE", TypeKind::kInteger},         {"REMARKS", TypeKind::kString},
               {"COLUMN_DEF", TypeKind::kString},        {"SQL_DATA_TYPE", TypeKind::kInteger},
               {"SQL_DATETIME_SUB", TypeKind::kInteger}, {"CHAR_OCTET_LENGTH", TypeKind::kInteger},
               {"ORDINAL_POSITION", TypeKind::kInteger}, {"IS_NULLABLE", TypeKind::kString},
               {"SCOPE_CATALOG", TypeKind::kString},     {"SCOPE_SCHEMA", TypeKind::kString},
               {"SCOPE_TABLE", TypeKind::kString},       {"SOURCE_DATA_TYPE", TypeKind::kShort},
               {"IS_AUTO_INCREMENT", TypeKind::kString}}));
  Pattern tables{in.__isset.tableName, in.tableName};
  Pattern columns{in.__isset.columnName, in.columnName};
  EachSchema(
      {catalog, who}, {in.__isset.catalogName, in.catalogName},
      {in.__isset.schemaName, in.schemaName}, [&](const Securable& c, const Securable& s) {
        for (const Securable& t : catalog.ListVisible(who, SecurableKind::kTable, s.full_name)) {
          if (!tables.Takes(t.name())) continue;
          for (size_t i = 0; i < t.columns.fields.size(); ++i) {
            const columnar::Field& field = t.columns.fields[i];
            if (columns.Takes(field.name)) out->rows.push_back(ColumnRow(c, s, t, field, i));
          }
        }
      });
  return out;
}

MadeOperation ListFunctions(const wire::TGetFunctionsReq& in) {
  auto out = MakeRows(Columns({{"FUNCTION_CAT", TypeKind::kString},
                               {"FUNCTION_SCHEM", TypeKind::kString},
                               {"FUNCTION_NAME", TypeKind::kString},
                               {"REMARKS", TypeKind::kString},
                               {"FUNCTION_TYPE", TypeKind::kInteger},
                               {"SPECIFIC_NAME", TypeKind::kString}}));
  Pattern names{true, in.functionName};
  constexpr const char* kReturnsNoTable = "1";
  for (const plan::FunctionEntry& function : plan::Functions()) {
    if (function.internal || !names.Takes(function.name)) continue;
    out->rows.push_back({std::nullopt, std::nullopt, std::string(function.name),
                         std::string(function.description), kReturnsNoTable,
                         std::string(function.name)});
  }
  return out;
}

MadeOperation ListPrimaryKeys() {
  return MakeRows(Columns({{"TABLE_CAT", TypeKind::kString},
                           {"TABLE_SCHEM", TypeKind::kString},
                           {"TABLE_NAME", TypeKind::kString},
                           {"COLUMN_NAME", TypeKind::kString},
                           {"KEQ_SEQ", TypeKind::kInteger},
                           {"PK_NAME", TypeKind::kString}}));
}

MadeOperation ListCrossReferences() {
  return MakeRows(Columns({{"PKTABLE_CAT", TypeKind::kString},
                           {"PKTABLE_SCHEM", TypeKind::kString},
                           {"PKTABLE_NAME", TypeKind::kString},
                           {"PKCOLUMN_NAME", TypeKind::kString},
                           {"FKTABLE_CAT", TypeKind::kString},
                           {"FKTABLE_SCHEM", TypeKind::kString},
                           {"FKTABLE_NAME", TypeKind::kString},
                           {"FKCOLUMN_NAME", TypeKind::kString},
                           {"KEQ_SEQ", TypeKind::kInteger},
                           {"UPDATE_RULE", TypeKind::kShort},
                           {"DELETE_RULE", TypeKind::kShort},
                           {"FK_NAME", TypeKind::kString},
                           {"PK_NAME", TypeKind::kString},
                           {"DEFERRABILITY", TypeKind::kShort}}));
}

MadeOperation ListTypes() {
  auto out = MakeRows(Columns({{"TYPE_NAME", TypeKind::kString},
                               {"DATA_TYPE", TypeKind::kInteger},
                               {"PRECISION", TypeKind::kInteger},
                               {"LITERAL_PREFIX", TypeKind::kString},
                               {"LITERAL_SUFFIX", TypeKind::kString},
                               {"CREATE_PARAMS", TypeKind::kString},
                               {"NULLABLE", TypeKind::kShort},
                               {"CASE_SENSITIVE", TypeKind::kBoolean},
                               {"SEARCHABLE", TypeKind::kShort},
                               {"UNSIGNED_ATTRIBUTE", TypeKind::kBoolean},
                               {"FIXED_PREC_SCALE", TypeKind::kBoolean},
                               {"AUTO_INCREMENT", TypeKind::kBoolean},
                               {"LOCAL_TYPE_NAME", TypeKind::kString},
                               {"MINIMUM_SCALE", TypeKind::kShort},
                               {"MAXIMUM_SCALE", TypeKind::kShort},
                               {"SQL_DATA_TYPE", TypeKind::kInteger},
                               {"SQL_DATETIME_SUB", TypeKind::kInteger},
                               {"NUM_PREC_RADIX", TypeKind::kInteger}}));
  const columnar::DataType kTypes[] = {TypeKind::kNull,
                                       TypeKind::kBoolean,
                                       TypeKind::kByte,
                                       TypeKind::kShort,
                                       TypeKind::kInteger,
                                       TypeKind::kLong,
                                       TypeKind::kFloat,
                                       TypeKind::kDouble,
                                       TypeKind::kString,
                                       TypeKind::kBinary,
                                       columnar::DataType::Decimal(38, 38),
                                       TypeKind::kDate,
                                       TypeKind::kTimestamp,
                                       TypeKind::kTimestampNtz};
  for (const columnar::DataType& type : kTypes) {
    std::string name = type.is(TypeKind::kDecimal) ? "DECIMAL" : type.ToSqlString();
    std::optional<std::string> radix;
    if (type.is_numeric()) radix = "10";
    bool searchable_as_text = type.is(TypeKind::kString);
    out->rows.push_back(
        {name, std::to_string(JdbcType(type)),
         type.is_numeric() ? Text(ColumnSize(type)) : std::nullopt, std::nullopt, std::nullopt,
         std::nullopt, "1", type.is_string() ? "true" : "false", searchable_as_text ? "3" : "2",
         type.is_numeric() ? "false" : "true", "false", "false", std::nullopt, "0",
         type.is(TypeKind::kDecimal) ? "38" : "0", std::nullopt, std::nullopt, radix});
  }
  return out;
}

void Handler::GetTypeInfo(wire::TGetTypeInfoResp& out, const wire::TGetTypeInfoReq& in) {
  Answer(out, in, wire::TOperationType::GET_TYPE_INFO, ListTypes());
}
void Handler::GetCatalogs(wire::TGetCatalogsResp& out, const wire::TGetCatalogsReq& in) {
  Answer(out, in, wire::TOperationType::GET_CATALOGS, ListCatalogs(*services_.catalog, who_));
}
void Handler::GetSchemas(wire::TGetSchemasResp& out, const wire::TGetSchemasReq& in) {
  Answer(out, in, wire::TOperationType::GET_SCHEMAS, ListSchemas(*services_.catalog, who_, in));
}
void Handler::GetTables(wire::TGetTablesResp& out, const wire::TGetTablesReq& in) {
  Answer(out, in, wire::TOperationType::GET_TABLES, ListTables(*services_.catalog, who_, in));
}
void Handler::GetTableTypes(wire::TGetTableTypesResp& out, const wire::TGetTableTypesReq& in) {
  Answer(out, in, wire::TOperationType::GET_TABLE_TYPES, ListTableTypes());
}
void Handler::GetColumns(wire::TGetColumnsResp& out, const wire::TGetColumnsReq& in) {
  Answer(out, in, wire::TOperationType::GET_COLUMNS, ListColumns(*services_.catalog, who_, in));
}
void Handler::GetFunctions(wire::TGetFunctionsResp& out, const wire::TGetFunctionsReq& in) {
  Answer(out, in, wire::TOperationType::GET_FUNCTIONS, ListFunctions(in));
}
void Handler::GetPrimaryKeys(wire::TGetPrimaryKeysResp& out, const wire::TGetPrimaryKeysReq& in) {
  Answer(out, in, wire::TOperationType::UNKNOWN, ListPrimaryKeys());
}
void Handler::GetCrossReference(wire::TGetCrossReferenceResp& out,
                                const wire::TGetCrossReferenceReq& in) {
  Answer(out, in, wire::TOperationType::UNKNOWN, ListCrossReferences());
}

}  // namespace tarn::api::thrift
