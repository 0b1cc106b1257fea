#include "sql/parser/token_reader.h"

namespace tarn::sql {

// After ALTER: TABLE name followed by one change.
Result<StatementPtr> TokenReader::ParseAlterTable() {
  TARN_RETURN_IF_ERROR(ExpectWord("TABLE"));
  auto node = std::make_unique<AlterTable>();
  TARN_TRY(node->name, ParseName(node->name_range));
  if (TakeWords({"RENAME", "TO"})) {
    node->action = AlterTableAction::kRename;
    TARN_TRY(node->new_name, ParseName());
  } else if (TakeWords({"RENAME", "COLUMN"})) {
    node->action = AlterTableAction::kRenameColumn;
    TARN_TRY(NameParts column, ParseName());
    node->columns.push_back(std::move(column));
    TARN_RETURN_IF_ERROR(ExpectWord("TO"));
    TARN_TRY(std::string name, ParseIdentifier());
    node->new_name = {std::move(name)};
  } else if (TakeWords({"SET", "TBLPROPERTIES"})) {
    node->action = AlterTableAction::kSetProperties;
    TARN_TRY(node->properties, ParseProperties());
  } else if (TakeWords({"UNSET", "TBLPROPERTIES"})) {
    node->action = AlterTableAction::kUnsetProperties;
    node->if_exists = TakeIfExists();
    TARN_TRY(Properties keys, ParseProperties());
    for (auto& [key, value] : keys) node->property_keys.push_back(std::move(key));
  } else if (IsWord("ADD") && IsAnyWord({"COLUMN", "COLUMNS"}, 1)) {
    TARN_RETURN_IF_ERROR(ParseAddColumns(*node));
  } else if (IsWord("DROP") && IsAnyWord({"COLUMN", "COLUMNS"}, 1)) {
    TARN_RETURN_IF_ERROR(ParseDropColumns(*node));
  } else if (IsAnyWord({"ALTER", "CHANGE"})) {
    TARN_RETURN_IF_ERROR(ParseAlterColumn(*node));
  } else if (TakeWords({"CLUSTER", "BY"})) {
    node->action = AlterTableAction::kClusterBy;
    if (!TakeWord("NONE")) {
      TARN_TRY(node->columns, ParseNameList());
    }
  } else if (TakeWords({"ADD", "CONSTRAINT"})) {
    node->action = AlterTableAction::kAddConstraint;
    TARN_TRY(node->check.name, ParseIdentifier());
    if (!IsWord("CHECK")) return Unsupported("constraints other than CHECK");
    TARN_RETURN_IF_ERROR(ParseCheck(node->check));
  } else if (TakeWords({"DROP", "CONSTRAINT"})) {
    node->action = AlterTableAction::kDropConstraint;
    node->if_exists = TakeIfExists();
    TARN_TRY(node->check.name, ParseIdentifier());
  } else if (IsAnyWord({"SET", "ADD", "DROP", "RENAME", "RECOVER", "REPLACE"})) {
    if (Peek(1).kind == TokenKind::kEnd) {
      Take();
      return Unexpected();
    }
    return Unsupported("ALTER TABLE … " + Peek().upper + " " + Peek(1).upper);
  } else {
    return Unexpected();
  }
  return StatementPtr(std::move(node));
}

Result<std::optional<ColumnPosition>> TokenReader::ParseColumnPosition() {
  std::optional<ColumnPosition> position;
  if (TakeWord("FIRST")) {
    position = ColumnPosition{};
  } else if (TakeWord("AFTER")) {
    TARN_TRY(std::string after, ParseIdentifier());
    position = ColumnPosition{std::move(after)};
  }
  return position;
}

// ADD COLUMN[S] name type … or (name type …, …)
Status TokenReader::ParseAddColumns(AlterTable& alter) {
  Take();
  Take();
  alter.action = AlterTableAction::kAddColumns;
  bool brackets = TakeOp("(");
  do {
    AddedColumn added;
    uint32_t begin = Begin();
    TARN_TRY(added.name, ParseName());
    --at_;  // the definition begins with the last part of the name
    TARN_TRY(added.definition, ParseColumnDefinition());
    added.definition.range = Since(begin);
    TARN_TRY(added.position, ParseColumnPosition());
    alter.added.push_back(std::move(added));
  } while (TakeOp(","));
  if (brackets) TARN_RETURN_IF_ERROR(ExpectOp(")"));
  return Ok();
}

Status TokenReader::ParseDropColumns(AlterTable& alter) {
  Take();
  Take();
  alter.action = AlterTableAction::kDropColumns;
  alter.if_exists = TakeIfExists();
  bool brackets = TakeOp("(");
  do {
    TARN_TRY(NameParts column, ParseName());
    alter.columns.push_back(std::move(column));
  } while (TakeOp(","));
  if (brackets) TARN_RETURN_IF_ERROR(ExpectOp(")"));
  return Ok();
}

// ALTER [COLUMN] name TYPE type | COMMENT text | SET/DROP NOT NULL | SET/DROP DEFAULT | FIRST/AFTER
// | SYNC IDENTITY
Status TokenReader::ParseAlterColumn(AlterTable& alter) {
  Take();
  TakeWord("COLUMN");
  TARN_TRY(NameParts column, ParseName());
  alter.columns.push_back(std::move(column));
  if (TakeWord("TYPE")) {
    alter.action = AlterTableAction::kColumnType;
    TARN_TRY(alter.type, ParseType());
  } else if (TakeWord("COMMENT")) {
    alter.action = AlterTableAction::kColumnComment;
    TARN_TRY(alter.comment, ParseString());
  } else if (TakeWords({"SET", "NOT", "NULL"})) {
    alter.action = AlterTableAction::kColumnSetNotNull;
  } else if (TakeWords({"DROP", "NOT", "NULL"})) {
    alter.action = AlterTableAction::kColumnDropNotNull;
  } else if (TakeWords({"SET", "DEFAULT"})) {
    alter.action = AlterTableAction::kColumnSetDefault;
    TARN_TRY(alter.default_value, ParseExpr());
  } else if (TakeWords({"DROP", "DEFAULT"})) {
    alter.action = AlterTableAction::kColumnDropDefault;
  } else if (IsAnyWord({"FIRST", "AFTER"})) {
    alter.action = AlterTableAction::kColumnPosition;
    TARN_TRY(alter.position, ParseColumnPosition());
  } else if (TakeWords({"SYNC", "IDENTITY"})) {
    alter.action = AlterTableAction::kSyncIdentity;
  } else if (IsAnyWord({"SET", "DROP", "SYNC"})) {
    return Unsupported("ALTER COLUMN … " + Peek().upper + " " + Peek(1).upper);
  } else {
    return Unexpected();
  }
  return Ok();
}

}  // namespace tarn::sql
