#include "sql/parser/token_reader.h"

namespace tarn::sql {

Result<RelationPtr> TokenReader::ParseFrom() {
  TARN_TRY(RelationPtr left, ParseJoins());
  while (TakeOp(",")) {
    TARN_TRY(RelationPtr right, ParseJoins());
    TARN_RETURN_IF_ERROR(Link());
    auto join = Node<JoinRelation>({left->range.begin, right->range.end});
    join->join = JoinType::kCross;
    join->left = std::move(left);
    join->right = std::move(right);
    left = std::move(join);
  }
  return left;
}

bool TokenReader::TakeJoinType(JoinRelation& join) {
  size_t start = at_;
  join.natural = TakeWord("NATURAL");
  if (TakeWord("CROSS")) {
    join.join = JoinType::kCross;
  } else if (TakeWord("INNER")) {
    join.join = JoinType::kInner;
  } else if (TakeWord("FULL")) {
    TakeWord("OUTER");
    join.join = JoinType::kFull;
  } else if (TakeWord("RIGHT")) {
    TakeWord("OUTER");
    join.join = JoinType::kRight;
  } else if (TakeWord("SEMI")) {
    join.join = JoinType::kLeftSemi;
  } else if (TakeWord("ANTI")) {
    join.join = JoinType::kLeftAnti;
  } else if (TakeWord("LEFT")) {
    if (TakeWord("SEMI")) {
      join.join = JoinType::kLeftSemi;
    } else if (TakeWord("ANTI")) {
      join.join = JoinType::kLeftAnti;
    } else {
      TakeWord("OUTER");
      join.join = JoinType::kLeft;
    }
  }
  if (TakeWord("JOIN")) return true;
  at_ = start;
  return false;
}

Result<RelationPtr> TokenReader::ParseJoins() {
  TARN_TRY(RelationPtr left, ParseRelationPrimary());
  for (;;) {
    auto join = std::make_unique<JoinRelation>();
    if (!TakeJoinType(*join)) return left;
    TARN_RETURN_IF_ERROR(Link());
    TARN_TRY(join->right, ParseRelationPrimary());
    if (TakeWord("ON")) {
      TARN_TRY(join->condition, ParseExpr());
    } else if (TakeWord("USING")) {
      TARN_TRY(join->using_columns, ParseIdentifierList());
    }
    join->range = {left->range.begin, Since(left->range.begin).end};
    join->left = std::move(left);
    left = std::move(join);
  }
}

Status TokenReader::ParseAlias(Relation& relation) {
  bool as = TakeWord("AS");
  if (as || AtIdentifier()) {
    TARN_TRY(relation.alias, ParseIdentifier());
    if (IsOp("(")) {
      TARN_TRY(relation.column_aliases, ParseIdentifierList());
    }
  }
  return Ok();
}

Result<std::unique_ptr<ValuesRelation>> TokenReader::ParseValuesRows() {
  uint32_t begin = Begin();
  auto values = std::make_unique<ValuesRelation>();
  do {
    ExprList row;
    TARN_TRY(ExprPtr expr, ParseExpr());
    // A row of VALUES is the fields of (a, b); any other expression is a row of one column.
    if (expr->kind == ExprKind::kCall && expr->As<Call>().is_row) {
      for (Argument& arg : static_cast<Call&>(*expr).args) row.push_back(std::move(arg.value));
    } else {
      row.push_back(std::move(expr));
    }
    values->rows.push_back(std::move(row));
  } while (TakeOp(","));
  values->range = Since(begin);
  return values;
}

Result<RelationPtr> TokenReader::ParseRelationPrimary() {
  Depth depth(*this);
  if (depth.exceeded()) return TooDeep();
  uint32_t begin = Begin();
  bool lateral = IsWord("LATERAL") && !IsWord("VIEW", 1) && TakeWord("LATERAL");
  RelationPtr relation;
  if (IsOp("(")) {
    if (lateral && !AtQuery()) return Unexpected();
    if (AtQuery()) {
      Take();
      auto node = std::make_unique<SubqueryRelation>();
      node->lateral = lateral;
      TARN_TRY(node->query, ParseQuery());
      TARN_RETURN_IF_ERROR(ExpectMissing(")"));
      relation = std::move(node);
    } else {
      Take();
      TARN_TRY(relation, ParseFrom());
      TARN_RETURN_IF_ERROR(ExpectOp(")"));
    }
  } else if (IsWord("VALUES") && !lateral) {
    Take();
    TARN_TRY(relation, ParseValuesRows());
  } else if (AtIdentifier() && IsOp("(", 1)) {
    TARN_TRY(relation, ParseFunctionRelation());
    static_cast<FunctionRelation&>(*relation).lateral = lateral;
  } else if (lateral) {
    return Unexpected();
  } else {
    TARN_TRY(relation, ParseTableRelation());
  }
  if (IsWord("TABLESAMPLE")) return Unsupported("TABLESAMPLE");
  if (IsAnyWord({"PIVOT", "UNPIVOT"}) && IsOp("(", 1)) return Unsupported(Peek().upper);
  TARN_RETURN_IF_ERROR(ParseAlias(*relation));
  if (IsAnyWord({"PIVOT", "UNPIVOT"})) return Unsupported(Peek().upper);
  relation->range = Since(begin);
  return relation;
}

Result<RelationPtr> TokenReader::ParseFunctionRelation() {
  auto node = std::make_unique<FunctionRelation>();
  uint32_t begin = Begin();
  node->name = Take().text;
  TARN_TRY(ExprPtr call, ParseCallRest({node->name}, begin));
  node->args = std::move(static_cast<Call&>(*call).args);
  node->range = call->range;
  return RelationPtr(std::move(node));
}

Result<std::unique_ptr<TableRelation>> TokenReader::ParseTableRelation() {
  uint32_t begin = Begin();
  if (!AtIdentifier()) return Unexpected();
  auto node = std::make_unique<TableRelation>();
  TARN_TRY(node->name, ParseName());
  node->range = Since(begin);
  if (IsOp("@") && Peek().range.begin == node->range.end && Peek(1).kind == TokenKind::kWord &&
      Peek(1).upper.size() > 1 && Peek(1).upper[0] == 'V') {
    Take();
    auto version = Node<Literal>(Peek().range);
    version->literal = LiteralKind::kInteger;
    version->text = Take().text.substr(1);
    node->version_as_of = std::move(version);
  }
  TARN_RETURN_IF_ERROR(ParseTimeTravel(*node));
  return node;
}

Status TokenReader::ParseTimeTravel(TableRelation& table) {
  TakeWord("FOR");
  if (TakeWords({"VERSION", "AS", "OF"}) || TakeWords({"SYSTEM_VERSION", "AS", "OF"})) {
    TARN_TRY(table.version_as_of, ParseBinary(0));
  } else if (TakeWords({"TIMESTAMP", "AS", "OF"}) || TakeWords({"SYSTEM_TIME", "AS", "OF"})) {
    TARN_TRY(table.timestamp_as_of, ParseBinary(0));
  }
  return Ok();
}

}  // namespace tarn::sql
