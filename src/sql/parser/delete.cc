#include "sql/parser/token_reader.h"

namespace tarn::sql {

Result<StatementPtr> TokenReader::ParseDelete() {
  TARN_RETURN_IF_ERROR(ExpectWord("DELETE"));
  TARN_RETURN_IF_ERROR(ExpectMissing("FROM"));
  auto node = std::make_unique<Delete>();
  TARN_TRY(node->table, ParseTableRelation());
  TARN_RETURN_IF_ERROR(ParseAlias(*node->table));
  if (TakeWord("WHERE")) {
    TARN_TRY(node->where, ParseExpr());
  }
  return StatementPtr(std::move(node));
}

Result<StatementPtr> TokenReader::ParseUpdate() {
  TARN_RETURN_IF_ERROR(ExpectWord("UPDATE"));
  auto node = std::make_unique<Update>();
  TARN_TRY(node->table, ParseTableRelation());
  TARN_RETURN_IF_ERROR(ParseAlias(*node->table));
  TARN_RETURN_IF_ERROR(ExpectWord("SET"));
  TARN_RETURN_IF_ERROR(ParseAssignments(node->assignments));
  if (TakeWord("WHERE")) {
    TARN_TRY(node->where, ParseExpr());
  }
  return StatementPtr(std::move(node));
}

}  // namespace tarn::sql
