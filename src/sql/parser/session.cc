#include "sql/parser/token_reader.h"

namespace tarn::sql {

Result<StatementPtr> TokenReader::ParseUse() {
  TARN_RETURN_IF_ERROR(ExpectWord("USE"));
  auto node = std::make_unique<Use>();
  if (IsWord("CATALOG") && !IsOp(".", 1) && Peek(1).kind != TokenKind::kEnd) {
    Take();
    node->catalog = true;
  } else if (IsAnyWord({"SCHEMA", "DATABASE"}) && Peek(1).kind != TokenKind::kEnd &&
             !IsOp(".", 1)) {
    Take();
  }
  TARN_TRY(node->name, ParseName(node->name_range));
  return StatementPtr(std::move(node));
}

Error TokenReader::SetSyntax() const {
  return ErrorAt("INVALID_SET_SYNTAX", Peek().range,
                 "Expected format is 'SET', 'SET key', or 'SET key=value'. If you want to include "
                 "special characters in key, or include semicolon in value, please use backquotes, "
                 "e.g., SET `key`=`value`.");
}

// SET · SET key · SET key = value · SET TIME ZONE zone
Result<StatementPtr> TokenReader::ParseSet() {
  TARN_RETURN_IF_ERROR(ExpectWord("SET"));
  auto node = std::make_unique<Set>();
  if (Peek().kind == TokenKind::kEnd) return StatementPtr(std::move(node));
  if (IsAnyWord({"VAR", "VARIABLE"}) && !IsOp("=", 1)) return Unsupported("session variables");
  if (TakeWords({"TIME", "ZONE"})) {
    node->key = "spark.sql.session.timeZone";
    if (TakeWord("LOCAL")) {
      node->value = "UTC";
    } else if (Peek().kind == TokenKind::kString) {
      TARN_TRY(node->value, ParseString());
    } else {
      return Unexpected();
    }
    return StatementPtr(std::move(node));
  }
  // The key and the value are free text: what they hold need not be tokens of an expression.
  uint32_t begin = Begin();
  uint32_t key_end = begin;
  while (Peek().kind != TokenKind::kEnd && !IsOp("=")) {
    if (key_end > begin && Peek().range.begin != key_end) return SetSyntax();
    key_end = Peek().range.end;
    Take();
  }
  node->key_range = {begin, key_end};
  node->key = std::string(TextOf(node->key_range));
  if (node->key.size() > 2 && node->key.front() == '`' && node->key.back() == '`') {
    node->key = node->key.substr(1, node->key.size() - 2);
  }
  if (node->key.empty()) return Unexpected();
  if (TakeOp("=")) {
    uint32_t value_begin = Begin();
    uint32_t value_end = value_begin;
    bool one_string = (Peek().kind == TokenKind::kString || Peek().kind == TokenKind::kQuoted) &&
                      Peek(1).kind == TokenKind::kEnd;
    if (one_string) {
      node->value = Take().text;
    } else {
      while (Peek().kind != TokenKind::kEnd) {
        value_end = Peek().range.end;
        Take();
      }
      node->value = std::string(TextOf({value_begin, value_end}));
    }
  }
  return StatementPtr(std::move(node));
}

Result<StatementPtr> TokenReader::ParseReset() {
  TARN_RETURN_IF_ERROR(ExpectWord("RESET"));
  auto node = std::make_unique<Reset>();
  uint32_t begin = Begin();
  uint32_t end = begin;
  while (Peek().kind != TokenKind::kEnd) {
    end = Peek().range.end;
    Take();
  }
  node->key_range = {begin, end};
  node->key = std::string(TextOf(node->key_range));
  return StatementPtr(std::move(node));
}

}  // namespace tarn::sql
