#include "app/terminal/statement_text.h"

#include "sql/lexer.h"

namespace tarn::app {
namespace {

enum class Place { kPlain, kQuoted, kLineComment, kBlockComment };

// The last character that counts, '\0' when none does, and where the text stops.
struct Scan {
  char last = '\0';
  Place place = Place::kPlain;
};

Scan ScanText(std::string_view text) {
  Scan scan;
  char quote = '\0';
  int depth = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (scan.place == Place::kQuoted) {
      if (c == '\\' && quote != '`') {
        ++i;
      } else if (c == quote) {
        scan.place = Place::kPlain;
      }
    } else if (scan.place == Place::kLineComment) {
      if (c == '\n') scan.place = Place::kPlain;
    } else if (scan.place == Place::kBlockComment) {
      if (c == '/' && next == '*') {
        ++depth;
        ++i;
      } else if (c == '*' && next == '/') {
        ++i;
        if (--depth == 0) scan.place = Place::kPlain;
      }
    } else if (c == '-' && next == '-') {
      scan.place = Place::kLineComment;
    } else if (c == '/' && next == '*') {
      scan.place = Place::kBlockComment;
      depth = 1;
      ++i;
    } else if (c == '\'' || c == '"' || c == '`') {
      scan.place = Place::kQuoted;
      quote = c;
      scan.last = c;
    } else if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
      scan.last = c;
    }
  }
  return scan;
}

}  // namespace

bool EndsStatement(std::string_view text) {
  Scan scan = ScanText(text);
  bool open = scan.place == Place::kQuoted || scan.place == Place::kBlockComment;
  return !open && scan.last == ';';
}

bool IsBlank(std::string_view text) {
  Scan scan = ScanText(text);
  return scan.last == '\0' && scan.place != Place::kBlockComment;
}

std::optional<CurrentSchema> AfterUse(std::string_view text, const CurrentSchema& before) {
  Result<std::vector<sql::Token>> tokens = sql::Tokenize(text);
  if (!tokens.ok() || (*tokens)[0].kind != sql::TokenKind::kWord) return std::nullopt;
  size_t at = 1;
  bool is_set = (*tokens)[0].upper == "SET" && (*tokens)[1].upper == "CATALOG";
  if ((*tokens)[0].upper != "USE" && !is_set) return std::nullopt;
  std::string kind = (*tokens)[at].upper;
  bool is_kind = kind == "CATALOG" || kind == "SCHEMA" || kind == "DATABASE" || kind == "NAMESPACE";
  // "USE schema" may also mean a schema of that name.
  if (is_kind && (*tokens)[at + 1].kind != sql::TokenKind::kEnd) ++at;
  std::vector<std::string> parts;
  for (; (*tokens)[at].kind != sql::TokenKind::kEnd; ++at) {
    const sql::Token& token = (*tokens)[at];
    if (token.kind == sql::TokenKind::kOperator) continue;
    parts.push_back(token.text);
  }
  if (parts.size() == 2) return CurrentSchema{parts[0], parts[1]};
  if (parts.size() != 1) return std::nullopt;
  if (kind == "CATALOG") return CurrentSchema{parts[0], "default"};
  return CurrentSchema{before.catalog, parts[0]};
}

}  // namespace tarn::app
