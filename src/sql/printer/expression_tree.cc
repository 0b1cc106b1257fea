#include "sql/printer/tree.h"

namespace tarn::sql {
namespace {

std::string LiteralLabel(const Literal& literal) {
  switch (literal.literal) {
    case LiteralKind::kNull:
      return "NULL";
    case LiteralKind::kBoolean:
    case LiteralKind::kInteger:
      return literal.text;
    case LiteralKind::kTinyInt:
      return literal.text + "Y";
    case LiteralKind::kSmallInt:
      return literal.text + "S";
    case LiteralKind::kBigInt:
      return literal.text + "L";
    case LiteralKind::kFloat:
      return literal.text + "F";
    case LiteralKind::kDouble:
      return literal.text + "D";
    case LiteralKind::kDecimal:
      return literal.text + "BD";
    case LiteralKind::kString:
      return QuotedText(literal.text);
    case LiteralKind::kBinary:
      return "X" + QuotedText(literal.text);
    case LiteralKind::kDate:
      return "DATE" + QuotedText(literal.text);
    case LiteralKind::kTimestamp:
      return "TIMESTAMP" + QuotedText(literal.text);
    case LiteralKind::kTimestampNtz:
      return "TIMESTAMP_NTZ" + QuotedText(literal.text);
    case LiteralKind::kInterval:
      break;
  }
  std::string out = "INTERVAL";
  for (const IntervalPart& part : literal.interval) {
    out += " " + QuotedText(part.value);
    if (!part.unit.empty()) out += " " + part.unit;
    if (!part.to_unit.empty()) out += " TO " + part.to_unit;
  }
  return "[" + out + "]";
}

Tree StarTree(const Star& star) {
  Tree tree(star.qualifier.empty() ? "*" : QuotedName(star.qualifier) + ".*");
  if (star.except.empty()) return tree;
  Tree except("except");
  for (const NameParts& name : star.except) except.Add(QuotedName(name));
  return tree.Add(std::move(except));
}

std::string UnaryLabel(UnaryOp op) {
  switch (op) {
    case UnaryOp::kMinus:
      return "negative";
    case UnaryOp::kPlus:
      return "positive";
    case UnaryOp::kNot:
      return "NOT";
    case UnaryOp::kBitNot:
      return "~";
  }
  return "";
}

Tree CallTree(const Call& call) {
  Tree tree((call.is_row ? "row:" : "call:") + QuotedName(call.name));
  tree.AddFlag("DISTINCT", call.distinct);
  for (const Argument& argument : call.args) {
    Tree value = ToTree(*argument.value);
    if (!argument.name.empty()) value = Tree(argument.name + "=>").Add(std::move(value));
    if (!argument.alias.empty()) value = Tree("as:" + argument.alias).Add(std::move(value));
    tree.Add(std::move(value));
  }
  if (call.ignore_nulls) tree.Add(*call.ignore_nulls ? "IGNORE_NULLS" : "RESPECT_NULLS");
  if (!call.within_group.empty()) tree.Add(OrderTree("within_group", call.within_group));
  tree.AddPart("filter", call.filter);
  if (call.over) tree.Add(WindowTree(*call.over));
  if (tree.children.empty()) tree.label += "()";
  return tree;
}

Tree CaseTree(const Case& node) {
  Tree tree("case");
  tree.AddPart("of", node.operand);
  for (const auto& [when, then] : node.branches) {
    tree.Add(Tree("when").Add(ToTree(*when)).Add(ToTree(*then)));
  }
  return tree.AddPart("else", node.otherwise);
}

Tree LikeTree(const Like& like) {
  std::string label = like.negated ? "not_" : "";
  label += like.like == LikeKind::kLike    ? "like"
           : like.like == LikeKind::kILike ? "ilike"
                                           : "rlike";
  if (like.quantifier != Quantifier::kNone) {
    label += like.quantifier == Quantifier::kAny ? "_any" : "_all";
  }
  Tree tree(std::move(label));
  tree.Add(ToTree(*like.operand));
  for (const ExprPtr& pattern : like.patterns) tree.Add(ToTree(*pattern));
  return tree.AddText("escape", like.escape);
}

Tree IsTree(const Is& is) {
  static constexpr const char* kTests[] = {"null", "true", "false", "unknown", "distinct_from"};
  Tree tree(std::string("is_") + (is.negated ? "not_" : "") + kTests[static_cast<int>(is.test)]);
  tree.Add(ToTree(*is.operand));
  if (is.other) tree.Add(ToTree(*is.other));
  return tree;
}

Tree InTree(const In& in) {
  Tree tree(in.negated ? "not_in" : "in");
  tree.Add(ToTree(*in.operand));
  if (in.query) return tree.Add(ToTree(*in.query));
  return tree.Add(ListTree("list", in.list));
}

Tree OtherTree(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::kExists:
      return Tree("exists").Add(ToTree(*expr.As<Exists>().query));
    case ExprKind::kSubquery:
      return Tree("scalar").Add(ToTree(*expr.As<Subquery>().query));
    case ExprKind::kSubscript: {
      const auto& node = expr.As<Subscript>();
      return Tree("subscript").Add(ToTree(*node.operand)).Add(ToTree(*node.index));
    }
    case ExprKind::kField: {
      const auto& node = expr.As<FieldAccess>();
      return Tree("field").Add(ToTree(*node.operand)).Add(QuotedName({node.name}));
    }
    case ExprKind::kLambda: {
      const auto& node = expr.As<Lambda>();
      Tree tree("lambda");
      for (const std::string& name : node.parameters) tree.Add(QuotedName({name}));
      return tree.Add(Tree("->").Add(ToTree(*node.body)));
    }
    case ExprKind::kParameter: {
      const auto& node = expr.As<Parameter>();
      return node.name.empty() ? "?" + std::to_string(node.ordinal) : ":" + node.name;
    }
    default:
      return "(unknown)";
  }
}

}  // namespace

