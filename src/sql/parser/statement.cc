#include "sql/parser.h"

#include <algorithm>

#include "sql/parser/token_reader.h"

namespace tarn::sql {

Result<StatementPtr> TokenReader::ParseStatement() {
  uint32_t begin = Begin();
  auto parse = [&]() -> Result<StatementPtr> {
    if (AtQuery()) {
      TARN_TRY(auto query, ParseQuery());
      auto statement = std::make_unique<QueryStatement>();
      statement->query = std::move(query);
      return StatementPtr(std::move(statement));
    }
    if (IsWord("CREATE")) return ParseCreate();
    if (IsWord("DROP")) return ParseDrop();
    if (IsWord("TRUNCATE")) return ParseTruncate();
    if (IsWord("INSERT")) return ParseInsert();
    if (IsWord("DELETE")) return ParseDelete();
    if (IsWord("UPDATE")) return ParseUpdate();
    if (IsWord("COPY")) return ParseCopyInto();
    if (IsWord("SHOW")) return ParseShow();
    if (IsAnyWord({"DESCRIBE", "DESC"})) return ParseDescribe();
    if (IsWord("EXPLAIN")) return ParseExplain();
    if (IsWord("GRANT")) return ParseGrant(false);
    if (IsWord("REVOKE")) return ParseGrant(true);
    if (IsWord("USE")) return ParseUse();
    if (IsWord("SET")) return ParseSet();
    if (IsWord("RESET")) return ParseReset();
    if (IsWord("COMMENT")) return ParseCommentOn();
    if (IsWord("ALTER")) return ParseAlter();
    // Statements of Spark that are known to be missing answer so, not as a typing mistake.
    if (IsAnyWord({"MERGE",   "OPTIMIZE", "VACUUM", "RESTORE", "ANALYZE", "CACHE",
                   "UNCACHE", "REFRESH",  "CLEAR",  "MSCK",    "REPAIR",  "LOAD",
                   "EXECUTE", "DECLARE",  "BEGIN",  "CALL",    "CONVERT", "REORG",
                   "FSCK",    "UNDROP",   "SYNC",   "LIST",    "ADD",     "DENY"})) {
      return Unsupported("the statement " + Peek().upper);
    }
    return Unexpected();
  };
  TARN_TRY(StatementPtr statement, parse());
  statement->range = Since(begin);
  return statement;
}

Status TokenReader::ExpectEnd() {
  if (Peek().kind != TokenKind::kEnd) return Unexpected();
  return Ok();
}

Result<StatementPtr> Parse(std::string_view text) {
  TARN_TRY(std::vector<Token> tokens, Tokenize(text));
  while (tokens.size() >= 2 && tokens[tokens.size() - 2].upper == ";" &&
         tokens[tokens.size() - 2].kind == TokenKind::kOperator) {
    tokens.erase(tokens.end() - 2);
  }
  if (tokens.size() == 1) {
    return Fail("PARSE_EMPTY_STATEMENT", "Syntax error, unexpected empty statement.")
        .WithQueryContext(ContextOf(text, {0, 0}));
  }
  TokenReader reader(text, std::move(tokens));
  TARN_TRY(StatementPtr statement, reader.ParseStatement());
  TARN_RETURN_IF_ERROR(reader.ExpectEnd());
  return statement;
}

Result<ExprPtr> ParseExpression(std::string_view text) {
  TARN_TRY(std::vector<Token> tokens, Tokenize(text));
  TokenReader reader(text, std::move(tokens));
  TARN_TRY(ExprPtr expr, reader.ParseExpr());
  TARN_RETURN_IF_ERROR(reader.ExpectEnd());
  return expr;
}

Result<columnar::DataType> ParseDataType(std::string_view text) {
  TARN_TRY(std::vector<Token> tokens, Tokenize(text));
  TokenReader reader(text, std::move(tokens));
  TARN_TRY(columnar::DataType type, reader.ParseType());
  TARN_RETURN_IF_ERROR(reader.ExpectEnd());
  return type;
}

Result<columnar::Fields> ParseSchema(std::string_view text) {
  TARN_TRY(std::vector<Token> tokens, Tokenize(text));
  TokenReader reader(text, std::move(tokens));
  TARN_TRY(columnar::Fields fields, reader.ParseColumnList());
  TARN_RETURN_IF_ERROR(reader.ExpectEnd());
  return fields;
}

Result<std::vector<std::string>> SplitStatements(std::string_view text) {
  TARN_TRY(std::vector<Token> tokens, Tokenize(text));
  std::vector<std::string> statements;
  size_t begin = 0;
  bool empty = true;
  for (const Token& token : tokens) {
    bool ends =
        token.kind == TokenKind::kEnd || (token.kind == TokenKind::kOperator && token.upper == ";");
    if (!ends) {
      if (empty) begin = token.range.begin;
      empty = false;
    } else if (!empty) {
      std::string statement(text.substr(begin, token.range.begin - begin));
      statement.erase(statement.find_last_not_of(" \t\r\n") + 1);
      statements.push_back(std::move(statement));
      empty = true;
    }
  }
  return statements;
}

std::string RenderError(const Error& error, std::string_view text) {
  std::string out = error.ToSparkMessage();
  if (!error.query_context() || text.empty()) return out;
  const QueryContext& context = *error.query_context();
  bool is_parse_error = error.reason().substr(0, 5) == "PARSE" || error.sqlstate() == "42601" ||
                        error.sqlstate() == "42602" || error.sqlstate() == "42604";
  out += is_parse_error
             ? " (line " + std::to_string(context.line) + ", pos " +
                   std::to_string(context.column) + ")"
             : "; line " + std::to_string(context.line) + " pos " + std::to_string(context.column);
  out += "\n\n== SQL ==\n";
  int number = 1;
  for (size_t begin = 0; begin <= text.size(); ++number) {
    size_t end = std::min(text.find('\n', begin), text.size());
    out += text.substr(begin, end - begin);
    out += '\n';
    if (number == context.line) {
      size_t width = std::clamp<size_t>(
          context.fragment.size(), 1,
          std::max<size_t>(1, end - begin -
                                  static_cast<size_t>(std::min<int>(
                                      context.column, static_cast<int>(end - begin)))));
      out += std::string(static_cast<size_t>(context.column), '-') + std::string(width, '^') + "\n";
    }
    begin = end + 1;
  }
  return out;
}

}  // namespace tarn::sql
