#include <algorithm>
#include <cctype>

#include "sql/parser/token_reader.h"

namespace tarn::sql {
namespace {

// INTERSECT binds tighter than the others.
constexpr int kUnionPrecedence = 1;
constexpr int kIntersectPrecedence = 2;

}  // namespace

bool TokenReader::AtQuery(size_t ahead) const {
  size_t i = ahead;
  while (IsOp("(", i)) ++i;
  if (IsAnyWord({"SELECT", "VALUES"}, i)) return true;
  if (IsWord("WITH", i)) return true;
  if (IsWord("FROM", i)) return i == ahead;
  return IsWord("TABLE", i) && AtIdentifier(i + 1) && !IsOp("(", i + 1);
}

Status TokenReader::CheckNewName(const std::vector<CommonTable>& tables,
                                 const CommonTable& table) const {
  auto same = [&](const CommonTable& other) {
    return std::equal(
        table.name.begin(), table.name.end(), other.name.begin(), other.name.end(),
        [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
  };
  if (std::none_of(tables.begin(), tables.end(), same)) return Ok();
  return ErrorAt("DUPLICATED_CTE_NAMES", table.range,
                 "CTE definition can't have duplicate names: `" + table.name + "`.",
                 {{"duplicateNames", "`" + table.name + "`"}});
}

Result<std::unique_ptr<Query>> TokenReader::ParseQuery() {
  Depth depth(*this);
  if (depth.exceeded()) return TooDeep();
  Height height(*this);
  uint32_t begin = Begin();
  auto query = std::make_unique<Query>();
  if (TakeWord("WITH")) {
    query->recursive = TakeWord("RECURSIVE");
    if (query->recursive) return Unsupported("recursive common table expressions");
    do {
      CommonTable table;
      uint32_t table_begin = Begin();
      TARN_TRY(table.name, ParseIdentifier());
      if (IsOp("(") && !AtQuery()) {
        TARN_TRY(table.columns, ParseIdentifierList());
      }
      TakeWord("AS");
      TARN_RETURN_IF_ERROR(ExpectOp("("));
      TARN_TRY(table.query, ParseQuery());
      TARN_RETURN_IF_ERROR(ExpectOp(")"));
      table.range = Since(table_begin);
      TARN_RETURN_IF_ERROR(CheckNewName(query->with, table));
      query->with.push_back(std::move(table));
    } while (TakeOp(","));
  }
  TARN_TRY(query->body, ParseSetOperations(kUnionPrecedence));
  TARN_RETURN_IF_ERROR(ParseQueryOrganization(*query));
  if (IsOp("|>")) return Unsupported("the pipe syntax |>");
  query->range = Since(begin);
  return query;
}

// [ORDER BY …] [CLUSTER BY …] [DISTRIBUTE BY …] [SORT BY …] [LIMIT …] [OFFSET …]
Status TokenReader::ParseQueryOrganization(Query& query) {
  if (TakeWords({"ORDER", "BY"})) {
    if (IsWord("ALL") && !IsOp(".", 1) && !IsOp("(", 1)) {
      Take();
      query.order_by_all = true;
      OrderItem all;
      if (TakeWord("DESC"))
        all.descending = true;
      else
        TakeWord("ASC");
      if (TakeWords({"NULLS", "FIRST"}))
        all.nulls_first = true;
      else if (TakeWords({"NULLS", "LAST"}))
        all.nulls_first = false;
      query.order_by.push_back(std::move(all));
    } else {
      TARN_TRY(query.order_by, ParseOrderItems());
    }
  } else if (TakeWords({"CLUSTER", "BY"})) {
    TARN_TRY(ExprList keys, ParseExprList());
    for (ExprPtr& key : keys) {
      OrderItem item;
      item.expr = std::move(key);
      query.order_by.push_back(std::move(item));
    }
    query.sort_within_partitions = true;
  } else {
    if (TakeWords({"DISTRIBUTE", "BY"})) {
      TARN_TRY(query.distribute_by, ParseExprList());
    }
    if (TakeWords({"SORT", "BY"})) {
      TARN_TRY(query.order_by, ParseOrderItems());
      query.sort_within_partitions = true;
    }
  }
  if (TakeWord("LIMIT") && !TakeWord("ALL")) {
    TARN_TRY(query.limit, ParseExpr());
  }
  if (TakeWord("OFFSET")) {
    TARN_TRY(query.offset, ParseExpr());
  }
  return Ok();
}

Result<BodyPtr> TokenReader::ParseSetOperations(int min_precedence) {
  uint32_t begin = Begin();
  TARN_TRY(BodyPtr left, ParseQueryPrimary());
  for (;;) {
    SetOperator op;
    if (IsWord("UNION")) {
      op = SetOperator::kUnion;
    } else if (IsAnyWord({"EXCEPT", "MINUS"})) {
      op = SetOperator::kExcept;
    } else if (IsWord("INTERSECT")) {
      op = SetOperator::kIntersect;
    } else {
      return left;
    }
    int precedence = op == SetOperator::kIntersect ? kIntersectPrecedence : kUnionPrecedence;
    if (precedence < min_precedence) return left;
    Take();
    bool all = TakeWord("ALL");
    if (!all) TakeWord("DISTINCT");
    TARN_TRY(BodyPtr right, ParseSetOperations(precedence + 1));
    TARN_RETURN_IF_ERROR(Link());
    auto node = std::make_unique<SetOperation>();
    node->op = op;
    node->all = all;
    node->left = std::move(left);
    node->right = std::move(right);
    node->range = Since(begin);
    left = std::move(node);
  }
}

Result<BodyPtr> TokenReader::ParseQueryPrimary() {
  uint32_t begin = Begin();
  if (TakeOp("(")) {
    auto node = std::make_unique<QueryInParentheses>();
    TARN_TRY(node->query, ParseQuery());
    TARN_RETURN_IF_ERROR(ExpectMissing(")"));
    node->range = Since(begin);
    return BodyPtr(std::move(node));
  }
  if (IsWord("VALUES")) {
    Take();
    auto node = std::make_unique<ValuesBody>();
    TARN_TRY(node->values, ParseValuesRows());
    TARN_RETURN_IF_ERROR(ParseAlias(*node->values));
    node->range = Since(begin);
    return BodyPtr(std::move(node));
  }
  if (TakeWord("TABLE")) {
    auto node = std::make_unique<TableBody>();
    TARN_TRY(node->table, ParseTableRelation());
    node->range = Since(begin);
    return BodyPtr(std::move(node));
  }
  if (IsWord("FROM")) return Unsupported("queries that begin with FROM");
  return ParseSelect();
}

// A word that begins a clause is an alias only where no clause could go on after it.
bool TokenReader::AtSelectAlias() const {
  if (AtIdentifier()) return true;
  return Peek().kind == TokenKind::kWord && !AtReservedWord() &&
         (IsOp(",", 1) || IsOp(")", 1) || IsWord("FROM", 1) || Peek(1).kind == TokenKind::kEnd);
}

Result<std::vector<SelectItem>> TokenReader::ParseSelectList() {
  std::vector<SelectItem> items;
  do {
    SelectItem item;
    uint32_t begin = Begin();
    TARN_TRY(item.expr, ParseExpr());
    if (TakeWord("AS")) {
      if (IsOp("(")) return Unsupported("several names for one column");
      TARN_TRY(item.alias, ParseIdentifier());
    } else if (AtSelectAlias()) {
      TARN_TRY(item.alias, ParseIdentifier());
    }
    item.range = Since(begin);
    items.push_back(std::move(item));
  } while (TakeOp(","));
  return items;
}

Result<BodyPtr> TokenReader::ParseSelect() {
  uint32_t begin = Begin();
  TARN_RETURN_IF_ERROR(ExpectWord("SELECT"));
  auto select = std::make_unique<Select>();
  if (TakeWord("DISTINCT")) {
    select->distinct = true;
  } else if (IsWord("ALL") && !IsOp(",", 1)) {
    Take();
  }
  TARN_TRY(select->items, ParseSelectList());
  if (TakeWord("FROM")) {
    TARN_TRY(select->from, ParseFrom());
  }
  if (IsWord("LATERAL") && IsWord("VIEW", 1)) return Unsupported("LATERAL VIEW");
  if (TakeWord("WHERE")) {
    TARN_TRY(select->where, ParseExpr());
  }
  if (TakeWords({"GROUP", "BY"})) {
    TARN_TRY(select->group_by, ParseGroupBy());
  }
  if (TakeWord("HAVING")) {
    TARN_TRY(select->having, ParseExpr());
  }
  if (TakeWord("QUALIFY")) {
    TARN_TRY(select->qualify, ParseExpr());
  }
  if (TakeWord("WINDOW")) {
    do {
      TARN_TRY(std::string name, ParseIdentifier());
      TARN_RETURN_IF_ERROR(ExpectWord("AS"));
      TARN_TRY(WindowSpec spec, ParseWindowSpec());
      select->windows.emplace_back(std::move(name), std::move(spec));
    } while (TakeOp(","));
  }
  select->range = Since(begin);
  return BodyPtr(std::move(select));
}

Result<std::vector<ExprList>> TokenReader::ParseGroupingSets() {
  std::vector<ExprList> sets;
  TARN_RETURN_IF_ERROR(ExpectOp("("));
  do {
    ExprList set;
    if (TakeOp("(")) {
      if (!IsOp(")")) {
        TARN_TRY(set, ParseExprList());
      }
      TARN_RETURN_IF_ERROR(ExpectOp(")"));
    } else {
      TARN_TRY(ExprPtr expr, ParseExpr());
      set.push_back(std::move(expr));
    }
    sets.push_back(std::move(set));
  } while (TakeOp(","));
  TARN_RETURN_IF_ERROR(ExpectOp(")"));
  return sets;
}

Result<std::vector<GroupingElement>> TokenReader::ParseGroupBy() {
  std::vector<GroupingElement> elements;
  if (IsWord("ALL") && !IsOp(".", 1) && !IsOp("(", 1)) {
    Take();
    elements.push_back({GroupingKind::kAll, {}});
    return elements;
  }
  do {
    GroupingElement element;
    if (IsAnyWord({"ROLLUP", "CUBE"}) && IsOp("(", 1)) {
      element.kind = Take().upper == "ROLLUP" ? GroupingKind::kRollup : GroupingKind::kCube;
      TARN_TRY(element.sets, ParseGroupingSets());
    } else if (IsWord("GROUPING") && IsWord("SETS", 1)) {
      Take();
      Take();
      element.kind = GroupingKind::kSets;
      TARN_TRY(element.sets, ParseGroupingSets());
    } else {
      TARN_TRY(ExprPtr expr, ParseExpr());
      element.sets.emplace_back();
      element.sets.back().push_back(std::move(expr));
    }
    elements.push_back(std::move(element));
  } while (TakeOp(","));
  // GROUP BY a, b GROUPING SETS (…): the sets say all, the list before them names the columns.
  if (TakeWords({"GROUPING", "SETS"})) {
    GroupingElement all;
    all.kind = GroupingKind::kSets;
    TARN_TRY(all.sets, ParseGroupingSets());
    elements.clear();
    elements.push_back(std::move(all));
  }
  // The old form GROUP BY a, b WITH ROLLUP | CUBE.
  if (IsWord("WITH") && IsAnyWord({"ROLLUP", "CUBE"}, 1)) {
    Take();
    GroupingElement all;
    all.kind = Take().upper == "ROLLUP" ? GroupingKind::kRollup : GroupingKind::kCube;
    for (GroupingElement& element : elements) {
      for (ExprList& set : element.sets) all.sets.push_back(std::move(set));
    }
    elements.clear();
    elements.push_back(std::move(all));
  }
  return elements;
}

}  // namespace tarn::sql
