#include "sql/ast/query.h"

namespace tarn::sql {

In::In() : Expr(ExprKind::kIn) {}
In::~In() = default;
Exists::Exists() : Expr(ExprKind::kExists) {}
Exists::~Exists() = default;
Subquery::Subquery() : Expr(ExprKind::kSubquery) {}
Subquery::~Subquery() = default;

std::string_view BinaryOpText(BinaryOp op) {
  static constexpr std::string_view kTexts[] = {
      "OR", "AND", "=",   "!=", "<",  "<=", ">", ">=", "<=>", "+",  "-",
      "*",  "/",   "div", "%",  "||", "&",  "|", "^",  "<<",  ">>", ">>>"};
  return kTexts[static_cast<int>(op)];
}

}  // namespace tarn::sql
