#pragma once
/// \file  Statements other than queries: one file per statement family in this folder.
#include "columnar/batch_builder.h"
#include "delta/transaction.h"
#include "engine/catalog_resolver.h"

namespace tarn::engine {

/// What a command runs in.
struct CommandContext {
  Session& session;
  const StatementRequest& request;
  CancelToken cancel;

  catalog::Catalog& catalog() const { return *session.services().catalog; }
  Engine& engine() const { return *session.services().engine; }
  const identity::Principal& who() const { return session.principal(); }
};

using StreamResult = Result<std::unique_ptr<ResultStream>>;

StreamResult RunCommand(const CommandContext& context, const sql::Statement& statement);

StreamResult RunCreate(const CommandContext& context, const sql::Statement& statement);
StreamResult RunCreateTable(const CommandContext& context, const sql::CreateTable& statement);
StreamResult RunDrop(const CommandContext& context, const sql::Drop& statement);
StreamResult RunInsert(const CommandContext& context, const sql::Insert& statement);
StreamResult RunDelete(const CommandContext& context, const sql::Delete& statement);
StreamResult RunTruncate(const CommandContext& context, const sql::Truncate& statement);
StreamResult RunCopyInto(const CommandContext& context, const sql::CopyInto& statement);
StreamResult RunShow(const CommandContext& context, const sql::Show& statement);
StreamResult RunDescribe(const CommandContext& context, const sql::Describe& statement);
StreamResult RunExplain(const CommandContext& context, const sql::Explain& statement);
StreamResult RunGrant(const CommandContext& context, const sql::Grant& statement);
StreamResult RunShowGrants(const CommandContext& context, const sql::ShowGrants& statement);
StreamResult RunUse(const CommandContext& context, const sql::Use& statement);
StreamResult RunSet(const CommandContext& context, const sql::Set& statement);
StreamResult RunComment(const CommandContext& context, const sql::CommentOn& statement);
StreamResult RunAlterOwner(const CommandContext& context, const sql::AlterOwner& statement);

/// A result without rows or columns.
std::unique_ptr<ResultStream> NoRows();
std::unique_ptr<ResultStream> Rows(columnar::BatchBuilder builder);
/// One row of BIGINT counts.
std::unique_ptr<ResultStream> Counts(const std::vector<std::pair<std::string, int64_t>>& counts);
/// Rows of files just written.
int64_t RowCount(const std::vector<delta::AddFile>& files);
Result<catalog::SecurableKind> KindOf(sql::SecurableWord word);
/// "main.s.t" split at its dots.
std::vector<std::string> SplitName(const std::string& full_name);
/// Spark's patterns of SHOW … LIKE: '*' and '|', without case.
bool MatchesPattern(const std::optional<std::string>& pattern, const std::string& name);

}  // namespace tarn::engine
