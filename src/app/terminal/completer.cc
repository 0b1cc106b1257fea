#include "app/terminal/completer.h"

#include <algorithm>
#include <array>
#include <set>

#include "plan/function_registry.h"
#include "sql/keywords.h"
#include "sql/lexer.h"

namespace tarn::app {
namespace {

using sql::Token;
using sql::TokenKind;
using Parts = std::vector<std::string>;

constexpr std::array<std::string_view, 7> kBeforeRelation = {"FROM",   "JOIN", "INTO",    "TABLE",
                                                             "UPDATE", "USE",  "DESCRIBE"};

bool IsWordCharacter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '`' ||
         (static_cast<unsigned char>(c) & 0x80) != 0;
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

bool SameName(std::string_view a, std::string_view b) { return Lower(a) == Lower(b); }

bool BeginsWith(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && SameName(text.substr(0, prefix.size()), prefix);
}

bool Contains(const std::vector<std::string>& names, const std::string& name) {
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& other) { return SameName(other, name); });
}

// A name as it must be written: with backquotes unless it is a plain word.
std::string Written(const std::string& name) {
  bool plain = !name.empty() && std::isdigit(static_cast<unsigned char>(name[0])) == 0 &&
               std::all_of(name.begin(), name.end(),
                           [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
  if (plain) return name;
  std::string quoted = "`";
  for (char c : name) quoted += c == '`' ? "``" : std::string(1, c);
  return quoted + "`";
}

std::string Unquoted(std::string_view word) {
  std::string name(word);
  name.erase(std::remove(name.begin(), name.end(), '`'), name.end());
  return name;
}

struct Relation {
  Parts parts;
  std::string alias;
};

bool IsBeforeRelation(std::string_view upper) {
  return std::find(kBeforeRelation.begin(), kBeforeRelation.end(), upper) != kBeforeRelation.end();
}

// The tables that a statement names after FROM and the like, with their aliases.
std::vector<Relation> RelationsOf(std::string_view text) {
  std::vector<Relation> relations;
  Result<std::vector<Token>> tokens = sql::Tokenize(text);
  if (!tokens.ok()) return relations;
  auto is_name = [](const Token& token) {
    return token.kind == TokenKind::kWord || token.kind == TokenKind::kQuoted;
  };
  for (size_t i = 0; i + 1 < tokens->size(); ++i) {
    if ((*tokens)[i].kind != TokenKind::kWord || !IsBeforeRelation((*tokens)[i].upper)) continue;
    Relation relation;
    size_t at = i + 1;
    while (is_name((*tokens)[at])) {
      relation.parts.push_back((*tokens)[at].text);
      if ((*tokens)[at + 1].upper != "." || !is_name((*tokens)[at + 2])) break;
      at += 2;
    }
    if (relation.parts.empty()) continue;
    size_t next = at + 1;
    if ((*tokens)[next].kind == TokenKind::kWord && (*tokens)[next].upper == "AS") ++next;
    const Token& word = (*tokens)[next];
    bool keyword = word.kind == TokenKind::kWord &&
                   (sql::ClassifyWord(word.upper) == sql::KeywordClass::kReserved ||
                    !sql::IsRelationAlias(word.upper));
    if (is_name(word) && !keyword) relation.alias = word.text;
    relations.push_back(std::move(relation));
  }
  return relations;
}

std::vector<std::string> ColumnsOf(const Relation& relation, NameSource& names) {
  Parts parts = relation.parts;
  if (parts.size() == 1) parts.insert(parts.begin(), names.current_schema());
  if (parts.size() == 2) parts.insert(parts.begin(), names.current_catalog());
  return parts.size() == 3 ? names.Columns(parts[0], parts[1], parts[2])
                           : std::vector<std::string>();
}

// The words of the dotted name that ends at the cursor; the last one is still being typed.
Parts NameBefore(std::string_view before, size_t& typed) {
  Parts parts;
  size_t end = before.size();
  for (;;) {
    size_t begin = end;
    while (begin > 0 && IsWordCharacter(before[begin - 1])) --begin;
    parts.insert(parts.begin(), std::string(before.substr(begin, end - begin)));
    if (parts.size() == 1) typed = end - begin;
    if (begin == 0 || before[begin - 1] != '.') return parts;
    end = begin - 1;
  }
}

std::string_view WordBefore(std::string_view text) {
  size_t end = text.find_last_not_of(" \t\n");
  if (end == text.npos) return {};
  size_t begin = ++end;
  while (begin > 0 && IsWordCharacter(text[begin - 1])) --begin;
  return text.substr(begin, end - begin);
}

class Candidates {
 public:
  explicit Candidates(std::string typed) : typed_(std::move(typed)) {}
  void Add(std::string_view name) {
    if (BeginsWith(name, typed_)) found_.emplace(Lower(name), std::string(name));
  }
  void AddNames(const std::vector<std::string>& names) {
    for (const std::string& name : names)
      if (BeginsWith(name, typed_)) found_.emplace(Lower(name), Written(name));
  }
  std::vector<std::string> Take() {
    std::vector<std::string> all;
    for (const auto& [lower, name] : found_)
      if (all.empty() || all.back() != name) all.push_back(name);
    return all;
  }
  const std::string& typed() const { return typed_; }

 private:
  std::string typed_;
  std::set<std::pair<std::string, std::string>> found_;
};

void AddQualified(const Parts& parts, const std::vector<Relation>& relations, NameSource& names,
                  Candidates& out) {
  if (parts.size() == 2) {
    for (const Relation& relation : relations) {
      bool named = SameName(relation.alias, parts[0]) || SameName(relation.parts.back(), parts[0]);
      if (named) out.AddNames(ColumnsOf(relation, names));
    }
    if (Contains(names.Catalogs(), parts[0])) out.AddNames(names.Schemas(parts[0]));
    if (Contains(names.Schemas(names.current_catalog()), parts[0]))
      out.AddNames(names.Tables(names.current_catalog(), parts[0]));
  } else if (parts.size() == 3) {
    out.AddNames(names.Tables(parts[0], parts[1]));
  } else if (parts.size() == 4) {
    out.AddNames(names.Columns(parts[0], parts[1], parts[2]));
  }
}

void AddRelations(NameSource& names, Candidates& out) {
  out.AddNames(names.Catalogs());
  out.AddNames(names.Schemas(names.current_catalog()));
  out.AddNames(names.Tables(names.current_catalog(), names.current_schema()));
}

void AddWords(Candidates& out) {
  bool lower = !out.typed().empty() && Lower(out.typed()) == out.typed();
  for (const sql::Keyword& keyword : sql::Keywords())
    out.Add(lower ? Lower(keyword.word) : std::string(keyword.word));
  for (const plan::FunctionEntry& function : plan::Functions()) {
    bool word = !function.internal && std::isalpha(static_cast<unsigned char>(function.name[0]));
    if (word) out.Add(std::string(function.name) + "(");
  }
}

}  // namespace

Completion CompleteStatement(std::string_view before, std::string_view after, NameSource& names) {
  size_t typed = 0;
  Parts parts = NameBefore(before, typed);
  for (std::string& part : parts) part = Unquoted(part);
  Candidates out(parts.back());
  std::string text(before.substr(0, before.size() - typed));
  size_t name_size = text.size();
  while (name_size > 0 && (IsWordCharacter(text[name_size - 1]) || text[name_size - 1] == '.'))
    --name_size;
  std::vector<Relation> relations =
      RelationsOf(text.substr(0, name_size) + " _ " + std::string(after));
  if (parts.size() > 1) {
    AddQualified(parts, relations, names, out);
    return {typed, out.Take()};
  }
  std::string previous(WordBefore(text));
  std::transform(previous.begin(), previous.end(), previous.begin(), ::toupper);
  if (IsBeforeRelation(previous)) {
    AddRelations(names, out);
    return {typed, out.Take()};
  }
  for (const Relation& relation : relations) {
    out.AddNames(ColumnsOf(relation, names));
    if (!relation.alias.empty()) out.AddNames({relation.alias});
  }
  AddWords(out);
  if (typed > 0) AddRelations(names, out);
  return {typed, out.Take()};
}

}  // namespace tarn::app
