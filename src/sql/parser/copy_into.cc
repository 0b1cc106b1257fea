#include "sql/parser/token_reader.h"

namespace tarn::sql {

Result<StatementPtr> TokenReader::ParseCopyInto() {
  TARN_RETURN_IF_ERROR(ExpectWord("COPY"));
  TARN_RETURN_IF_ERROR(ExpectWord("INTO"));
  auto node = std::make_unique<CopyInto>();
  TARN_TRY(node->table, ParseName(node->table_range));
  TARN_RETURN_IF_ERROR(ExpectWord("FROM"));
  if (TakeOp("(")) {
    TARN_RETURN_IF_ERROR(ExpectWord("SELECT"));
    TARN_TRY(node->projection, ParseSelectList());
    TARN_RETURN_IF_ERROR(ExpectWord("FROM"));
    node->source_range = Peek().range;
    TARN_TRY(node->source, ParseString());
    TARN_RETURN_IF_ERROR(ExpectOp(")"));
  } else {
    node->source_range = Peek().range;
    TARN_TRY(node->source, ParseString());
  }
  TARN_RETURN_IF_ERROR(ExpectWord("FILEFORMAT"));
  TARN_RETURN_IF_ERROR(ExpectOp("="));
  if (Peek().kind == TokenKind::kString) {
    TARN_TRY(node->file_format, ParseString());
  } else {
    TARN_TRY(node->file_format, ParseIdentifier());
  }
  for (char& c : node->file_format) {
    c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  for (;;) {
    if (TakeWord("FILES")) {
      TARN_RETURN_IF_ERROR(ExpectOp("="));
      TARN_RETURN_IF_ERROR(ExpectOp("("));
      do {
        TARN_TRY(std::string file, ParseString());
        node->files.push_back(std::move(file));
      } while (TakeOp(","));
      TARN_RETURN_IF_ERROR(ExpectOp(")"));
    } else if (TakeWord("PATTERN")) {
      TARN_RETURN_IF_ERROR(ExpectOp("="));
      TARN_TRY(node->pattern, ParseString());
    } else if (TakeWord("FORMAT_OPTIONS")) {
      TARN_TRY(node->format_options, ParseProperties());
    } else if (TakeWord("COPY_OPTIONS")) {
      TARN_TRY(node->copy_options, ParseProperties());
    } else if (!node->validate && TakeWord("VALIDATE")) {
      node->validate = true;
      if (TakeWord("ALL") || Peek().kind != TokenKind::kInteger) continue;
      node->validate_rows = std::stoll(Take().text);
      TARN_RETURN_IF_ERROR(ExpectWord("ROWS"));
    } else if (IsWord("WITH")) {
      return Unsupported("COPY INTO … " + Peek().upper);
    } else {
      return StatementPtr(std::move(node));
    }
  }
}

}  // namespace tarn::sql
