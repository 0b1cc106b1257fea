#include "sql/parser/token_reader.h"

namespace tarn::sql {

// MERGE [WITH SCHEMA EVOLUTION] INTO target USING source ON condition WHEN … THEN …
Result<StatementPtr> TokenReader::ParseMerge() {
  TARN_RETURN_IF_ERROR(ExpectWord("MERGE"));
  auto node = std::make_unique<Merge>();
  node->schema_evolution = TakeWords({"WITH", "SCHEMA", "EVOLUTION"});
  TARN_RETURN_IF_ERROR(ExpectWord("INTO"));
  TARN_TRY(node->target, ParseTableRelation());
  TARN_RETURN_IF_ERROR(ParseAlias(*node->target));
  TARN_RETURN_IF_ERROR(ExpectWord("USING"));
  TARN_TRY(node->source, ParseRelationPrimary());
  TARN_RETURN_IF_ERROR(ExpectWord("ON"));
  TARN_TRY(node->on, ParseExpr());
  while (IsWord("WHEN")) {
    TARN_TRY(MergeClause clause, ParseMergeClause());
    node->clauses.push_back(std::move(clause));
  }
  if (node->clauses.empty()) {
    return ErrorAt("MERGE_WITHOUT_WHEN", Peek().range,
                   "There must be at least one WHEN clause in a MERGE statement.");
  }
  TARN_RETURN_IF_ERROR(CheckMergeConditions(*node));
  return StatementPtr(std::move(node));
}

// A clause without a condition takes every row that is left: none of its kind may follow.
Status TokenReader::CheckMergeConditions(const Merge& merge) const {
  static constexpr const char* kReasons[] = {
      "NON_LAST_MATCHED_CLAUSE_OMIT_CONDITION",
      "NON_LAST_NOT_MATCHED_BY_TARGET_CLAUSE_OMIT_CONDITION",
      "NON_LAST_NOT_MATCHED_BY_SOURCE_CLAUSE_OMIT_CONDITION"};
  static constexpr const char* kNames[] = {"MATCHED", "NOT MATCHED [BY TARGET]",
                                           "NOT MATCHED BY SOURCE"};
  const MergeClause* last[3] = {};
  for (const MergeClause& clause : merge.clauses) {
    auto kind = static_cast<size_t>(clause.match);
    if (last[kind] != nullptr && !last[kind]->condition) {
      return ErrorAt(kReasons[kind], last[kind]->range,
                     "When there are more than one " + std::string(kNames[kind]) +
                         " clauses in a MERGE statement, only the last " + kNames[kind] +
                         " clause can omit the condition.");
    }
    last[kind] = &clause;
  }
  return Ok();
}

Result<MergeClause> TokenReader::ParseMergeClause() {
  uint32_t begin = Begin();
  MergeClause clause;
  TARN_RETURN_IF_ERROR(ExpectWord("WHEN"));
  bool negated = TakeWord("NOT");
  TARN_RETURN_IF_ERROR(ExpectWord("MATCHED"));
  if (negated) {
    clause.match = MergeMatch::kNotMatched;
    if (TakeWords({"BY", "SOURCE"})) {
      clause.match = MergeMatch::kNotMatchedBySource;
    } else {
      TakeWords({"BY", "TARGET"});
    }
  }
  if (TakeWord("AND")) {
    TARN_TRY(clause.condition, ParseExpr());
  }
  TARN_RETURN_IF_ERROR(ExpectWord("THEN"));
  TARN_RETURN_IF_ERROR(ParseMergeAction(clause));
  clause.range = Since(begin);
  return clause;
}

Status TokenReader::ParseMergeAction(MergeClause& clause) {
  if (clause.match == MergeMatch::kNotMatched) {
    TARN_RETURN_IF_ERROR(ExpectWord("INSERT"));
    if (TakeOp("*")) {
      clause.action = MergeAction::kInsertAll;
      return Ok();
    }
    clause.action = MergeAction::kInsert;
    TARN_TRY(std::vector<NameParts> columns, ParseNameList());
    TARN_RETURN_IF_ERROR(ExpectWord("VALUES"));
    TARN_RETURN_IF_ERROR(ExpectOp("("));
    for (size_t i = 0; i < columns.size(); ++i) {
      if (i > 0) TARN_RETURN_IF_ERROR(ExpectOp(","));
      TARN_TRY(ExprPtr value, ParseExpr());
      clause.assignments.emplace_back(std::move(columns[i]), std::move(value));
    }
    return ExpectOp(")");
  }
  if (TakeWord("DELETE")) {
    clause.action = MergeAction::kDelete;
    return Ok();
  }
  TARN_RETURN_IF_ERROR(ExpectWord("UPDATE"));
  TARN_RETURN_IF_ERROR(ExpectWord("SET"));
  if (clause.match == MergeMatch::kMatched && TakeOp("*")) {
    clause.action = MergeAction::kUpdateAll;
    return Ok();
  }
  clause.action = MergeAction::kUpdate;
  return ParseAssignments(clause.assignments);
}

// a.b = value, …
Status TokenReader::ParseAssignments(std::vector<std::pair<NameParts, ExprPtr>>& assignments) {
  do {
    TARN_TRY(NameParts column, ParseName());
    TARN_RETURN_IF_ERROR(ExpectOp("="));
    TARN_TRY(ExprPtr value, ParseExpr());
    assignments.emplace_back(std::move(column), std::move(value));
  } while (TakeOp(","));
  return Ok();
}

}  // namespace tarn::sql
