#include "sql/printer/tree.h"

#include <algorithm>

#include "sql/ast_printer.h"

namespace tarn::sql {
namespace {

constexpr size_t kWidth = 100;

// Appends the tree on one line and says whether it fitted.
bool OneLine(const Tree& tree, size_t limit, std::string& out) {
  if (tree.children.empty()) {
    out += tree.label;
    return out.size() <= limit;
  }
  out += "(" + tree.label;
  for (const Tree& child : tree.children) {
    out += ' ';
    if (out.size() > limit || !OneLine(child, limit, out)) return false;
  }
  out += ')';
  return out.size() <= limit;
}

void Write(const Tree& tree, size_t indent, std::string& out) {
  std::string line;
  if (tree.children.empty() || OneLine(tree, kWidth - indent, line)) {
    out += line.empty() ? tree.label : line;
    return;
  }
  out += "(" + tree.label;
  for (const Tree& child : tree.children) {
    out += "\n" + std::string(indent + 2, ' ');
    Write(child, indent + 2, out);
  }
  out += ")";
}

}  // namespace

std::string Layout(const Tree& tree) {
  std::string out;
  Write(tree, 0, out);
  return out + "\n";
}

std::string PrintTree(const Statement& statement) { return Layout(ToTree(statement)); }
std::string PrintTree(const Expr& expr) { return Layout(ToTree(expr)); }

Tree& Tree::AddPart(const char* name, const ExprPtr& expr) {
  if (expr) Add(Tree(name).Add(ToTree(*expr)));
  return *this;
}

Tree& Tree::AddText(const char* name, const std::optional<std::string>& text) {
  if (text) Add(Tree(name).Add(QuotedText(*text)));
  return *this;
}

Tree& Tree::AddProperties(const char* name, const Properties& properties) {
  if (properties.empty()) return *this;
  Tree tree(name);
  for (const auto& [key, value] : properties) tree.Add(QuotedText(key) + "=" + QuotedText(value));
  return Add(std::move(tree));
}

std::string QuotedName(const NameParts& parts) {
  std::string out;
  for (const std::string& part : parts) {
    bool plain = !part.empty() && std::all_of(part.begin(), part.end(), [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
    });
    if (!out.empty()) out += '.';
    out += plain ? part : "`" + part + "`";
  }
  return out;
}

std::string QuotedText(const std::string& text) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out = "'";
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (c == '\'' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte >= 0x7f) {
      out += "\\x";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  return out + "'";
}

}  // namespace tarn::sql
