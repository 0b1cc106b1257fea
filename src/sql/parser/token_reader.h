#pragma once
/// \file  The parser's state: tokens, the current one, and one method per rule of the grammar.
/// Internal to this folder. Each family of rules has its own source file.
#include <algorithm>
#include <initializer_list>
#include <set>

#include "sql/ast/statement.h"
#include "sql/lexer.h"

namespace tarn::sql {

class TokenReader {
 public:
  TokenReader(std::string_view text, std::vector<Token> tokens)
      : text_(text), tokens_(std::move(tokens)) {}

  // statement.cc
  Result<StatementPtr> ParseStatement();
  Status ExpectEnd();
  // create_table.cc
  Result<StatementPtr> ParseCreate();
  // drop.cc
  Result<StatementPtr> ParseDrop();
  Result<StatementPtr> ParseTruncate();
  // insert.cc, delete.cc, copy_into.cc
  Result<StatementPtr> ParseInsert();
  Result<StatementPtr> ParseDelete();
  Result<StatementPtr> ParseUpdate();
  // merge.cc, alter_table.cc
  Result<StatementPtr> ParseMerge();
  Result<StatementPtr> ParseAlterTable();
  Result<StatementPtr> ParseCopyInto();
  // show.cc
  Result<StatementPtr> ParseShow();
  Result<StatementPtr> ParseDescribe();
  Result<StatementPtr> ParseExplain();
  // grant.cc
  Result<StatementPtr> ParseGrant(bool revoke);
  Result<StatementPtr> ParseShowGrants();
  Result<StatementPtr> ParseCommentOn();
  Result<StatementPtr> ParseAlter();
  // maintenance.cc
  Result<StatementPtr> ParseVacuum();
  Result<StatementPtr> ParseRestore();
  Result<StatementPtr> ParseOptimize();
  Result<StatementPtr> ParseReorg();
  Result<StatementPtr> ParseConvert();
  Result<StatementPtr> ParseAnalyze();
  Result<StatementPtr> ParseFsck();
  // session.cc
  Result<StatementPtr> ParseUse();
  Result<StatementPtr> ParseSet();
  Error SetSyntax() const;
  Result<StatementPtr> ParseReset();

  // query.cc
  Result<std::unique_ptr<Query>> ParseQuery();
  bool AtQuery(size_t ahead = 0) const;
  Result<std::vector<SelectItem>> ParseSelectList();
  // relation.cc
  Result<RelationPtr> ParseFrom();
  Result<std::unique_ptr<TableRelation>> ParseTableRelation();
  /// [FOR] VERSION | TIMESTAMP AS OF …, where it stands.
  Status ParseTimeTravel(TableRelation& table);
  // expression.cc
  Result<ExprPtr> ParseExpr();
  Result<std::vector<OrderItem>> ParseOrderItems();
  Result<WindowSpec> ParseWindowSpec();
  // type_name.cc
  Result<columnar::DataType> ParseType();
  Result<columnar::Fields> ParseColumnList();

 private:
  // tokens
  const Token& Peek(size_t ahead = 0) const {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
  }
  const Token& Take() { return tokens_[at_ < tokens_.size() - 1 ? at_++ : at_]; }
  bool IsWord(std::string_view upper, size_t ahead = 0) const {
    const Token& t = Peek(ahead);
    return t.kind == TokenKind::kWord && t.upper == upper;
  }
  bool IsAnyWord(std::initializer_list<std::string_view> words, size_t ahead = 0) const;
  bool IsOp(std::string_view op, size_t ahead = 0) const {
    const Token& t = Peek(ahead);
    return t.kind == TokenKind::kOperator && t.upper == op;
  }
  bool TakeWord(std::string_view upper);
  /// All of the words in a row, or none.
  bool TakeWords(std::initializer_list<std::string_view> words);
  bool TakeOp(std::string_view op);
  Status ExpectWord(std::string_view upper);
  Status ExpectOp(std::string_view op);
  /// As Expect…, where Spark's parser names what is missing.
  Status ExpectMissing(std::string_view text);
  Error Unexpected(const std::string& hint = "") const;
  Error ErrorAt(std::string_view reason, SourceRange range, std::string message,
                ErrorParams params = {}) const;
  Error Unsupported(const std::string& feature) const;
  uint32_t Begin() const { return Peek().range.begin; }
  SourceRange Since(uint32_t begin) const {
    return {begin, at_ == 0 ? begin : tokens_[at_ - 1].range.end};
  }
  std::string_view TextOf(SourceRange range) const {
    return text_.substr(range.begin, range.end - range.begin);
  }

