#include "sql/parser/token_reader.h"

namespace tarn::sql {
namespace {

// Binary operators from the loosest level to the tightest. Comparisons are not among them: see
// ParsePredicate.
struct BinaryLevel {
  std::vector<std::pair<std::string_view, BinaryOp>> ops;
};

const std::vector<BinaryLevel>& Levels() {
  static const std::vector<BinaryLevel> levels = {
      {{{"|", BinaryOp::kBitOr}}},
      {{{"^", BinaryOp::kBitXor}}},
      {{{"&", BinaryOp::kBitAnd}}},
      {{{"<<", BinaryOp::kShiftLeft},
        {">>", BinaryOp::kShiftRight},
        {">>>", BinaryOp::kShiftRightUnsigned}}},
      {{{"+", BinaryOp::kAdd}, {"-", BinaryOp::kSubtract}, {"||", BinaryOp::kConcat}}},
      {{{"*", BinaryOp::kMultiply}, {"/", BinaryOp::kDivide}, {"%", BinaryOp::kModulo}}},
  };
  return levels;
}

// The tree of Spark's parser for a chain of AND or OR: halves, so that 5,000 conditions are 13
// levels high. Names of columns print this shape.
ExprPtr Balance(BinaryOp op, ExprList& operands, size_t low, size_t high);

ExprPtr MakeBinary(BinaryOp op, ExprPtr left, ExprPtr right) {
  auto node = Node<Binary>({left->range.begin, right->range.end});
  node->op = op;
  node->left = std::move(left);
  node->right = std::move(right);
  return node;
}

ExprPtr Balance(BinaryOp op, ExprList& operands, size_t low, size_t high) {
  if (low == high) return std::move(operands[low]);
  size_t middle = low + (high - low) / 2;
  if (high - low == 1) middle = low;
  return MakeBinary(op, Balance(op, operands, low, middle),
                    Balance(op, operands, middle + 1, high));
}

}  // namespace

Result<ExprPtr> TokenReader::ParseExpr() {
  Depth depth(*this);
  if (depth.exceeded()) return TooDeep();
  Height height(*this);
  return ParseOr();
}

Result<ExprPtr> TokenReader::ParseOr() {
  ExprList operands;
  int highest = height_;
  do {
    height_ = 0;
    TARN_TRY(ExprPtr operand, ParseAnd());
    operands.push_back(std::move(operand));
    highest = std::max(highest, height_);
  } while (TakeWord("OR"));
  height_ = highest;
  if (operands.size() > 1) TARN_RETURN_IF_ERROR(Link());
  return Balance(BinaryOp::kOr, operands, 0, operands.size() - 1);
}

Result<ExprPtr> TokenReader::ParseAnd() {
  ExprList operands;
  int highest = height_;
  do {
    height_ = 0;
    TARN_TRY(ExprPtr operand, ParseNot());
    operands.push_back(std::move(operand));
    highest = std::max(highest, height_);
  } while (TakeWord("AND"));
  height_ = highest;
  if (operands.size() > 1) TARN_RETURN_IF_ERROR(Link());
  return Balance(BinaryOp::kAnd, operands, 0, operands.size() - 1);
}

Result<ExprPtr> TokenReader::ParseNot() {
  uint32_t begin = Begin();
  if (!IsWord("NOT") && !IsOp("!")) return ParsePredicate();
  Depth depth(*this);
  if (depth.exceeded()) return TooDeep();
  Take();
  TARN_TRY(ExprPtr operand, ParseNot());
  auto node = Node<Unary>(Since(begin));
  node->op = UnaryOp::kNot;
  node->operand = std::move(operand);
  return ExprPtr(std::move(node));
}

// A chain of comparisons: the "value" of Spark's grammar, on either side of a predicate.
Result<ExprPtr> TokenReader::ParseValue() {
  static constexpr std::pair<std::string_view, BinaryOp> kComparisons[] = {
      {"=", BinaryOp::kEqual},          {"==", BinaryOp::kEqual},
      {"<>", BinaryOp::kNotEqual},      {"!=", BinaryOp::kNotEqual},
      {"<", BinaryOp::kLess},           {"<=", BinaryOp::kLessEqual},
      {"!>", BinaryOp::kLessEqual},     {">", BinaryOp::kGreater},
      {">=", BinaryOp::kGreaterEqual},  {"!<", BinaryOp::kGreaterEqual},
      {"<=>", BinaryOp::kNullSafeEqual}};
  TARN_TRY(ExprPtr left, ParseBinary(0));
  for (bool more = true; more;) {
    more = false;
    for (auto [text, op] : kComparisons) {
      if (!TakeOp(text)) continue;
      TARN_TRY(ExprPtr right, ParseBinary(0));
      TARN_RETURN_IF_ERROR(Link());
      left = MakeBinary(op, std::move(left), std::move(right));
      more = true;
      break;
    }
  }
  return left;
}

// A value and at most one predicate: a IS NULL = b needs brackets.
Result<ExprPtr> TokenReader::ParsePredicate() {
  uint32_t begin = Begin();
  TARN_TRY(ExprPtr left, ParseValue());
  bool negated = (IsWord("NOT") || IsOp("!")) &&
                 IsAnyWord({"IN", "LIKE", "ILIKE", "RLIKE", "REGEXP", "BETWEEN"}, 1);
  if (negated) Take();
  if (negated || IsAnyWord({"IN", "LIKE", "ILIKE", "RLIKE", "REGEXP", "BETWEEN", "IS"})) {
    return ParsePredicateTail(std::move(left), begin, negated);
  }
  return left;
}

Result<ExprPtr> TokenReader::ParsePredicateTail(ExprPtr operand, uint32_t begin, bool negated) {
  if (IsWord("IS")) return ParseIs(std::move(operand), begin);
  if (TakeWord("IN")) return ParseIn(std::move(operand), begin, negated);
  if (TakeWord("LIKE")) return ParseLike(std::move(operand), begin, LikeKind::kLike, negated);
  if (TakeWord("ILIKE")) return ParseLike(std::move(operand), begin, LikeKind::kILike, negated);
  if (TakeWord("RLIKE") || TakeWord("REGEXP")) {
    return ParseLike(std::move(operand), begin, LikeKind::kRLike, negated);
  }
  TARN_RETURN_IF_ERROR(ExpectWord("BETWEEN"));
  TARN_TRY(ExprPtr low, ParseValue());
  TARN_RETURN_IF_ERROR(ExpectWord("AND"));
  TARN_TRY(ExprPtr high, ParseValue());
  auto node = Node<Between>(Since(begin));
  node->operand = std::move(operand);
  node->low = std::move(low);
  node->high = std::move(high);
  node->negated = negated;
  return ExprPtr(std::move(node));
}

Result<ExprPtr> TokenReader::ParseIs(ExprPtr operand, uint32_t begin) {
  TARN_RETURN_IF_ERROR(ExpectWord("IS"));
  auto node = std::make_unique<Is>();
  node->negated = TakeWord("NOT");
  if (TakeWord("NULL")) {
    node->test = IsKind::kNull;
  } else if (TakeWord("TRUE")) {
    node->test = IsKind::kTrue;
  } else if (TakeWord("FALSE")) {
    node->test = IsKind::kFalse;
  } else if (TakeWord("UNKNOWN")) {
    node->test = IsKind::kUnknown;
  } else if (TakeWords({"DISTINCT", "FROM"})) {
    node->test = IsKind::kDistinctFrom;
    TARN_TRY(node->other, ParseValue());
  } else {
    return Unexpected();
  }
  node->operand = std::move(operand);
  node->range = Since(begin);
  return ExprPtr(std::move(node));
}

Result<ExprPtr> TokenReader::ParseIn(ExprPtr operand, uint32_t begin, bool negated) {
  auto node = std::make_unique<In>();
  node->negated = negated;
  TARN_RETURN_IF_ERROR(ExpectOp("("));
  if (IsOp(")")) {
    return ErrorAt("INVALID_SQL_SYNTAX.EMPTY_IN_PREDICATE", {begin, Peek().range.end},
                   "Invalid SQL syntax: IN predicate requires at least one value. Empty IN clauses "
                   "like 'IN ()' are not allowed. Consider using 'WHERE FALSE' if you need an "
                   "always-false condition, or provide at least one value in the IN list.");
  }
  if (AtQuery()) {
    TARN_TRY(node->query, ParseQuery());
  } else {
    TARN_TRY(node->list, ParseExprList());
  }
  TARN_RETURN_IF_ERROR(ExpectOp(")"));
  node->operand = std::move(operand);
  node->range = Since(begin);
  return ExprPtr(std::move(node));
}

Result<ExprPtr> TokenReader::ParseLike(ExprPtr operand, uint32_t begin, LikeKind kind,
                                       bool negated) {
  auto node = std::make_unique<Like>();
  node->like = kind;
  node->negated = negated;
  if (kind != LikeKind::kRLike && IsAnyWord({"ANY", "SOME", "ALL"}) && IsOp("(", 1)) {
    node->quantifier = Take().upper == "ALL" ? Quantifier::kAll : Quantifier::kAny;
  }
  if (node->quantifier != Quantifier::kNone) {
    TARN_RETURN_IF_ERROR(ExpectOp("("));
    TARN_TRY(node->patterns, ParseExprList());
    TARN_RETURN_IF_ERROR(ExpectOp(")"));
  } else {
    TARN_TRY(ExprPtr pattern, ParseValue());
    node->patterns.push_back(std::move(pattern));
  }
  if (kind != LikeKind::kRLike && node->quantifier == Quantifier::kNone && TakeWord("ESCAPE")) {
    TARN_TRY(std::string escape, ParseString());
    if (escape.size() != 1) {
      return ErrorAt("INVALID_ESC", Since(begin),
                     "Found an invalid escape string: '" + escape +
                         "'. The escape string must contain only one character.",
                     {{"invalidEscape", "'" + escape + "'"}});
    }
    node->escape = escape;
  }
  node->operand = std::move(operand);
  node->range = Since(begin);
  return ExprPtr(std::move(node));
}

Result<ExprPtr> TokenReader::ParseBinary(int level) {
  if (level == static_cast<int>(Levels().size())) return ParseUnary();
  TARN_TRY(ExprPtr left, ParseBinary(level + 1));
  for (bool more = true; more;) {
    more = false;
    for (auto [text, op] : Levels()[static_cast<size_t>(level)].ops) {
      if (!TakeOp(text)) continue;
      TARN_TRY(ExprPtr right, ParseBinary(level + 1));
      TARN_RETURN_IF_ERROR(Link());
      left = MakeBinary(op, std::move(left), std::move(right));
      more = true;
      break;
    }
    bool multiplicative = level + 1 == static_cast<int>(Levels().size());
    if (!more && multiplicative && TakeWord("DIV")) {
      TARN_TRY(ExprPtr right, ParseBinary(level + 1));
      TARN_RETURN_IF_ERROR(Link());
      left = MakeBinary(BinaryOp::kDiv, std::move(left), std::move(right));
      more = true;
    }
  }
  return left;
}

Result<ExprPtr> TokenReader::ParseUnary() {
  uint32_t begin = Begin();
  if (!IsOp("-") && !IsOp("+") && !IsOp("~")) return ParsePostfix();
  Depth depth(*this);
  if (depth.exceeded()) return TooDeep();
  std::string op = Take().upper;
  bool number = Peek().kind == TokenKind::kInteger || Peek().kind == TokenKind::kNumber;
  // The sign belongs to the literal, so that the smallest BIGINT can be written, and so that
  // -5::STRING casts -5.
  if (op == "-" && number) {
    TARN_TRY(ExprPtr literal, ParseNumber());
    auto& node = static_cast<Literal&>(*literal);
    node.text = "-" + node.text;
    node.range = Since(begin);
    return ParsePostfixOf(std::move(literal), begin);
  }
  TARN_TRY(ExprPtr operand, ParseUnary());
  auto node = Node<Unary>(Since(begin));
  node->op = op == "-" ? UnaryOp::kMinus : op == "+" ? UnaryOp::kPlus : UnaryOp::kBitNot;
  node->operand = std::move(operand);
  return ExprPtr(std::move(node));
}

Result<ExprPtr> TokenReader::ParsePostfix() {
  uint32_t begin = Begin();
  TARN_TRY(ExprPtr expr, ParsePrimary());
  return ParsePostfixOf(std::move(expr), begin);
}

// expr[index] · expr.field · expr::type, any number of times
Result<ExprPtr> TokenReader::ParsePostfixOf(ExprPtr expr, uint32_t begin) {
  for (;;) {
    if (IsOp("[") || IsOp("::") || IsOp(".")) TARN_RETURN_IF_ERROR(Link());
    if (TakeOp("[")) {
      TARN_TRY(ExprPtr index, ParseExpr());
      TARN_RETURN_IF_ERROR(ExpectOp("]"));
      auto node = Node<Subscript>(Since(begin));
      node->operand = std::move(expr);
      node->index = std::move(index);
      expr = std::move(node);
    } else if (IsOp(".") && expr->kind != ExprKind::kStar) {
      Take();
      TARN_TRY(std::string name, ParseIdentifier());
      auto node = Node<FieldAccess>(Since(begin));
      node->operand = std::move(expr);
      node->name = std::move(name);
      expr = std::move(node);
    } else if (TakeOp("::")) {
      TARN_TRY(columnar::DataType type, ParseType());
      auto node = Node<Cast>(Since(begin));
      node->operand = std::move(expr);
      node->type = std::move(type);
      expr = std::move(node);
    } else if (IsOp(":")) {
      return Unsupported("paths into JSON strings (a:b)");
    } else if (IsWord("COLLATE") && Peek(1).kind == TokenKind::kWord && !IsWord("FROM", 1)) {
      return Unsupported("COLLATE");
    } else {
      return expr;
    }
  }
}

Result<ExprPtr> TokenReader::ParsePrimary() {
  const Token& token = Peek();
  switch (token.kind) {
    case TokenKind::kInteger:
    case TokenKind::kNumber:
      return ParseNumber();
    case TokenKind::kString:
      return ParseStringLiteral();
    case TokenKind::kNamedParameter: {
      auto node = Node<Parameter>(token.range);
      node->name = Take().text;
      return ExprPtr(std::move(node));
    }
    case TokenKind::kQuoted:
      return ParseNameOrCall();
    case TokenKind::kWord:
      return ParseWordPrimary();
    case TokenKind::kOperator:
      if (token.upper == "(") return ParseParenthesized();
      if (token.upper == "*") {
        uint32_t begin = Begin();
        Take();
        return ParseStarTail({}, begin);
      }
      if (token.upper == "?") {
        auto node = Node<Parameter>(token.range);
        Take();
        node->ordinal = ++question_marks_;
        return ExprPtr(std::move(node));
      }
      return Unexpected();
    case TokenKind::kEnd:
      break;
  }
  return Unexpected();
}

// (query) · (expr) · (a, b) as a struct · (x, y) -> lambda
Result<ExprPtr> TokenReader::ParseParenthesized() {
  uint32_t begin = Begin();
  Depth depth(*this);
  if (depth.exceeded()) return TooDeep();
  // A lambda's parameters are names only, and an arrow follows the bracket.
  size_t i = 1;
  while (AtIdentifier(i) && (IsOp(",", i + 1) || IsOp(")", i + 1))) i += 2;
  if (i > 1 && IsOp(")", i - 1) && IsOp("->", i)) {
    auto node = std::make_unique<Lambda>();
    TARN_TRY(node->parameters, ParseIdentifierList());
    TARN_RETURN_IF_ERROR(ExpectOp("->"));
    TARN_TRY(node->body, ParseExpr());
    node->range = Since(begin);
    return ExprPtr(std::move(node));
  }
  TARN_RETURN_IF_ERROR(ExpectOp("("));
  if (AtQuery()) {
    auto node = std::make_unique<Subquery>();
    TARN_TRY(node->query, ParseQuery());
    TARN_RETURN_IF_ERROR(ExpectOp(")"));
    node->range = Since(begin);
    return ExprPtr(std::move(node));
  }
  TARN_TRY(ExprPtr first, ParseExpr());
  if (TakeOp(")")) {
    first->range = Since(begin);
    return first;
  }
  auto row = std::make_unique<Call>();
  row->name = {"struct"};
  row->is_row = true;
  for (ExprPtr item = std::move(first);;) {
    Argument argument;
    argument.value = std::move(item);
    if (TakeWord("AS") || AtIdentifier()) {
      TARN_TRY(argument.alias, ParseIdentifier());
    }
    row->args.push_back(std::move(argument));
    if (!TakeOp(",")) break;
    TARN_TRY(item, ParseExpr());
  }
  if (row->args.size() < 2 || !IsOp(")")) return Unexpected();
  Take();
  row->range = Since(begin);
  return ExprPtr(std::move(row));
}

Result<ExprPtr> TokenReader::ParseWordPrimary() {
  uint32_t begin = Begin();
  const std::string word = Peek().upper;
  bool call = IsOp("(", 1);
  if (word == "CASE") return ParseCase();
  if (word == "CAST" && call) return ParseCast(false);
  if (word == "TRY_CAST" && call) return ParseCast(true);
  if (word == "EXISTS" && call) {
    Take();
    Take();
    if (!AtQuery()) {  // the higher-order function of the same name
      at_ -= 2;
      return ParseNameOrCall();
    }
    auto node = std::make_unique<Exists>();
    TARN_TRY(node->query, ParseQuery());
    TARN_RETURN_IF_ERROR(ExpectOp(")"));
    node->range = Since(begin);
    return ExprPtr(std::move(node));
  }
  if (word == "INTERVAL" &&
      (Peek(1).kind == TokenKind::kString || Peek(1).kind == TokenKind::kInteger ||
       Peek(1).kind == TokenKind::kNumber || IsOp("-", 1) || IsOp("+", 1))) {
    return ParseInterval();
  }
  if (AtTypedLiteral()) return ParseTypedLiteral();
  if (word == "NULL" || word == "TRUE" || word == "FALSE") {
    auto node = Node<Literal>(Peek().range);
    node->literal = word == "NULL" ? LiteralKind::kNull : LiteralKind::kBoolean;
    node->text = word == "TRUE" ? "true" : word == "FALSE" ? "false" : "";
    Take();
    return ExprPtr(std::move(node));
  }
  if (call && IsAnyWord({"EXTRACT", "TRIM", "SUBSTRING", "SUBSTR", "POSITION", "OVERLAY"})) {
    return ParseSpecialCall(word, begin);
  }
  if (!call && IsAnyWord({"CURRENT_DATE", "CURRENT_TIMESTAMP", "CURRENT_USER", "USER",
                          "SESSION_USER", "LOCALTIMESTAMP", "CURRENT_TIME"})) {
    auto node = Node<Call>(Peek().range);
    node->name = {Take().text};
    if (!IsOp(".")) return ExprPtr(std::move(node));
    --at_;
  }
  if (AtUnitCall()) return ParseUnitCall();
  if (Peek(1).kind == TokenKind::kString && !AtReservedWord()) {
    return ErrorAt("UNSUPPORTED_TYPED_LITERAL", {begin, Peek(1).range.end},
                   "Literals of the type \"" + word +
                       "\" are not supported. Supported types are \"DATE\", \"TIMESTAMP_NTZ\", "
                       "\"TIMESTAMP_LTZ\", \"TIMESTAMP\", \"INTERVAL\", \"X\".",
                   {{"unsupportedType", "\"" + word + "\""}});
  }
  if (AtReservedWord() && !call && !IsOp(".", 1)) return Unexpected();
  if (IsOp("->", 1)) {
    auto node = std::make_unique<Lambda>();
    node->parameters = {Take().text};
    Take();
    TARN_TRY(node->body, ParseExpr());
    node->range = Since(begin);
    return ExprPtr(std::move(node));
  }
  return ParseNameOrCall();
}

Result<ExprPtr> TokenReader::ParseNameOrCall() {
  uint32_t begin = Begin();
  std::vector<std::string> parts;
  for (;;) {
    TARN_TRY(std::string part, ParseIdentifier());
    parts.push_back(std::move(part));
    if (!IsOp(".")) break;
    if (IsOp("*", 1)) {
      Take();
      Take();
      return ParseStarTail(std::move(parts), begin);
    }
    if (Peek(1).kind != TokenKind::kWord && Peek(1).kind != TokenKind::kQuoted) break;
    Take();
  }
  // REPLACE ON t.a = s.a (SELECT …): a query is no argument without parentheses of its own.
  bool query = IsWord("SELECT", 1) || (IsWord("WITH", 1) && !IsOp(")", 2) && !IsOp(",", 2)) ||
               (IsWord("VALUES", 1) && IsOp("(", 2));
  if (IsOp("(") && !query) return ParseCallRest(std::move(parts), begin);
  auto node = Node<Name>(Since(begin));
  node->parts = std::move(parts);
  return ExprPtr(std::move(node));
}

Result<ExprPtr> TokenReader::ParseStarTail(std::vector<std::string> qualifier, uint32_t begin) {
  auto node = std::make_unique<Star>();
  node->qualifier = std::move(qualifier);
  if (IsWord("EXCEPT") && IsOp("(", 1) && !IsAnyWord({"SELECT", "WITH", "VALUES", "TABLE"}, 2)) {
    Take();
    Take();
    do {
      TARN_TRY(NameParts name, ParseName());
      node->except.push_back(std::move(name));
    } while (TakeOp(","));
    TARN_RETURN_IF_ERROR(ExpectOp(")"));
  }
  node->range = Since(begin);
  return ExprPtr(std::move(node));
}

Result<std::vector<ExprPtr>> TokenReader::ParseExprList() {
  ExprList list;
  do {
    TARN_TRY(ExprPtr expr, ParseExpr());
    list.push_back(std::move(expr));
  } while (TakeOp(","));
  return list;
}

Result<ExprPtr> TokenReader::ParseCase() {
  uint32_t begin = Begin();
  Depth depth(*this);
  if (depth.exceeded()) return TooDeep();
  Take();
  auto node = std::make_unique<Case>();
  if (!IsWord("WHEN")) {
    TARN_TRY(node->operand, ParseExpr());
  }
  while (TakeWord("WHEN")) {
    TARN_TRY(ExprPtr when, ParseExpr());
    TARN_RETURN_IF_ERROR(ExpectWord("THEN"));
    TARN_TRY(ExprPtr then, ParseExpr());
    node->branches.emplace_back(std::move(when), std::move(then));
  }
  if (node->branches.empty()) return Unexpected();
  if (TakeWord("ELSE")) {
    TARN_TRY(node->otherwise, ParseExpr());
  }
  TARN_RETURN_IF_ERROR(ExpectWord("END"));
  node->range = Since(begin);
  return ExprPtr(std::move(node));
}

Result<ExprPtr> TokenReader::ParseCast(bool is_try) {
  uint32_t begin = Begin();
  Take();
  TARN_RETURN_IF_ERROR(ExpectOp("("));
  auto node = std::make_unique<Cast>();
  node->is_try = is_try;
  TARN_TRY(node->operand, ParseExpr());
  TARN_RETURN_IF_ERROR(ExpectWord("AS"));
  TARN_TRY(node->type, ParseType());
  TARN_RETURN_IF_ERROR(ExpectOp(")"));
  node->range = Since(begin);
  return ExprPtr(std::move(node));
}

}  // namespace tarn::sql
