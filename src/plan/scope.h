#pragma once
/// \file  Names in reach while an expression is resolved. Internal to this module.
#include <algorithm>

#include "plan/analyzer.h"
#include "sql/lexer.h"

namespace tarn::plan {

bool SameName(std::string_view a, std::string_view b);

/// Columns of the relations in FROM; `outer` are those of the query around, for correlation.
class Analyzer::Scope {
 public:
  explicit Scope(const Scope* outer) : outer_(outer) {}
  void Add(Attribute attribute) {
    (attribute.hidden ? metadata_ : columns_).push_back(std::move(attribute));
  }
  void Add(const std::vector<Attribute>& attributes) {
    for (const Attribute& attribute : attributes) Add(attribute);
  }
  /// Columns that USING merged away: found by qualifier only, left out of `*`.
  void AddHidden(Attribute attribute) { hidden_.push_back(std::move(attribute)); }

  const std::vector<Attribute>& columns() const { return columns_; }
  const Scope* outer() const { return outer_; }
  /// Columns that `parts` may mean and how many of the parts they use up; the rest are struct
  /// fields.
  struct Match {
    Attribute attribute;
    size_t used = 0;
  };
  std::vector<Match> Find(const std::vector<std::string>& parts) const;
  /// Columns of a qualified star. Empty when the qualifier names nothing.
  std::vector<Attribute> Qualified(const std::vector<std::string>& qualifier) const;

 private:
  static bool QualifierEnds(const std::vector<std::string>& have,
                            const std::vector<std::string>& wanted, size_t count);
  const Scope* outer_;
  std::vector<Attribute> columns_;
  std::vector<Attribute> hidden_;
  std::vector<Attribute> metadata_;  // looked at when there is no column of that name
};

struct CommonTableEntry {
  std::string name;
  PlanRef plan;
  std::vector<std::string> columns;
};

/// Names that only resolution can tell: "date_add(f, 1)" for f + 1. By node of the syntax tree.
using NameOverrides = std::map<const sql::Expr*, std::string>;

struct Analyzer::State {
  AnalyzerContext context;
  std::string_view text;
  NameOverrides names;
  std::map<const sql::Expr*, ExprRef> replaced;  ///< nodes that stand for another expression
  ExprId next_id = 1;
  std::vector<CommonTableEntry> common_tables;  ///< innermost last

  ExprId NewId() { return next_id++; }
  /// Whether the statement may ask for the hidden column `_metadata` of its tables.
  bool NamesMetadata() const {
    constexpr std::string_view kName = "_metadata";
    return std::search(text.begin(), text.end(), kName.begin(), kName.end(), [](char a, char b) {
             return std::tolower(static_cast<unsigned char>(a)) == b;
           }) != text.end();
  }
  Error At(Error error, sql::SourceRange range) const {
    if (error.query_context()) return error;
    return std::move(error).WithQueryContext(sql::ContextOf(text, range));
  }
};

}  // namespace tarn::plan
