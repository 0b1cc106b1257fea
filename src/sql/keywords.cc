#include "sql/keywords.h"

#include <algorithm>

namespace tarn::sql {
namespace {

// Sorted. Reserved by the SQL standard, so reserved when ANSI keywords are enforced.
// clang-format off
constexpr std::string_view kReserved[] = {
    "ALL", "AND", "ANY", "AS", "AUTHORIZATION", "BOTH", "CALL", "CASE", "CAST", "CHECK", "COLLATE",
    "COLLATION", "COLLATIONS", "COLUMN", "CONSTRAINT", "CREATE", "CROSS", "CURRENT_DATE",
    "CURRENT_PATH", "CURRENT_SCHEMA", "CURRENT_TIME", "CURRENT_TIMESTAMP", "CURRENT_USER",
    "DISTINCT", "ELSE", "END", "ESCAPE", "EXCEPT", "EXECUTE", "FALSE", "FETCH", "FILTER", "FOR",
    "FOREIGN", "FROM", "FULL", "GRANT", "GROUP", "HAVING", "IN", "INNER", "INTERSECT", "INTO", "IS",
    "JOIN", "LATERAL", "LEADING", "LEFT", "NATURAL", "NOT", "NULL", "OFFSET", "ON", "ONLY", "OR",
    "ORDER", "OUTER", "OVERLAPS", "PRIMARY", "RECURSIVE", "REFERENCES", "RIGHT", "SELECT",
    "SESSION_USER", "SOME", "SQL", "TABLE", "THEN", "TIME", "TO", "TRAILING", "UNION", "UNIQUE",
    "UNKNOWN", "USER", "USING", "WHEN", "WHERE", "WITH", "WITHIN"};
// clang-format on

// Sorted. Names everywhere.
// clang-format off
constexpr std::string_view kNonReserved[] = {
    "ADD", "AFTER", "AGGREGATE", "ALTER", "ALWAYS", "ANALYZE", "ANTI", "ANY_VALUE", "APPROX",
    "ARCHIVE", "ARRAY", "ASC", "ASENSITIVE", "AT", "ATOMIC", "BEGIN", "BERNOULLI", "BETWEEN",
    "BIGINT", "BINARY", "BINDING", "BOOLEAN", "BUCKET", "BUCKETS", "BY", "BYTE", "CACHE", "CALLED",
    "CASCADE", "CATALOG", "CATALOGS", "CHANGE", "CHANGES", "CHAR", "CHARACTER", "CLEAR", "CLOSE",
    "CLUSTER", "CLUSTERED", "CODEGEN", "COLLECTION", "COLUMNS", "COMMENT", "COMMIT", "COMPACT",
    "COMPACTIONS", "COMPENSATION", "COMPUTE", "CONCATENATE", "CONDITION", "CONTAINS", "CONTINUE",
    "COST", "CUBE", "CURRENT", "CURRENT_DATABASE", "CURSOR", "DATA", "DATABASE", "DATABASES",
    "DATE", "DATEADD", "DATEDIFF", "DATE_ADD", "DATE_DIFF", "DAY", "DAYOFYEAR", "DAYS",
    "DBPROPERTIES", "DEC", "DECIMAL", "DECLARE", "DEFAULT", "DEFAULT_PATH", "DEFINED", "DEFINER",
    "DELAY", "DELETE", "DELIMITED", "DESC", "DESCRIBE", "DETERMINISTIC", "DFS", "DIRECTORIES",
    "DIRECTORY", "DISTANCE", "DISTRIBUTE", "DIV", "DO", "DOUBLE", "DROP", "ELSEIF", "ENFORCED",
    "ESCAPED", "EVOLUTION", "EXACT", "EXCHANGE", "EXCLUDE", "EXCLUSIVE", "EXISTS", "EXIT",
    "EXPLAIN", "EXPORT", "EXTEND", "EXTENDED", "EXTERNAL", "EXTRACT", "FIELDS", "FILEFORMAT",
    "FIRST", "FLOAT", "FLOW", "FOLLOWING", "FORMAT", "FORMATTED", "FOUND", "FUNCTION", "FUNCTIONS",
    "GENERATED", "GEOGRAPHY", "GEOMETRY", "GLOBAL", "GROUPING", "HANDLER", "HOUR", "HOURS",
    "IDENTIFIED", "IDENTIFIER", "IDENTITY", "IF", "IGNORE", "ILIKE", "IMMEDIATE", "IMPORT",
    "INCLUDE", "INCLUSIVE", "INCREMENT", "INDEX", "INDEXES", "INPATH", "INPUT", "INPUTFORMAT",
    "INSENSITIVE", "INSERT", "INT", "INTEGER", "INTERVAL", "INVOKER", "ITEMS", "ITERATE", "JSON",
    "KEY", "KEYS", "LANGUAGE", "LAST", "LAZY", "LEAVE", "LEVEL", "LIKE", "LIMIT", "LINES", "LIST",
    "LOAD", "LOCAL", "LOCATION", "LOCK", "LOCKS", "LOGICAL", "LONG", "LOOP", "MACRO", "MAP",
    "MATCHED", "MATERIALIZED", "MAX", "MEASURE", "MERGE", "METRICS", "MICROSECOND", "MICROSECONDS",
    "MILLISECOND", "MILLISECONDS", "MINUS", "MINUTE", "MINUTES", "MODIFIES", "MONTH", "MONTHS",
    "MSCK", "NAME", "NAMESPACE", "NAMESPACES", "NANOSECOND", "NANOSECONDS", "NEAREST", "NEXT", "NO",
    "NONE", "NORELY", "NULLS", "NUMERIC", "OF", "OPEN", "OPTION", "OPTIONS", "OUT", "OUTPUTFORMAT",
    "OVER", "OVERLAY", "OVERWRITE", "PARTITION", "PARTITIONED", "PARTITIONS", "PATH", "PERCENT",
    "PIVOT", "PLACING", "POSITION", "PRECEDING", "PRINCIPALS", "PROCEDURE", "PROCEDURES",
    "PROPERTIES", "PURGE", "QUALIFY", "QUARTER", "QUERY", "RANGE", "READ", "READS", "REAL",
    "RECORDREADER", "RECORDWRITER", "RECOVER", "RECURSION", "REDUCE", "REFRESH", "RELY", "RENAME",
    "REPAIR", "REPEAT", "REPEATABLE", "REPLACE", "RESET", "RESPECT", "RESTRICT", "RETURN",
    "RETURNS", "REVOKE", "ROLE", "ROLES", "ROLLBACK", "ROLLUP", "ROW", "ROWS", "SCHEMA", "SCHEMAS",
    "SECOND", "SECONDS", "SECURITY", "SEMI", "SEPARATED", "SERDE", "SERDEPROPERTIES", "SET", "SETS",
    "SHORT", "SHOW", "SIMILARITY", "SINGLE", "SKEWED", "SMALLINT", "SORT", "SORTED", "SOURCE",
    "SPECIFIC", "SQLEXCEPTION", "SQLSTATE", "START", "STATISTICS", "STORED", "STRATIFY", "STREAM",
    "STREAMING", "STRING", "STRUCT", "SUBSTR", "SUBSTRING", "SYNC", "SYSTEM", "SYSTEM_PATH",
    "SYSTEM_TIME", "SYSTEM_VERSION", "TABLES", "TABLESAMPLE", "TARGET", "TBLPROPERTIES",
    "TERMINATED", "TIMEDIFF", "TIMESTAMP", "TIMESTAMPADD", "TIMESTAMPDIFF", "TIMESTAMP_LTZ",
    "TIMESTAMP_NTZ", "TINYINT", "TOUCH", "TRANSACTION", "TRANSACTIONS", "TRANSFORM", "TRIM", "TRUE",
    "TRUNCATE", "TRY_CAST", "TYPE", "UNARCHIVE", "UNBOUNDED", "UNCACHE", "UNLOCK", "UNPIVOT",
    "UNSET", "UNTIL", "UPDATE", "USE", "VALUE", "VALUES", "VAR", "VARCHAR", "VARIABLE", "VARIANT",
    "VERSION", "VIEW", "VIEWS", "VOID", "WATERMARK", "WEEK", "WEEKS", "WHILE", "WINDOW", "WITHOUT",
    "X", "YEAR", "YEARS", "ZONE"};
// clang-format on

// Sorted. The words of joins and set operations never name a relation without quotes.
// clang-format off
constexpr std::string_view kNoRelationAlias[] = {
    "ANTI", "CROSS", "EXCEPT", "FULL", "INNER", "INTERSECT", "JOIN", "LATERAL", "LEFT", "MINUS",
    "NATURAL", "ON", "RIGHT", "SEMI", "UNION", "USING"};
// clang-format on

template <size_t n>
bool Holds(const std::string_view (&words)[n], std::string_view word) {
  return std::binary_search(std::begin(words), std::end(words), word);
}

}  // namespace

KeywordClass ClassifyWord(std::string_view upper) {
  if (Holds(kReserved, upper)) return KeywordClass::kReserved;
  if (Holds(kNonReserved, upper)) return KeywordClass::kNonReserved;
  return KeywordClass::kNone;
}

bool IsRelationAlias(std::string_view upper) { return !Holds(kNoRelationAlias, upper); }

std::vector<Keyword> Keywords() {
  std::vector<Keyword> keywords;
  for (std::string_view word : kReserved) keywords.push_back({word, KeywordClass::kReserved});
  for (std::string_view word : kNonReserved) keywords.push_back({word, KeywordClass::kNonReserved});
  std::sort(keywords.begin(), keywords.end(),
            [](const Keyword& a, const Keyword& b) { return a.word < b.word; });
  return keywords;
}

}  // namespace tarn::sql
