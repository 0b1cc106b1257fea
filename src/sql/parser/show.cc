#include "sql/parser/token_reader.h"

namespace tarn::sql {

Result<StatementPtr> TokenReader::ParseShow() {
  TARN_RETURN_IF_ERROR(ExpectWord("SHOW"));
  if (IsAnyWord({"GRANT", "GRANTS"})) return ParseShowGrants();
  auto node = std::make_unique<Show>();
  bool container = false;
  if (TakeWord("CATALOGS")) {
    node->what = ShowKind::kCatalogs;
  } else if (TakeWord("SCHEMAS") || TakeWord("DATABASES")) {
    node->what = ShowKind::kSchemas;
    container = true;
  } else if (TakeWord("TABLES")) {
    node->what = ShowKind::kTables;
    container = true;
  } else if (TakeWord("VOLUMES")) {
    node->what = ShowKind::kVolumes;
    container = true;
  } else if (TakeWord("COLUMNS")) {
    node->what = ShowKind::kColumns;
    container = true;
  } else if (IsAnyWord({"USER", "SYSTEM", "ALL"}) && IsWord("FUNCTIONS", 1)) {
    node->what = ShowKind::kFunctions;
    node->scope = Take().upper;
    Take();
  } else if (TakeWord("FUNCTIONS")) {
    node->what = ShowKind::kFunctions;
  } else if (TakeWords({"CREATE", "TABLE"})) {
    node->what = ShowKind::kCreateTable;
    TARN_TRY(node->in, ParseName(node->in_range));
    return StatementPtr(std::move(node));
  } else if (TakeWord("TBLPROPERTIES")) {
    node->what = ShowKind::kTableProperties;
    TARN_TRY(node->in, ParseName(node->in_range));
    if (TakeOp("(")) {
      TARN_TRY(node->property, ParseString());
      TARN_RETURN_IF_ERROR(ExpectOp(")"));
    }
    return StatementPtr(std::move(node));
  } else if (TakeWord("PARTITIONS")) {
    node->what = ShowKind::kPartitions;
    TARN_TRY(node->in, ParseTableOrPath(node->in_range));
    if (TakeWord("PARTITION")) {
      TARN_TRY(node->partition, ParsePartitionSpec());
    }
    return StatementPtr(std::move(node));
  } else if (IsAnyWord({"VIEWS", "CURRENT", "TABLE", "USERS", "GROUPS"})) {
    return Unsupported("SHOW " + Peek().upper);
  } else {
    return Unexpected();
  }
  if (container && (TakeWord("IN") || TakeWord("FROM"))) {
    TARN_TRY(node->in, ParseName(node->in_range));
    if (node->what == ShowKind::kColumns && (TakeWord("IN") || TakeWord("FROM"))) {
      TARN_TRY(NameParts schema, ParseName());
      schema.push_back(node->in.back());
      node->in = std::move(schema);
    }
  }
  TakeWord("LIKE");
  if (Peek().kind == TokenKind::kString) {
    TARN_TRY(node->like, ParseString());
  } else if (node->what == ShowKind::kFunctions && AtIdentifier()) {
    TARN_TRY(node->like, ParseIdentifier());
  }
  return StatementPtr(std::move(node));
}

Result<StatementPtr> TokenReader::ParseDescribe() {
  Take();
  auto node = std::make_unique<Describe>();
  if (IsAnyWord({"HISTORY", "DETAIL"})) {
    node->what = Take().upper == "HISTORY" ? DescribeKind::kHistory : DescribeKind::kDetail;
  } else if (TakeWord("CATALOG")) {
    node->what = DescribeKind::kCatalog;
    node->extended = TakeWord("EXTENDED");
  } else if (TakeWord("SCHEMA") || TakeWord("DATABASE")) {
    node->what = DescribeKind::kSchema;
    node->extended = TakeWord("EXTENDED");
  } else if (TakeWord("VOLUME")) {
    node->what = DescribeKind::kVolume;
  } else if (TakeWord("FUNCTION")) {
    node->what = DescribeKind::kFunction;
    node->extended = TakeWord("EXTENDED");
  } else if ((IsWord("QUERY") && AtQuery(1)) || (AtQuery() && !IsWord("TABLE"))) {
    TakeWord("QUERY");
    node->what = DescribeKind::kQuery;
    TARN_TRY(node->query, ParseQuery());
    return StatementPtr(std::move(node));
  } else {
    TakeWord("TABLE");
    node->extended = TakeWord("EXTENDED") || TakeWord("FORMATTED");
  }
  bool takes_path = node->what == DescribeKind::kHistory || node->what == DescribeKind::kDetail;
  if (takes_path) {
    TARN_TRY(node->name, ParseTableOrPath(node->name_range));
  } else {
    TARN_TRY(node->name, ParseName(node->name_range));
  }
  if (node->what == DescribeKind::kHistory && TakeWord("LIMIT")) {
    TARN_TRY(node->limit, ParseCount());
  }
  if (node->what == DescribeKind::kTable) {
    if (IsWord("AS") && IsWord("JSON", 1)) return Unsupported("DESCRIBE … AS JSON");
    if (AtIdentifier()) {
      TARN_TRY(node->column, ParseName(node->column_range));
    }
  }
  return StatementPtr(std::move(node));
}

Result<StatementPtr> TokenReader::ParseExplain() {
  TARN_RETURN_IF_ERROR(ExpectWord("EXPLAIN"));
  auto node = std::make_unique<Explain>();
  if (TakeWord("EXTENDED")) {
    node->mode = ExplainMode::kExtended;
  } else if (TakeWord("FORMATTED")) {
    node->mode = ExplainMode::kFormatted;
  } else if (TakeWord("COST")) {
    node->mode = ExplainMode::kCost;
  } else if (IsWord("CODEGEN")) {
    return Unsupported("EXPLAIN CODEGEN");
  }
  TARN_TRY(node->statement, ParseStatement());
  return StatementPtr(std::move(node));
}

}  // namespace tarn::sql
