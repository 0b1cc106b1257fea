#include "plan/output_name.h"

#include <cstdlib>

#include "columnar/value_text.h"
#include "plan/lower_case.h"

namespace tarn::plan {
namespace {

// A chain of fields down to a column: s.p, (s).p.q
bool IsFieldOfColumn(const sql::Expr& e) {
  const sql::Expr* at = &e;
  while (at->kind == sql::ExprKind::kField) at = at->As<sql::FieldAccess>().operand.get();
  return at->kind == sql::ExprKind::kName;
}

// "1.0E10" of 1e10: as Java prints it.
std::string FloatingText(const std::string& digits, bool is_float) {
  return is_float ? columnar::FloatText(std::strtof(digits.c_str(), nullptr))
                  : columnar::DoubleText(std::strtod(digits.c_str(), nullptr));
}

// ".5" and "00.10" with one digit before the point.
std::string DecimalText(std::string digits) {
  if (digits.find_first_of("eE") != std::string::npos) return digits;
  size_t zeros = 0;
  while (zeros + 1 < digits.size() && digits[zeros] == '0' && digits[zeros + 1] != '.') ++zeros;
  digits.erase(0, zeros);
  if (!digits.empty() && digits[0] == '.') digits.insert(0, "0");
  if (!digits.empty() && digits.back() == '.') digits.pop_back();
  return digits;
}

class Printer {
 public:
  Printer(const NameOverrides& names, std::string_view text) : names_(names), text_(text) {}

  std::string Print(const sql::Expr& e) const {
    using sql::ExprKind;
    if (auto at = names_.find(&e); at != names_.end()) return at->second;
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

  std::string PrintOrder(const std::vector<sql::OrderItem>& items) const {
    std::string out;
    for (const auto& item : items) {
      bool first = item.nulls_first.value_or(!item.descending);
      out += (out.empty() ? "" : ", ") + Print(*item.expr) + (item.descending ? " DESC" : " ASC") +
             (first ? " NULLS FIRST" : " NULLS LAST");
    }
    return out;
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
      case sql::LiteralKind::kFloat:
      case sql::LiteralKind::kDouble:
        return FloatingText(l.text, l.literal == sql::LiteralKind::kFloat);
      case sql::LiteralKind::kDecimal:
        return DecimalText(l.text);
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

  // A call that resolution has not named: its arguments as they are.
  std::string PrintCall(const sql::Call& c) const {
    std::string args;
    for (const auto& arg : c.args) args += (args.empty() ? "" : ", ") + Print(*arg.value);
    return Lower(c.name.back()) + "(" + (c.distinct ? "DISTINCT " : "") + args + ")";
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
    std::string operand = Print(*like.operand);
    if (like.quantifier != sql::Quantifier::kNone) {
      bool any = like.quantifier == sql::Quantifier::kAny;
      return std::string(like.negated ? "not" : "") + (any ? "likeany(" : "likeall(") + operand +
             ")";
    }
    std::string patterns = PrintList(like.patterns);
    std::string inner;
    switch (like.like) {
      case sql::LikeKind::kRLike:
        inner = "RLIKE(" + operand + ", " + patterns + ")";
        break;
      case sql::LikeKind::kILike:
        inner = "ilike(" + operand + ", " + patterns + ")";
        break;
      case sql::LikeKind::kLike:
        inner = operand + " LIKE " + patterns;
        break;
    }
    if (like.escape && like.like == sql::LikeKind::kLike && *like.escape != "\\") {
      inner += " ESCAPE '" + *like.escape + "'";
    }
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

  const NameOverrides& names_;
  std::string_view text_;
};

}  // namespace

std::string ItemName(const sql::Expr& expr, const NameOverrides& overrides, std::string_view text) {
  switch (expr.kind) {
    case sql::ExprKind::kName:
      return expr.As<sql::Name>().parts.back();
    case sql::ExprKind::kCast: {
      const sql::Expr& operand = *expr.As<sql::Cast>().operand;
      if (operand.kind == sql::ExprKind::kName) return operand.As<sql::Name>().parts.back();
      break;
    }
    case sql::ExprKind::kCall: {
      // date(c) and timestamp(c) are casts.
      const auto& call = expr.As<sql::Call>();
      std::string name = Lower(call.name.back());
      if ((name == "date" || name == "timestamp") && call.args.size() == 1 &&
          call.args[0].value->kind == sql::ExprKind::kName) {
        return call.args[0].value->As<sql::Name>().parts.back();
      }
      break;
    }
    case sql::ExprKind::kField:
      if (IsFieldOfColumn(expr)) return expr.As<sql::FieldAccess>().name;
      break;
    default:
      break;
  }
  return Printer(overrides, text).Print(expr);
}

std::string NameText(const sql::Expr& expr, const NameOverrides& overrides, std::string_view text) {
  return Printer(overrides, text).Print(expr);
}

std::string OrderText(const std::vector<sql::OrderItem>& items, const NameOverrides& overrides,
                      std::string_view text) {
  return Printer(overrides, text).PrintOrder(items);
}

}  // namespace tarn::plan