Tree ListTree(const char* name, const ExprList& list) {
  Tree tree(name);
  for (const ExprPtr& expr : list) tree.Add(ToTree(*expr));
  return tree;
}

Tree OrderTree(const char* name, const std::vector<OrderItem>& items) {
  Tree tree(name);
  for (const OrderItem& item : items) {
    Tree entry(item.descending ? "desc" : "asc");
    entry.Add(item.expr ? ToTree(*item.expr) : Tree("ALL"));
    if (item.nulls_first) entry.Add(*item.nulls_first ? "nulls_first" : "nulls_last");
    tree.Add(std::move(entry));
  }
  return tree;
}

Tree ToTree(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::kLiteral:
      return LiteralLabel(expr.As<Literal>());
    case ExprKind::kName:
      return QuotedName(expr.As<Name>().parts);
    case ExprKind::kStar:
      return StarTree(expr.As<Star>());
    case ExprKind::kUnary: {
      const auto& node = expr.As<Unary>();
      return Tree(UnaryLabel(node.op)).Add(ToTree(*node.operand));
    }
    case ExprKind::kBinary: {
      const auto& node = expr.As<Binary>();
      return Tree(std::string(BinaryOpText(node.op)))
          .Add(ToTree(*node.left))
          .Add(ToTree(*node.right));
    }
    case ExprKind::kCall:
      return CallTree(expr.As<Call>());
    case ExprKind::kCast: {
      const auto& node = expr.As<Cast>();
      return Tree((node.is_try ? "try_cast:" : "cast:") + node.type.ToCatalogString())
          .Add(ToTree(*node.operand));
    }
    case ExprKind::kCase:
      return CaseTree(expr.As<Case>());
    case ExprKind::kBetween: {
      const auto& node = expr.As<Between>();
      return Tree(node.negated ? "not_between" : "between")
          .Add(ToTree(*node.operand))
          .Add(ToTree(*node.low))
          .Add(ToTree(*node.high));
    }
    case ExprKind::kIn:
      return InTree(expr.As<In>());
    case ExprKind::kLike:
      return LikeTree(expr.As<Like>());
    case ExprKind::kIs:
      return IsTree(expr.As<Is>());
    default:
      return OtherTree(expr);
  }
}

}  // namespace tarn::sql
