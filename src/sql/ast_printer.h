#pragma once
/// \file  A syntax tree as text, for tests and for EXPLAIN while developing. Not SQL: brackets
/// around every node, one line where it fits into 100 columns.
#include "sql/ast/statement.h"

namespace tarn::sql {

std::string PrintTree(const Statement& statement);
std::string PrintTree(const Expr& expr);

}  // namespace tarn::sql
