#pragma once
/// \file  Spark SQL's tokens. Spec: Spark SQL reference, "Literals", "Identifiers", "Comments".
#include <string>
#include <vector>

#include "base/result.h"
#include "sql/ast/expression.h"

namespace tarn::sql {

enum class TokenKind {
  kWord,      ///< identifier or keyword
  kQuoted,    ///< `identifier`
  kString,    ///< '…' or "…", unescaped
  kInteger,   ///< digits, no point, no exponent, no suffix
  kNumber,    ///< any other number, with its suffix
  kOperator,  ///< punctuation
  kNamedParameter,
  kEnd,
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string text;   ///< unquoted and unescaped
  std::string upper;  ///< of a word, in upper case; of an operator, the operator
  SourceRange range;
};

/// The whole text as tokens, ended by kEnd. Comments and white space are dropped.
/// Errors: PARSE_SYNTAX_ERROR, UNCLOSED_BRACKETED_COMMENT, INVALID_IDENTIFIER.
Result<std::vector<Token>> Tokenize(std::string_view text);

/// The query context of a range, for errors.
QueryContext ContextOf(std::string_view text, SourceRange range);

}  // namespace tarn::sql
