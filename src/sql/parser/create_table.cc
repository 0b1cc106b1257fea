#include <charconv>
#include <set>

#include "sql/parser/token_reader.h"

namespace tarn::sql {

Result<StatementPtr> TokenReader::ParseCreate() {
  TARN_RETURN_IF_ERROR(ExpectWord("CREATE"));
  bool or_replace = TakeWords({"OR", "REPLACE"});
  bool external = TakeWord("EXTERNAL");
  if (TakeWord("TABLE")) {
    auto table = std::make_unique<CreateTable>();
    table->or_replace = or_replace;
    table->external = external;
    return ParseCreateTable(std::move(table));
  }
  if (!or_replace && TakeWord("VOLUME")) return ParseCreateVolume(external);
  if (!or_replace && !external && TakeWord("CATALOG")) return ParseCreateCatalog();
  if (!or_replace && !external && (TakeWord("SCHEMA") || TakeWord("DATABASE"))) {
    return ParseCreateSchema();
  }
  if (IsAnyWord({"VIEW", "TEMPORARY", "TEMP", "GLOBAL", "FUNCTION", "MATERIALIZED", "STREAMING",
                 "CONNECTION", "SHARE", "RECIPIENT", "STORAGE", "CREDENTIAL", "LOCATION",
                 "POLICY"})) {
    return Unsupported("CREATE " + Peek().upper);
  }
  return Unexpected();
}

// CONSTRAINT name …, PRIMARY KEY …, FOREIGN KEY …, CHECK (…): where a column named so has a type.
bool TokenReader::AtTableConstraint() const {
  const std::initializer_list<std::string_view> kKinds = {"PRIMARY", "FOREIGN", "CHECK", "UNIQUE"};
  if (IsWord("CONSTRAINT")) return IsAnyWord(kKinds, 1) || IsAnyWord(kKinds, 2);
  if (IsWord("CHECK")) return IsOp("(", 1);
  return IsAnyWord({"PRIMARY", "FOREIGN"}) && IsWord("KEY", 1);
}

Result<ColumnDefinition> TokenReader::ParseColumnDefinition() {
  uint32_t begin = Begin();
  ColumnDefinition column;
  TARN_TRY(column.name, ParseIdentifier());
  TARN_TRY(column.type, ParseType());
  for (;;) {
    if (TakeWords({"NOT", "NULL"})) {
      column.nullable = false;
    } else if (TakeWord("COMMENT")) {
      TARN_TRY(column.comment, ParseString());
    } else if (TakeWord("DEFAULT")) {
      TARN_TRY(column.default_value, ParseExpr());
    } else if (TakeWord("GENERATED")) {
      TARN_RETURN_IF_ERROR(ParseGenerated(column));
    } else if (IsAnyWord({"PRIMARY", "FOREIGN", "CONSTRAINT", "MASK", "CHECK"})) {
      return Unsupported("the column option " + Peek().upper);
    } else {
      break;
    }
  }
  column.range = Since(begin);
  return column;
}

// After GENERATED: ALWAYS AS (expression), or ALWAYS | BY DEFAULT AS IDENTITY [(options)]
Status TokenReader::ParseGenerated(ColumnDefinition& column) {
  bool always = TakeWord("ALWAYS");
  if (!always && !TakeWords({"BY", "DEFAULT"})) return Unexpected();
  TARN_RETURN_IF_ERROR(ExpectWord("AS"));
  if (always && TakeOp("(")) {
    TARN_TRY(column.generated, ParseExpr());
    return ExpectOp(")");
  }
  TARN_RETURN_IF_ERROR(ExpectWord("IDENTITY"));
  column.identity = IdentityOptions{.always = always};
  if (!TakeOp("(")) return Ok();
  while (!TakeOp(")")) {
    bool start = TakeWords({"START", "WITH"});
    if (!start && !TakeWords({"INCREMENT", "BY"})) return Unexpected();
    TARN_TRY((start ? column.identity->start : column.identity->step), ParseSignedInteger());
  }
  return Ok();
}

Result<int64_t> TokenReader::ParseSignedInteger() {
  bool negative = TakeOp("-");
  const Token& token = Peek();
  std::string digits = (negative ? "-" : "") + token.text;
  int64_t value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  bool whole = error == std::errc() && end == digits.data() + digits.size();
  if (token.kind != TokenKind::kInteger || !whole) return Unexpected();
  Take();
  return value;
}

// CHECK (condition)
Status TokenReader::ParseCheck(CheckDefinition& check) {
  TARN_RETURN_IF_ERROR(ExpectWord("CHECK"));
  TARN_RETURN_IF_ERROR(ExpectOp("("));
  TARN_TRY(check.condition, ParseExpr());
  TARN_RETURN_IF_ERROR(ExpectOp(")"));
  return Ok();
}

// In the list of columns: [CONSTRAINT name] CHECK (condition)
Status TokenReader::ParseTableConstraint(CreateTable& table) {
  CheckDefinition check;
  uint32_t begin = Begin();
  if (TakeWord("CONSTRAINT")) {
    TARN_TRY(check.name, ParseIdentifier());
  }
  if (!IsWord("CHECK")) return Unsupported("constraints other than CHECK");
  TARN_RETURN_IF_ERROR(ParseCheck(check));
  check.range = Since(begin);
  table.checks.push_back(std::move(check));
  return Ok();
}

// After CREATE … TABLE or REPLACE TABLE
Result<StatementPtr> TokenReader::ParseCreateTable(std::unique_ptr<CreateTable> table) {
  table->if_not_exists = TakeIfNotExists();
  TARN_TRY(table->name, ParseName(table->name_range));
  if (IsAnyWord({"SHALLOW", "DEEP", "CLONE"})) return ParseClone(std::move(*table));
  if (TakeWord("LIKE")) {
    TARN_TRY(table->like, ParseName(table->like_range));
  } else if (TakeOp("(")) {
    do {
      if (AtTableConstraint()) {
        TARN_RETURN_IF_ERROR(ParseTableConstraint(*table));
        continue;
      }
      TARN_TRY(ColumnDefinition column, ParseColumnDefinition());
      table->columns.push_back(std::move(column));
    } while (TakeOp(","));
    TARN_RETURN_IF_ERROR(ExpectOp(")"));
  }
  TARN_RETURN_IF_ERROR(ParseTableClauses(*table));
  if (TakeWord("AS") || AtQuery()) {
    if (!AtQuery()) return Unexpected();
    TARN_TRY(table->as_select, ParseQuery());
    if (!table->columns.empty()) {
      return ErrorAt("INVALID_STATEMENT_OR_CLAUSE", table->columns[0].range,
                     "The statement or clause: a list of columns in CREATE TABLE … AS SELECT is "
                     "not valid.",
                     {{"operation", "CREATE TABLE (columns) AS SELECT"}});
    }
  }
  return StatementPtr(std::move(table));
}

Status TokenReader::ParseTableClauses(CreateTable& table) {
  std::set<std::string> seen;
  for (;;) {
    Token first = Peek();
    TARN_TRY(bool taken, ParseTableClause(table));
    if (!taken) return Ok();
    TARN_RETURN_IF_ERROR(CheckOnce(seen, first));
  }
}

// The second of two clauses would silently win.
Status TokenReader::CheckOnce(std::set<std::string>& seen, const Token& clause) const {
  if (seen.insert(clause.upper).second) return Ok();
  return ErrorAt("DUPLICATE_CLAUSES", clause.range,
                 "Found duplicate clauses: " + clause.upper + ". Please, remove one of them.",
                 {{"clauseName", clause.upper}});
}

Result<bool> TokenReader::ParseTableClause(CreateTable& table) {
  if (TakeWord("USING")) {
    TARN_TRY(NameParts provider, ParseName());
    table.provider.clear();
    for (const std::string& part : provider) {
      table.provider += (table.provider.empty() ? "" : ".") + part;
    }
    for (char& c : table.provider) {
      c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  } else if (TakeWords({"PARTITIONED", "BY"})) {
    TARN_RETURN_IF_ERROR(ParsePartitionedBy(table));
  } else if (TakeWords({"CLUSTER", "BY"})) {
    table.cluster_by_auto = TakeWord("AUTO");
    if (!table.cluster_by_auto && !TakeWord("NONE")) {
      TARN_TRY(table.cluster_by, ParseNameList());
    }
  } else if (IsWord("LOCATION")) {
    if (table.location) {
      return ErrorAt("DUPLICATE_CLAUSES", Peek().range,
                     "Found duplicate clauses: LOCATION. Please, remove one of them.",
                     {{"clauseName", "LOCATION"}});
    }
    Take();
    TARN_TRY(table.location, ParseString());
  } else if (TakeWord("COMMENT")) {
    TARN_TRY(table.comment, ParseString());
  } else if (TakeWord("TBLPROPERTIES")) {
    TARN_TRY(table.properties, ParseProperties());
  } else if (IsWord("OPTIONS")) {
    SourceRange range = Take().range;
    TARN_TRY(Properties options, ParseProperties());
    for (auto& option : options) {
      if (option.first == "path" || option.first == "PATH") {
        if (table.location) {
          return ErrorAt("DUPLICATE_CLAUSES", range,
                         "Found duplicate clauses: LOCATION and the option path. Please, remove "
                         "one of them.",
                         {{"clauseName", "LOCATION"}});
        }
        table.location = option.second;
      } else {
        table.options.push_back(std::move(option));
      }
    }
  } else if (IsAnyWord({"CLUSTERED", "SKEWED", "ROW", "STORED"})) {
    return Unsupported("CREATE TABLE … " + Peek().upper);
  } else {
    return false;
  }
  return true;
}

// (name, …) of existing columns, or (name TYPE, …) that adds them as well.
Status TokenReader::ParsePartitionedBy(CreateTable& table) {
  TARN_RETURN_IF_ERROR(ExpectOp("("));
  do {
    uint32_t begin = Begin();
    TARN_TRY(std::string name, ParseIdentifier());
    if (IsOp("(")) return Unsupported("partition transforms");
    if (!IsOp(",") && !IsOp(")")) {
      --at_;
      TARN_TRY(ColumnDefinition column, ParseColumnDefinition());
      column.range = Since(begin);
      table.columns.push_back(std::move(column));
    }
    table.partitioned_by.push_back(std::move(name));
  } while (TakeOp(","));
  return ExpectOp(")");
}

Result<StatementPtr> TokenReader::ParseCreateCatalog() {
  auto node = std::make_unique<CreateCatalog>();
  node->if_not_exists = TakeIfNotExists();
  uint32_t begin = Begin();
  TARN_TRY(node->name, ParseIdentifier());
  node->name_range = Since(begin);
  std::set<std::string> seen;
  for (;;) {
    Token first = Peek();
    if (TakeWord("COMMENT")) {
      TARN_TRY(node->comment, ParseString());
    } else if (TakeWords({"MANAGED", "LOCATION"})) {
      TARN_TRY(node->location, ParseString());
    } else {
      return StatementPtr(std::move(node));
    }
    TARN_RETURN_IF_ERROR(CheckOnce(seen, first));
  }
}

Result<StatementPtr> TokenReader::ParseCreateSchema() {
  auto node = std::make_unique<CreateSchema>();
  node->if_not_exists = TakeIfNotExists();
  TARN_TRY(node->name, ParseName(node->name_range));
  std::set<std::string> seen;
  for (;;) {
    Token first = Peek();
    if (TakeWord("COMMENT")) {
      TARN_TRY(node->comment, ParseString());
    } else if (TakeWords({"MANAGED", "LOCATION"}) || TakeWord("LOCATION")) {
      TARN_TRY(node->location, ParseString());
    } else if (TakeWords({"WITH", "DBPROPERTIES"}) || TakeWords({"WITH", "PROPERTIES"})) {
      TARN_TRY(node->properties, ParseProperties());
    } else {
      return StatementPtr(std::move(node));
    }
    TARN_RETURN_IF_ERROR(CheckOnce(seen, first));
  }
}

Result<StatementPtr> TokenReader::ParseCreateVolume(bool external) {
  auto node = std::make_unique<CreateVolume>();
  node->external = external;
  node->if_not_exists = TakeIfNotExists();
  TARN_TRY(node->name, ParseName(node->name_range));
  std::set<std::string> seen;
  for (;;) {
    Token first = Peek();
    if (TakeWord("COMMENT")) {
      TARN_TRY(node->comment, ParseString());
    } else if (TakeWord("LOCATION")) {
      TARN_TRY(node->location, ParseString());
    } else {
      return StatementPtr(std::move(node));
    }
    TARN_RETURN_IF_ERROR(CheckOnce(seen, first));
  }
}

}  // namespace tarn::sql