  // names and small parts
  bool AtIdentifier(size_t ahead = 0) const;
  /// A word that can only be a keyword where a value is expected: FROM, WHERE, AND…
  bool AtReservedWord() const;
  Result<std::string> ParseIdentifier();
  Result<NameParts> ParseName();
  /// The same; `range` is where it stands.
  Result<NameParts> ParseName(SourceRange& range);
  Result<std::vector<std::string>> ParseIdentifierList();
  Result<std::string> ParseString();
  Result<Properties> ParseProperties();
  bool TakeIfNotExists() { return TakeWords({"IF", "NOT", "EXISTS"}); }
  bool TakeIfExists() { return TakeWords({"IF", "EXISTS"}); }
  Result<SecurableWord> ParseSecurableWord();

  // statements
  Result<StatementPtr> ParseCreateTable(std::unique_ptr<CreateTable> table);
  Status ParseGenerated(ColumnDefinition& column);
  Status ParseCheck(CheckDefinition& check);
  Status ParseTableConstraint(CreateTable& table);
  Result<int64_t> ParseSignedInteger();
  Result<StatementPtr> ParseCreateCatalog();
  Result<StatementPtr> ParseCreateSchema();
  Result<StatementPtr> ParseCreateVolume(bool external);
  Status ParseTableClauses(CreateTable& table);
  Result<bool> ParseTableClause(CreateTable& table);
  Status CheckOnce(std::set<std::string>& seen, const Token& clause) const;
  Status ParsePartitionedBy(CreateTable& table);
  Result<std::vector<NameParts>> ParseNameList();
  Status CheckMergeConditions(const Merge& merge) const;
  Result<MergeClause> ParseMergeClause();
  Status ParseMergeAction(MergeClause& clause);
  Status ParseAssignments(std::vector<std::pair<NameParts, ExprPtr>>& assignments);
  Status ParseAddColumns(AlterTable& alter);
  Status ParseDropColumns(AlterTable& alter);
  Status ParseAlterColumn(AlterTable& alter);
  Result<std::optional<ColumnPosition>> ParseColumnPosition();
  bool AtTableConstraint() const;
  Result<ColumnDefinition> ParseColumnDefinition();
  /// (a = 1, b): a value, or null for a column without one.
  Result<std::vector<std::pair<std::string, ExprPtr>>> ParsePartitionSpec();
  Status ParseReplace(Insert& insert);
  /// A whole number of digits.
  Result<int64_t> ParseCount();
  /// A name, or a string or delta.`path` that is a path: then as the parts delta, path.
  Result<NameParts> ParseTableOrPath(SourceRange& range);
  Result<StatementPtr> ParseClone(CreateTable header);

  // queries
  Result<BodyPtr> ParseSetOperations(int min_precedence);
  Result<BodyPtr> ParseQueryPrimary();
  Result<BodyPtr> ParseSelect();
  Status ParseQueryOrganization(Query& query);
  Status CheckNewName(const std::vector<CommonTable>& tables, const CommonTable& table) const;
  bool AtSelectAlias() const;
  Result<std::vector<GroupingElement>> ParseGroupBy();
  Result<std::vector<ExprList>> ParseGroupingSets();
  Result<RelationPtr> ParseJoins();
  Result<RelationPtr> ParseRelationPrimary();
  Result<RelationPtr> ParseFunctionRelation();
  Status ParseAlias(Relation& relation);
  Result<std::unique_ptr<ValuesRelation>> ParseValuesRows();
  bool TakeJoinType(JoinRelation& join);

