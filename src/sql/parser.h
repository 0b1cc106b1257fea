#pragma once
/// \file  Text of one statement → its syntax tree.
#include "sql/ast/statement.h"

namespace tarn::sql {

/// One statement, a trailing semicolon allowed.
/// Errors (with QueryContext): PARSE_SYNTAX_ERROR, PARSE_EMPTY_STATEMENT,
/// UNCLOSED_BRACKETED_COMMENT, INVALID_TYPED_LITERAL, INVALID_NUMERIC_LITERAL_RANGE,
/// UNSUPPORTED_DATATYPE, and UNSUPPORTED_FEATURE for statements of Spark that Tarn does not have.
Result<StatementPtr> Parse(std::string_view text);

/// One expression and nothing after it.
Result<ExprPtr> ParseExpression(std::string_view text);
/// One data type, as in CAST or a column definition.
Result<columnar::DataType> ParseDataType(std::string_view text);
/// "a INT, b STRING NOT NULL": the schema option of readers.
Result<columnar::Fields> ParseSchema(std::string_view text);

/// Splits a script at its top-level semicolons; empty statements are dropped. Strings and comments
/// are honoured. Errors: those of the lexer.
Result<std::vector<std::string>> SplitStatements(std::string_view text);

/// The message of an error as Spark prints it under a statement: class, message, SQLSTATE, position
/// and, where the error knows its place, the line with carets below.
std::string RenderError(const Error& error, std::string_view text);

}  // namespace tarn::sql
