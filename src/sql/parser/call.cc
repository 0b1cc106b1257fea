#include "sql/parser/token_reader.h"

namespace tarn::sql {
namespace {

bool IsStruct(const std::string& name) {
  static constexpr std::string_view kStruct = "STRUCT";
  return std::equal(name.begin(), name.end(), kStruct.begin(), kStruct.end(),
                    [](char a, char b) { return (a & ~0x20) == b; });
}

constexpr std::string_view kAddCalls[] = {"TIMESTAMPADD", "DATEADD", "DATE_ADD"};
constexpr std::string_view kDiffCalls[] = {"TIMESTAMPDIFF", "DATEDIFF", "DATE_DIFF", "TIMEDIFF"};
constexpr std::string_view kCallUnits[] = {"YEAR",   "QUARTER",     "MONTH",      "WEEK",
                                           "DAY",    "DAYOFYEAR",   "HOUR",       "MINUTE",
                                           "SECOND", "MILLISECOND", "MICROSECOND"};

template <size_t n>
bool Holds(const std::string_view (&words)[n], const std::string& word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

}  // namespace

// DATEADD(DAY, 1, d) and its like take a unit's name where a column could stand.
bool TokenReader::AtUnitCall() const {
  return (Holds(kAddCalls, Peek().upper) || Holds(kDiffCalls, Peek().upper)) && IsOp("(", 1) &&
         Peek(2).kind == TokenKind::kWord && Holds(kCallUnits, Peek(2).upper) && IsOp(",", 3);
}

Result<ExprPtr> TokenReader::ParseUnitCall() {
  uint32_t begin = Begin();
  auto call = std::make_unique<Call>();
  call->name = {Holds(kAddCalls, Take().upper) ? "timestampadd" : "timestampdiff"};
  Take();
  auto unit = Node<Literal>(Peek().range);
  unit->literal = LiteralKind::kString;
  unit->text = Take().upper;
  call->args.push_back({"", std::move(unit), ""});
  for (int i = 0; i < 2; ++i) {
    TARN_RETURN_IF_ERROR(ExpectOp(","));
    TARN_TRY(ExprPtr value, ParseExpr());
    call->args.push_back({"", std::move(value), ""});
  }
  TARN_RETURN_IF_ERROR(ExpectOp(")"));
  call->range = Since(begin);
  return ExprPtr(std::move(call));
}

Result<ExprPtr> TokenReader::ParseCallRest(std::vector<std::string> name, uint32_t begin) {
  Depth depth(*this);
  if (depth.exceeded()) return TooDeep();
  auto call = std::make_unique<Call>();
  call->name = std::move(name);
  bool is_struct = call->name.size() == 1 && IsStruct(call->name[0]);
  TARN_RETURN_IF_ERROR(ExpectOp("("));
  if (TakeWord("DISTINCT")) {
    call->distinct = true;
  } else if (IsWord("ALL") && !IsOp(",", 1) && !IsOp(")", 1)) {
    Take();
  }
  while (!IsOp(")")) {
    Argument argument;
    if (AtIdentifier() && IsOp("=>", 1)) {
      argument.name = Take().text;
      Take();
    }
    TARN_TRY(argument.value, ParseExpr());
    if (is_struct && TakeWord("AS")) {
      TARN_TRY(argument.alias, ParseIdentifier());
    } else if (is_struct && AtIdentifier() && !IsAnyWord({"IGNORE", "RESPECT"})) {
      TARN_TRY(argument.alias, ParseIdentifier());
    }
    call->args.push_back(std::move(argument));
    if (IsAnyWord({"IGNORE", "RESPECT"}) && IsWord("NULLS", 1)) {
      call->ignore_nulls = Take().upper == "IGNORE";
      Take();
    }
    if (!TakeOp(",")) break;
    if (IsOp(")")) return Unexpected();
  }
  TARN_RETURN_IF_ERROR(ExpectOp(")"));
  TARN_RETURN_IF_ERROR(ParseCallTail(*call));
  call->range = Since(begin);
  return ExprPtr(std::move(call));
}

Status TokenReader::ParseCallTail(Call& call) {
  if (TakeWords({"WITHIN", "GROUP"})) {
    TARN_RETURN_IF_ERROR(ExpectOp("("));
    TARN_RETURN_IF_ERROR(ExpectWord("ORDER"));
    TARN_RETURN_IF_ERROR(ExpectWord("BY"));
    TARN_TRY(call.within_group, ParseOrderItems());
    TARN_RETURN_IF_ERROR(ExpectOp(")"));
  }
  if (IsWord("FILTER") && IsOp("(", 1)) {
    Take();
    Take();
    TARN_RETURN_IF_ERROR(ExpectWord("WHERE"));
    TARN_TRY(call.filter, ParseExpr());
    TARN_RETURN_IF_ERROR(ExpectOp(")"));
  }
  if (IsAnyWord({"IGNORE", "RESPECT"}) && IsWord("NULLS", 1)) {
    call.ignore_nulls = Take().upper == "IGNORE";
    Take();
  }
  if (TakeWord("OVER")) {
    call.over = std::make_shared<WindowSpec>();
    if (IsOp("(")) {
      TARN_TRY(*call.over, ParseWindowSpec());
    } else {
      TARN_TRY(call.over->name, ParseIdentifier());
    }
  }
  return Ok();
}

// EXTRACT(f FROM x), TRIM([BOTH|LEADING|TRAILING] [c] FROM x), SUBSTRING(x FROM a FOR b),
// POSITION(a IN b), OVERLAY(x PLACING y FROM a FOR b); each also has an ordinary form.
Result<ExprPtr> TokenReader::ParseSpecialCall(const std::string& word, uint32_t begin) {
  size_t start = at_;
  std::string name = Take().text;
  Take();
  auto call = std::make_unique<Call>();
  auto add = [&](ExprPtr arg) { call->args.push_back({"", std::move(arg), ""}); };
  auto finish = [&]() -> Result<ExprPtr> {
    TARN_RETURN_IF_ERROR(ExpectOp(")"));
    call->range = Since(begin);
    return ExprPtr(std::move(call));
  };
  auto ordinary = [&]() -> Result<ExprPtr> {
    at_ = start + 1;
    return ParseCallRest({name}, begin);
  };
  if (word == "EXTRACT") {
    auto field = Node<Literal>(Peek().range);
    field->literal = LiteralKind::kString;
    if (Peek().kind == TokenKind::kString) {
      TARN_TRY(field->text, ParseString());
    } else {
      TARN_TRY(field->text, ParseIdentifier());
    }
    call->name = {"extract"};
    add(std::move(field));
    TARN_RETURN_IF_ERROR(ExpectWord("FROM"));
    TARN_TRY(ExprPtr source, ParseExpr());
    add(std::move(source));
    return finish();
  }
  if (word == "TRIM") {
    std::string side = "BOTH";
    bool explicit_side =
        IsAnyWord({"BOTH", "LEADING", "TRAILING"}) && !IsOp(",", 1) && !IsOp(")", 1);
    if (explicit_side) side = Take().upper;
    ExprPtr characters;
    if (!IsWord("FROM")) {
      TARN_TRY(characters, ParseExpr());
    }
    if (!TakeWord("FROM")) return ordinary();
    TARN_TRY(ExprPtr source, ParseExpr());
    call->name = {side == "BOTH" ? "trim" : side == "LEADING" ? "ltrim" : "rtrim"};
    // The function forms take the characters first: ltrim(chars, text).
    if (characters) add(std::move(characters));
    add(std::move(source));
    return finish();
  }
  if (word == "POSITION") {
    TARN_TRY(ExprPtr needle, ParseBinary(0));
    if (!TakeWord("IN")) return ordinary();
    TARN_TRY(ExprPtr haystack, ParseExpr());
    call->name = {"position"};
    add(std::move(needle));
    add(std::move(haystack));
    return finish();
  }
  TARN_TRY(ExprPtr source, ParseExpr());
  if (word == "OVERLAY") {
    if (!TakeWord("PLACING")) return ordinary();
    call->name = {"overlay"};
    add(std::move(source));
    TARN_TRY(ExprPtr replacement, ParseExpr());
    add(std::move(replacement));
    TARN_RETURN_IF_ERROR(ExpectWord("FROM"));
  } else {
    if (!TakeWord("FROM")) return ordinary();
    call->name = {"substring"};
    add(std::move(source));
  }
  TARN_TRY(ExprPtr from, ParseExpr());
  add(std::move(from));
  if (TakeWord("FOR")) {
    TARN_TRY(ExprPtr length, ParseExpr());
    add(std::move(length));
  }
  return finish();
}

Result<std::vector<OrderItem>> TokenReader::ParseOrderItems() {
  std::vector<OrderItem> items;
  do {
    OrderItem item;
    TARN_TRY(item.expr, ParseExpr());
    if (TakeWord("DESC")) {
      item.descending = true;
    } else {
      TakeWord("ASC");
    }
    if (TakeWords({"NULLS", "FIRST"})) {
      item.nulls_first = true;
    } else if (TakeWords({"NULLS", "LAST"})) {
      item.nulls_first = false;
    }
    items.push_back(std::move(item));
  } while (TakeOp(","));
  return items;
}

Result<WindowSpec> TokenReader::ParseWindowSpec() {
  WindowSpec spec;
  TARN_RETURN_IF_ERROR(ExpectOp("("));
  if (AtIdentifier() && !IsAnyWord({"PARTITION", "ROWS", "RANGE"})) {
    // Spark has no window that builds on another one: only its name may stand here.
    TARN_TRY(spec.name, ParseIdentifier());
    TARN_RETURN_IF_ERROR(ExpectOp(")"));
    return spec;
  }
  if (TakeWords({"CLUSTER", "BY"})) {
    TARN_TRY(spec.partition_by, ParseExprList());
  }
  if (TakeWords({"PARTITION", "BY"}) || TakeWords({"DISTRIBUTE", "BY"})) {
    TARN_TRY(spec.partition_by, ParseExprList());
  }
  if (TakeWords({"ORDER", "BY"}) || TakeWords({"SORT", "BY"})) {
    TARN_TRY(spec.order_by, ParseOrderItems());
  }
  if (IsAnyWord({"ROWS", "RANGE"})) {
    WindowFrame frame;
    frame.unit = Take().upper == "ROWS" ? FrameUnit::kRows : FrameUnit::kRange;
    if (TakeWord("BETWEEN")) {
      TARN_TRY(frame.start, ParseFrameBound());
      TARN_RETURN_IF_ERROR(ExpectWord("AND"));
      TARN_TRY(frame.end, ParseFrameBound());
    } else {
      TARN_TRY(frame.start, ParseFrameBound());
      frame.end.kind = BoundKind::kCurrentRow;
    }
    spec.frame = std::move(frame);
  }
  TARN_RETURN_IF_ERROR(ExpectOp(")"));
  return spec;
}

Result<FrameBound> TokenReader::ParseFrameBound() {
  FrameBound bound;
  if (TakeWords({"CURRENT", "ROW"})) {
    bound.kind = BoundKind::kCurrentRow;
    return bound;
  }
  bool unbounded = TakeWord("UNBOUNDED");
  if (!unbounded) {
    TARN_TRY(bound.offset, ParseExpr());
  }
  if (TakeWord("PRECEDING")) {
    bound.kind = unbounded ? BoundKind::kUnboundedPreceding : BoundKind::kPreceding;
  } else if (TakeWord("FOLLOWING")) {
    bound.kind = unbounded ? BoundKind::kUnboundedFollowing : BoundKind::kFollowing;
  } else {
    return Unexpected();
  }
  return bound;
}

}  // namespace tarn::sql
