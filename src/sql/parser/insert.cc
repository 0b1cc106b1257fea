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

Result<StatementPtr> TokenReader::ParseInsert() {
  TARN_RETURN_IF_ERROR(ExpectWord("INSERT"));
  auto node = std::make_unique<Insert>();
  if (TakeWord("OVERWRITE")) {
    node->mode = InsertMode::kOverwrite;
    if (IsWord("DIRECTORY")) return Unsupported("INSERT OVERWRITE DIRECTORY");
    TakeWord("INTO");
  } else {
    TARN_RETURN_IF_ERROR(ExpectWord("INTO"));
  }
  TakeWord("TABLE");
  TARN_TRY(node->table, ParseName(node->table_range));
  if (IsWord("AS")) return Unsupported("an alias of the table of INSERT");
  if (TakeWord("PARTITION")) {
    TARN_TRY(node->partition, ParsePartitionSpec());
  }
  if (TakeWords({"BY", "NAME"})) {
    node->by_name = true;
  } else if (IsOp("(") && !AtQuery()) {
    TARN_TRY(node->columns, ParseIdentifierList());
  }
  if (IsWord("REPLACE")) {
    Take();
    if (!TakeWord("WHERE")) return Unsupported("INSERT … REPLACE " + Peek().upper);
    node->mode = InsertMode::kReplaceWhere;
    TARN_TRY(node->replace_where, ParseExpr());
  }
  if (!AtQuery()) return Unexpected();
  TARN_TRY(node->query, ParseQuery());
  return StatementPtr(std::move(node));
}

}  // namespace tarn::sql
