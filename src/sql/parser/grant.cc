#include "sql/parser/token_reader.h"

namespace tarn::sql {

// GRANT SELECT, USE SCHEMA ON SCHEMA c.s TO `who`; REVOKE … FROM `who`
Result<StatementPtr> TokenReader::ParseGrant(bool revoke) {
  Take();
  auto node = std::make_unique<Grant>();
  node->revoke = revoke;
  do {
    std::string privilege;
    while (Peek().kind == TokenKind::kWord && !IsWord("ON")) {
      privilege += (privilege.empty() ? "" : " ") + Take().upper;
    }
    if (privilege.empty()) return Unexpected();
    node->privileges.push_back(std::move(privilege));
  } while (TakeOp(","));
  TARN_RETURN_IF_ERROR(ExpectWord("ON"));
  bool named_kind = IsAnyWord({"METASTORE", "CATALOG", "SCHEMA", "DATABASE", "TABLE", "VIEW",
                               "VOLUME", "FUNCTION"}) &&
                    !IsOp(".", 1);
  if (named_kind) {
    TARN_TRY(node->object, ParseSecurableWord());
  }
  if (node->object != SecurableWord::kMetastore) {
    TARN_TRY(node->name, ParseName(node->name_range));
  }
  TARN_RETURN_IF_ERROR(ExpectWord(revoke ? "FROM" : "TO"));
  if (Peek().kind == TokenKind::kString) {
    TARN_TRY(node->principal, ParseString());
  } else {
    TARN_TRY(node->principal, ParseIdentifier());
  }
  return StatementPtr(std::move(node));
}

Result<StatementPtr> TokenReader::ParseShowGrants() {
  Take();
  auto node = std::make_unique<ShowGrants>();
  if (!IsWord("ON")) {
    if (Peek().kind == TokenKind::kString) {
      TARN_TRY(node->principal, ParseString());
    } else {
      TARN_TRY(node->principal, ParseIdentifier());
    }
  }
  TARN_RETURN_IF_ERROR(ExpectWord("ON"));
  bool named_kind = IsAnyWord({"METASTORE", "CATALOG", "SCHEMA", "DATABASE", "TABLE", "VIEW",
                               "VOLUME", "FUNCTION"}) &&
                    !IsOp(".", 1);
  if (named_kind) {
    TARN_TRY(node->object, ParseSecurableWord());
  }
  if (node->object != SecurableWord::kMetastore) {
    TARN_TRY(node->name, ParseName(node->name_range));
  }
  return StatementPtr(std::move(node));
}

Result<StatementPtr> TokenReader::ParseCommentOn() {
  TARN_RETURN_IF_ERROR(ExpectWord("COMMENT"));
  TARN_RETURN_IF_ERROR(ExpectWord("ON"));
  if (IsAnyWord({"CONNECTION", "SHARE", "RECIPIENT", "PROVIDER"})) {
    return Unsupported("COMMENT ON " + Peek().upper);
  }
  auto node = std::make_unique<CommentOn>();
  bool column = TakeWord("COLUMN");
  if (!column) {
    TARN_TRY(node->object, ParseSecurableWord());
  }
  TARN_TRY(node->name, ParseName(node->name_range));
  if (column) {
    if (node->name.size() < 2) return Unexpected();
    node->column = {std::move(node->name.back())};
    node->name.pop_back();
  }
  TARN_RETURN_IF_ERROR(ExpectWord("IS"));
  if (!TakeWord("NULL")) {
    TARN_TRY(node->comment, ParseString());
  }
  return StatementPtr(std::move(node));
}

Result<StatementPtr> TokenReader::ParseAlter() {
  TARN_RETURN_IF_ERROR(ExpectWord("ALTER"));
  if (IsWord("TABLE")) {
    // ALTER TABLE t [SET] OWNER TO who is a change of owner like that of any other object.
    size_t start = at_;
    Take();
    TARN_TRY(NameParts name, ParseName());
    bool owner = IsWord("OWNER") || (IsWord("SET") && IsWord("OWNER", 1));
    at_ = start;
    if (!owner) return ParseAlterTable();
  }
  auto node = std::make_unique<AlterOwner>();
  TARN_TRY(node->object, ParseSecurableWord());
  TARN_TRY(node->name, ParseName(node->name_range));
  TakeWord("SET");
  if (!TakeWords({"OWNER", "TO"})) return Unsupported("this form of ALTER");
  if (Peek().kind == TokenKind::kString) {
    TARN_TRY(node->owner, ParseString());
  } else {
    TARN_TRY(node->owner, ParseIdentifier());
  }
  return StatementPtr(std::move(node));
}

}  // namespace tarn::sql
