#include <algorithm>

#include "plan/analyzer.h"

namespace tarn::plan {
namespace {

std::string Lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

class Printer {
 public:
  explicit Printer(std::string_view text) : text_(text) {}

  std::string Print(const sql::Expr& e) const {
    using sql::ExprKind;
    switch (e.kind) {
      case ExprKind::kLiteral:
        return PrintLiteral(e.As<sql::Literal>());
      case ExprKind::kName:
        return e.As<sql::Name>().parts.back();
      case ExprKind::kStar:
        return "1";  // only count(*) prints a star: as count(1)
      case ExprKind::kUnary:
        return PrintUnary(e.As<sql::Unary>());
      case ExprKind::kBinary: {
        const auto& b = e.As<sql::Binary>();
        if (b.op == sql::BinaryOp::kConcat)
          return "concat(" + Print(*b.left) + ", " + Print(*b.right) + ")";
        if (b.op == sql::BinaryOp::kNotEqual) {
          return "(NOT (" + Print(*b.left) + " = " + Print(*b.right) + "))";
        }
        return "(" + Print(*b.left) + " " + std::string(sql::BinaryOpText(b.op)) + " " +
               Print(*b.right) + ")";
      }
      case ExprKind::kCall:
        return PrintCall(e.As<sql::Call>());
      case ExprKind::kCast: {
        const auto& c = e.As<sql::Cast>();
        return (c.is_try ? "TRY_CAST(" : "CAST(") + Print(*c.operand) + " AS " +
               c.type.ToSqlString() + ")";
      }
      case ExprKind::kCase:
        return PrintCase(e.As<sql::Case>());
      case ExprKind::kBetween: {
        const auto& b = e.As<sql::Between>();
        std::string inner =
            "between(" + Print(*b.operand) + ", " + Print(*b.low) + ", " + Print(*b.high) + ")";
        return b.negated ? "(NOT " + inner + ")" : inner;
      }
      case ExprKind::kIn:
        return PrintIn(e.As<sql::In>());
      case ExprKind::kLike:
        return PrintLike(e.As<sql::Like>());
      case ExprKind::kIs:
        return PrintIs(e.As<sql::Is>());
      case ExprKind::kExists:
        return "exists()";
      case ExprKind::kSubquery:
        return "scalarsubquery()";
      case ExprKind::kSubscript: {
        const auto& s = e.As<sql::Subscript>();
        return Print(*s.operand) + "[" + Print(*s.index) + "]";
      }
      case ExprKind::kField: {
        const auto& f = e.As<sql::FieldAccess>();
        return Print(*f.operand) + "." + f.name;
      }
      case ExprKind::kLambda:
      case ExprKind::kParameter:
        return std::string(text_.substr(e.range.begin, e.range.end - e.range.begin));
    }
    return "";
  }

 private:
  std::string PrintLiteral(const sql::Literal& l) const {
    switch (l.literal) {
      case sql::LiteralKind::kNull:
        return "NULL";
      case sql::LiteralKind::kDate:
        return "DATE '" + l.text + "'";
      case sql::LiteralKind::kTimestamp:
        return "TIMESTAMP '" + l.text + "'";
      case sql::LiteralKind::kTimestampNtz:
        return "TIMESTAMP_NTZ '" + l.text + "'";
      case sql::LiteralKind::kBinary:
        return std::string(text_.substr(l.range.begin, l.range.end - l.range.begin));
      default:
        return l.text;
    }
  }

  std::string PrintUnary(const sql::Unary& u) const {
    switch (u.op) {
      case sql::UnaryOp::kNot:
        return "(NOT " + Print(*u.operand) + ")";
      case sql::UnaryOp::kMinus:
        return "(- " + Print(*u.operand) + ")";
      case sql::UnaryOp::kPlus:
        return "(+ " + Print(*u.operand) + ")";
      case sql::UnaryOp::kBitNot:
        return "~" + Print(*u.operand);
    }
    return "";
  }

  std::string PrintList(const sql::ExprList& list) const {
    std::string out;
    for (const auto& e : list) out += (out.empty() ? "" : ", ") + Print(*e);
    return out;
  }

  std::string PrintOrder(const std::vector<sql::OrderItem>& items) const {
    std::string out;
    for (const auto& item : items) {
      bool first = item.nulls_first.value_or(!item.descending);
      out += (out.empty() ? "" : ", ") + Print(*item.expr) + (item.descending ? " DESC" : " ASC") +
             (first ? " NULLS FIRST" : " NULLS LAST");
    }
    return out;
  }

  std::string PrintCall(const sql::Call& c) const {
    std::string args;
    for (const auto& arg : c.args) args += (args.empty() ? "" : ", ") + Print(*arg.value);
    std::string out = Lower(c.name.back()) + "(" + (c.distinct ? "DISTINCT " : "") + args + ")";
    if (c.filter) out += " FILTER (WHERE " + Print(*c.filter) + ")";
    if (c.over) {
      std::string over;
      if (!c.over->partition_by.empty()) over = "PARTITION BY " + PrintList(c.over->partition_by);
      if (!c.over->order_by.empty()) {
        over += (over.empty() ? "" : " ") + ("ORDER BY " + PrintOrder(c.over->order_by));
      }
      bool ranking = c.args.empty() || Lower(c.name.back()) == "ntile";
      std::string frame = ranking ? "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW"
                          : c.over->order_by.empty()
                              ? "ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING"
                              : "RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW";
      out += " OVER (" + over + (over.empty() ? "" : " ") + frame + ")";
    }
    return out;
  }

  std::string PrintCase(const sql::Case& c) const {
    std::string out = "CASE";
    for (const auto& [when, then] : c.branches) {
      std::string test =
          c.operand ? "(" + Print(*c.operand) + " = " + Print(*when) + ")" : Print(*when);
      out += " WHEN " + test + " THEN " + Print(*then);
    }
    if (c.otherwise) out += " ELSE " + Print(*c.otherwise);
    return out + " END";
  }

  std::string PrintIn(const sql::In& in) const {
    std::string list = in.query ? "listquery()" : PrintList(in.list);
    std::string inner = "(" + Print(*in.operand) + " IN (" + list + "))";
    return in.negated ? "(NOT " + inner + ")" : inner;
  }

  std::string PrintLike(const sql::Like& like) const {
    static constexpr std::string_view kWords[] = {" LIKE ", " ILIKE ", " RLIKE "};
    std::string inner = Print(*like.operand) + std::string(kWords[static_cast<int>(like.like)]) +
                        PrintList(like.patterns);
    return like.negated ? "(NOT " + inner + ")" : inner;
  }

  std::string PrintIs(const sql::Is& is) const {
    std::string operand = Print(*is.operand);
    switch (is.test) {
      case sql::IsKind::kNull:
      case sql::IsKind::kUnknown:
        return "(" + operand + (is.negated ? " IS NOT NULL)" : " IS NULL)");
      case sql::IsKind::kTrue:
        return is.negated ? "(NOT (" + operand + " <=> true))" : "(" + operand + " <=> true)";
      case sql::IsKind::kFalse:
        return is.negated ? "(NOT (" + operand + " <=> false))" : "(" + operand + " <=> false)";
      case sql::IsKind::kDistinctFrom: {
        std::string equal = "(" + operand + " <=> " + Print(*is.other) + ")";
        return is.negated ? equal : "(NOT " + equal + ")";
      }
    }
    return "";
  }

  std::string_view text_;
};

}  // namespace

std::string OutputName(const sql::Expr& expr, std::string_view text) {
  return Printer(text).Print(expr);
}

}  // namespace tarn::plan
