#include "sql/parser/token_reader.h"

namespace tarn::sql {

Result<std::vector<std::pair<std::string, ExprPtr>>> TokenReader::ParsePartitionSpec() {
  std::vector<std::pair<std::string, ExprPtr>> partition;
  TARN_RETURN_IF_ERROR(ExpectOp("("));
  do {
    TARN_TRY(std::string name, ParseIdentifier());
    ExprPtr value;
    if (TakeOp("=")) {
      TARN_TRY(value, ParseExpr());
    }
    partition.emplace_back(std::move(name), std::move(value));
  } while (TakeOp(","));
  TARN_RETURN_IF_ERROR(ExpectOp(")"));
  return partition;
}

// REPLACE WHERE condition | REPLACE USING (columns) | REPLACE ON condition
Status TokenReader::ParseReplace(Insert& insert) {
  if (!TakeWord("REPLACE")) return Ok();
  if (insert.mode == InsertMode::kOverwrite) return Unexpected();
  if (TakeWord("USING")) {
    insert.mode = InsertMode::kReplaceUsing;
    TARN_TRY(insert.replace_using, ParseIdentifierList());
    return Ok();
  }
  insert.mode = TakeWord("ON") ? InsertMode::kReplaceOn : InsertMode::kReplaceWhere;
  if (insert.mode == InsertMode::kReplaceWhere) TARN_RETURN_IF_ERROR(ExpectWord("WHERE"));
  TARN_TRY(insert.replace_condition, ParseExpr());
  return Ok();
}

// INSERT [WITH SCHEMA EVOLUTION] {INTO | OVERWRITE} [TABLE] name [AS alias] [PARTITION (…)]
// [(columns) | BY NAME] [REPLACE …] query
Result<StatementPtr> TokenReader::ParseInsert() {
  TARN_RETURN_IF_ERROR(ExpectWord("INSERT"));
  auto node = std::make_unique<Insert>();
  node->schema_evolution = TakeWords({"WITH", "SCHEMA", "EVOLUTION"});
  if (TakeWord("OVERWRITE")) {
    node->mode = InsertMode::kOverwrite;
    if (IsWord("DIRECTORY")) return Unsupported("INSERT OVERWRITE DIRECTORY");
    TakeWord("INTO");
  } else {
    TARN_RETURN_IF_ERROR(ExpectWord("INTO"));
  }
  TakeWord("TABLE");
  TARN_TRY(node->table, ParseName(node->table_range));
  if (TakeWord("AS")) {
    TARN_TRY(node->alias, ParseIdentifier());
  }
  if (TakeWord("PARTITION")) {
    TARN_TRY(node->partition, ParsePartitionSpec());
  }
  if (TakeWords({"BY", "NAME"})) {
    node->by_name = true;
  } else if (IsOp("(") && !AtQuery()) {
    TARN_TRY(node->columns, ParseIdentifierList());
  }
  TARN_RETURN_IF_ERROR(ParseReplace(*node));
  if (!AtQuery()) return Unexpected();
  TARN_TRY(node->query, ParseQuery());
  if (node->mode == InsertMode::kReplaceOn && (TakeWord("AS") || AtIdentifier())) {
    TARN_TRY(node->query_alias, ParseIdentifier());
  }
  return StatementPtr(std::move(node));
}

}  // namespace tarn::sql
