#include <algorithm>

#include "sql/parser.h"
#include "sql/parser/token_reader.h"

namespace tarn::sql {

Result<StatementPtr> TokenReader::ParseStatement() {
  Depth depth(*this);
  if (depth.exceeded()) return TooDeep();
  uint32_t begin = Begin();
  auto parse = [&]() -> Result<StatementPtr> {
    if (AtQuery()) {
      TARN_TRY(auto query, ParseQuery());
      auto statement = std::make_unique<QueryStatement>();
      statement->query = std::move(query);
      return StatementPtr(std::move(statement));
    }
    if (IsWord("CREATE")) return ParseCreate();
    if (TakeWords({"REPLACE", "TABLE"})) {
      auto table = std::make_unique<CreateTable>();
      table->replace = true;
      return ParseCreateTable(std::move(table));
    }
    if (IsWord("DROP")) return ParseDrop();
    if (IsWord("TRUNCATE")) return ParseTruncate();
    if (IsWord("INSERT")) return ParseInsert();
    if (IsWord("DELETE")) return ParseDelete();
    if (IsWord("UPDATE")) return ParseUpdate();
    if (IsWord("MERGE")) return ParseMerge();
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
    if (IsWord("VACUUM")) return ParseVacuum();
    if (IsWord("RESTORE")) return ParseRestore();
    if (IsWord("OPTIMIZE")) return ParseOptimize();
    if (IsWord("REORG")) return ParseReorg();
    if (IsWord("CONVERT")) return ParseConvert();
    if (IsWord("ANALYZE")) return ParseAnalyze();
    if (IsWord("FSCK")) return ParseFsck();
    // Statements of Spark that are known to be missing answer so, not as a typing mistake.
    if (IsAnyWord({"CACHE", "UNCACHE", "REFRESH", "CLEAR", "MSCK", "REPAIR", "LOAD", "EXECUTE",
                   "DECLARE", "BEGIN", "CALL", "UNDROP", "SYNC", "LIST", "ADD", "DENY"})) {
      return Unsupported("the statement " + Peek().upper);
    }
    return Unexpected();
  };
  TARN_TRY(StatementPtr statement, parse());
  statement->range = Since(begin);
  return statement;
}

Status TokenReader::ExpectEnd() {
  if (Peek().kind == TokenKind::kEnd) return Ok();
  bool after_semicolon = IsOp(";");
  while (TakeOp(";")) continue;
  // Spark names a single token too many as such.
  if (!after_semicolon && Peek(1).kind != TokenKind::kEnd) return Unexpected();
  return Unexpected(": extra input '" + std::string(TextOf(Peek().range)) + "'");
}

Result<StatementPtr> Parse(std::string_view text) {
  TARN_TRY(std::vector<Token> tokens, Tokenize(text));
  while (tokens.size() > 2 && tokens[tokens.size() - 2].upper == ";" &&
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

namespace {

std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  for (size_t begin = 0; begin <= text.size();) {
    size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

// The whole text, with a caret of three below the first character of the error.
std::string TextWithCaret(const QueryContext& context, std::string_view text) {
  std::string out = "\n== SQL ==\n";
  int number = 0;
  for (std::string_view line : Lines(text)) {
    out.append(line).append("\n");
    if (++number == context.line) {
      out += std::string(static_cast<size_t>(context.column), '-') + "^^^\n";
    }
  }
  return out;
}

// The lines of the fragment, with carets below the fragment.
std::string FragmentWithCarets(const QueryContext& context, std::string_view text) {
  std::string out = "== SQL (line " + std::to_string(context.line) + ", position " +
                    std::to_string(context.column + 1) + ") ==\n";
  auto begin = static_cast<size_t>(context.start_offset);
  // An empty fragment, as at the end of the text, has one caret.
  size_t end = std::max(static_cast<size_t>(context.stop_offset) + 1, begin + 1);
  size_t at = 0;
  for (std::string_view line : Lines(text)) {
    size_t from = std::max(begin, at);
    bool at_line_end = begin == at + line.size();
    size_t to = std::min(end, at + line.size() + (at_line_end ? 1 : 0));
    if (from < to) {
      out.append(line).append("\n");
      out += std::string(from - at, ' ') + std::string(to - from, '^') + "\n";
    }
    at += line.size() + 1;
  }
  return out;
}

bool IsSyntaxReason(std::string_view reason) {
  return reason.substr(0, 6) == "PARSE_" || reason == "INVALID_IDENTIFIER" ||
         reason == "FAILED_TO_PARSE_TOO_COMPLEX";
}

// Found while parsing, but in a part that was understood: Spark shows the part.
bool IsPartReason(const Error& error) {
  static constexpr std::string_view kReasons[] = {
      "INVALID_TYPED_LITERAL",
      "UNSUPPORTED_TYPED_LITERAL",
      "UNSUPPORTED_DATATYPE",
      "DATATYPE_MISSING_SIZE",
      "MERGE_WITHOUT_WHEN",
      "INVALID_ESC",
      "INVALID_SQL_SYNTAX.EMPTY_IN_PREDICATE",
      "INVALID_STATEMENT_OR_CLAUSE",
      "DUPLICATE_CLAUSES",
      "DUPLICATED_CTE_NAMES",
      "INVALID_SET_SYNTAX",
      "NON_LAST_MATCHED_CLAUSE_OMIT_CONDITION",
      "NON_LAST_NOT_MATCHED_BY_TARGET_CLAUSE_OMIT_CONDITION",
      "NON_LAST_NOT_MATCHED_BY_SOURCE_CLAUSE_OMIT_CONDITION"};
  // SQLSTATE class 22, data exceptions: raised while rows are computed.
  return error.sqlstate().substr(0, 2) == "22" ||
         std::find(std::begin(kReasons), std::end(kReasons), error.reason()) != std::end(kReasons);
}

}  // namespace

std::string RenderError(const Error& error, std::string_view text) {
  std::string out = error.ToSparkMessage();
  if (!error.query_context() || text.empty()) return out;
  const QueryContext& context = *error.query_context();
  std::string line = std::to_string(context.line);
  std::string column = std::to_string(context.column);
  if (error.reason() == "UNCLOSED_BRACKETED_COMMENT") {
    return out + "\n== SQL ==\n" + std::string(text);
  }
  if (IsPartReason(error)) return out + "\n" + FragmentWithCarets(context, text);
  out += IsSyntaxReason(error.reason()) ? " (line " + line + ", pos " + column + ")"
                                        : "; line " + line + " pos " + column;
  return out + "\n" + TextWithCaret(context, text);
}

}  // namespace tarn::sql
