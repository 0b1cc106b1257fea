#pragma once
/// \file  The printer's own tree: labels and children, and its layout. Internal to ast_printer.
#include "sql/ast/statement.h"

namespace tarn::sql {

struct Tree {
  std::string label;
  std::vector<Tree> children;

  Tree(std::string text) : label(std::move(text)) {}  // NOLINT: implicit
  Tree(const char* text) : label(text) {}             // NOLINT: implicit
  Tree& Add(Tree child) {
    children.push_back(std::move(child));
    return *this;
  }
  /// Adds `(name child)`, or nothing for an absent part.
  Tree& AddPart(const char* name, const ExprPtr& expr);
  Tree& AddFlag(const char* name, bool flag) {
    if (flag) Add(name);
    return *this;
  }
  Tree& AddText(const char* name, const std::optional<std::string>& text);
  Tree& AddProperties(const char* name, const Properties& properties);
};

/// `name` with back quotes where it needs them.
std::string QuotedName(const NameParts& parts);
std::string QuotedText(const std::string& text);

Tree ToTree(const Expr& expr);
Tree ToTree(const Query& query);
Tree ToTree(const QueryBody& body);
Tree ToTree(const Relation& relation);
Tree ToTree(const Statement& statement);
/// Of the statements of ast/maintenance.h.
Tree MaintenanceTree(const Statement& statement);
Tree ColumnTree(const ColumnDefinition& column);
Tree NamesTree(const char* label, const std::vector<NameParts>& names);
Tree ListTree(const char* name, const ExprList& list);
Tree OrderTree(const char* name, const std::vector<OrderItem>& items);
Tree WindowTree(const WindowSpec& spec);
Tree ItemTree(const SelectItem& item);

std::string Layout(const Tree& tree);

}  // namespace tarn::sql