  // expressions
  Result<ExprPtr> ParseOr();
  Result<ExprPtr> ParseAnd();
  Result<ExprPtr> ParseNot();
  Result<ExprPtr> ParsePredicate();
  Result<ExprPtr> ParseValue();
  Result<ExprPtr> ParsePredicateTail(ExprPtr operand, uint32_t begin, bool negated);
  Result<ExprPtr> ParseIs(ExprPtr operand, uint32_t begin);
  Result<ExprPtr> ParseLike(ExprPtr operand, uint32_t begin, LikeKind kind, bool negated);
  Result<ExprPtr> ParseIn(ExprPtr operand, uint32_t begin, bool negated);
  Result<ExprPtr> ParseBinary(int level);
  Result<ExprPtr> ParseUnary();
  Result<ExprPtr> ParsePostfix();
  Result<ExprPtr> ParsePostfixOf(ExprPtr expr, uint32_t begin);
  Result<ExprPtr> ParsePrimary();
  Result<ExprPtr> ParseParenthesized();
  Result<ExprPtr> ParseWordPrimary();
  Result<ExprPtr> ParseNameOrCall();
  Result<ExprPtr> ParseCallRest(std::vector<std::string> name, uint32_t begin);
  Status ParseCallTail(sql::Call& call);
  Result<ExprPtr> ParseCase();
  Result<ExprPtr> ParseCast(bool is_try);
  Result<ExprPtr> ParseSpecialCall(const std::string& word, uint32_t begin);
  bool AtUnitCall() const;
  Result<ExprPtr> ParseUnitCall();
  Result<ExprPtr> ParseStarTail(std::vector<std::string> qualifier, uint32_t begin);
  Result<std::vector<ExprPtr>> ParseExprList();
  Result<FrameBound> ParseFrameBound();

  // literals (literal.cc)
  Result<ExprPtr> ParseNumber();
  Result<ExprPtr> ParseStringLiteral();
  bool AtTypedLiteral() const;
  Result<ExprPtr> ParseTypedLiteral();
  Result<ExprPtr> ParseInterval();

  /// Statements nest queries and expressions; a stack overflow must not be reachable from outside.
  class Depth;
  static constexpr int kMaxDepth = 400;
  Error TooDeep() const;
  /// Chains (a + b + …, unions, joins) lean to the left: each link makes the tree higher without
  /// the parser going deeper. Everyone who walks the tree recurses, so its height is bound too.
  class Height;
  static constexpr int kMaxHeight = 1000;
  Status Link();

  std::string_view text_;
  std::vector<Token> tokens_;
  size_t at_ = 0;
  int depth_ = 0;
  int height_ = 0;  ///< of what was parsed since the innermost Height began
  int question_marks_ = 0;
};

class TokenReader::Depth {
 public:
  explicit Depth(TokenReader& reader) : reader_(reader) { ++reader_.depth_; }
  ~Depth() { --reader_.depth_; }
  bool exceeded() const { return reader_.depth_ > kMaxDepth; }

 private:
  TokenReader& reader_;
};

/// Siblings do not add up: a Height counts its own chain links, and its parent sees the highest.
class TokenReader::Height {
 public:
  explicit Height(TokenReader& reader) : reader_(reader), before_(reader.height_) {
    reader_.height_ = 0;
  }
  ~Height() { reader_.height_ = std::max(before_, reader_.height_ + 1); }

 private:
  TokenReader& reader_;
  int before_;
};

template <typename T>
std::unique_ptr<T> Node(SourceRange range) {
  auto node = std::make_unique<T>();
  node->range = range;
  return node;
}

}  // namespace tarn::sql
