#include "sql/parser/token_reader.h"

namespace tarn::sql {

Result<StatementPtr> TokenReader::ParseDrop() {
  TARN_RETURN_IF_ERROR(ExpectWord("DROP"));
  if (IsAnyWord({"VIEW", "FUNCTION", "TEMPORARY", "CONNECTION", "SHARE", "POLICY"})) {
    return Unsupported("DROP " + Peek().upper);
  }
  auto node = std::make_unique<Drop>();
  TARN_TRY(node->object, ParseSecurableWord());
  if (node->object == SecurableWord::kMetastore) return Unsupported("DROP METASTORE");
  node->if_exists = TakeIfExists();
  TARN_TRY(node->name, ParseName(node->name_range));
  node->cascade = TakeWord("CASCADE");
  if (!node->cascade) TakeWord("RESTRICT");
  TakeWord("PURGE");
  return StatementPtr(std::move(node));
}

Result<StatementPtr> TokenReader::ParseTruncate() {
  TARN_RETURN_IF_ERROR(ExpectWord("TRUNCATE"));
  TARN_RETURN_IF_ERROR(ExpectMissing("TABLE"));
  auto node = std::make_unique<Truncate>();
  TARN_TRY(node->table, ParseName(node->table_range));
  return StatementPtr(std::move(node));
}

}  // namespace tarn::sql
