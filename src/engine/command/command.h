#pragma once
/// \file  Running analyzed statements: one file per statement family in this folder. Names are
/// complete, targets bound and rows typed by the analyzer; nothing here looks at the syntax.
#include "columnar/batch_builder.h"
#include "delta/transaction.h"
#include "engine/catalog_resolver.h"
#include "sql/lexer.h"

namespace tarn::engine {

/// What a command runs in.
struct CommandContext {
  Session& session;
  std::string_view text;
  CatalogResolver& resolver;  ///< the one the statement was analyzed with: it holds the pins
  CancelToken cancel;

  catalog::Catalog& catalog() const { return *session.services().catalog; }
  Engine& engine() const { return *session.services().engine; }
  const identity::Principal& who() const { return session.principal(); }

  /// Tells the catalog the columns that a statement gave a table. Whoever may change rows only
  /// leaves that to the owner: what queries see comes from the log.
  Status FollowSchema(const catalog::Securable& table, const delta::Snapshot& snapshot) const;

  /// An error of what stands at `range`, with the place.
  Error At(sql::SourceRange range, Error error) const {
    if (error.query_context()) return error;
    return std::move(error).WithQueryContext(sql::ContextOf(text, range));
  }
  template <typename T>
  Result<T> At(sql::SourceRange range, Result<T> result) const {
    if (!result.ok()) return At(range, std::move(result).error());
    return result;
  }
};

using StreamResult = Result<std::unique_ptr<ResultStream>>;

StreamResult RunCommand(const CommandContext& context, const plan::AnalyzedStatement& statement);

StreamResult Run(const CommandContext& context, const plan::Query& query);
StreamResult Run(const CommandContext& context, const plan::Explain& command);
StreamResult Run(const CommandContext& context, const plan::CreateCatalog& command);
StreamResult Run(const CommandContext& context, const plan::CreateSchema& command);
StreamResult Run(const CommandContext& context, const plan::CreateTable& command);
StreamResult Run(const CommandContext& context, const plan::CreateVolume& command);
StreamResult Run(const CommandContext& context, const plan::AlterTable& command);
StreamResult Run(const CommandContext& context, const plan::Drop& command);
StreamResult Run(const CommandContext& context, const plan::Insert& command);
StreamResult Run(const CommandContext& context, const plan::Delete& command);
StreamResult Run(const CommandContext& context, const plan::Update& command);
StreamResult Run(const CommandContext& context, const plan::Merge& command);
StreamResult Run(const CommandContext& context, const plan::CopyInto& command);
StreamResult Run(const CommandContext& context, const plan::Show& command);
StreamResult Run(const CommandContext& context, const plan::Describe& command);
StreamResult Run(const CommandContext& context, const plan::CommentOn& command);
StreamResult Run(const CommandContext& context, const plan::AlterOwner& command);
StreamResult Run(const CommandContext& context, const plan::Grant& command);
StreamResult Run(const CommandContext& context, const plan::ShowGrants& command);
StreamResult Run(const CommandContext& context, const plan::Use& command);
StreamResult Run(const CommandContext& context, const plan::SetConf& command);
StreamResult Run(const CommandContext& context, const plan::ResetConf& command);
StreamResult Run(const CommandContext& context, const plan::Vacuum& command);
StreamResult Run(const CommandContext& context, const plan::Restore& command);
StreamResult Run(const CommandContext& context, const plan::Optimize& command);
StreamResult Run(const CommandContext& context, const plan::CloneTable& command);
StreamResult Run(const CommandContext& context, const plan::ConvertToDelta& command);
StreamResult Run(const CommandContext& context, const plan::AnalyzeTable& command);
StreamResult Run(const CommandContext& context, const plan::FsckRepair& command);

/// A result without rows or columns.
std::unique_ptr<ResultStream> NoRows();
std::unique_ptr<ResultStream> Rows(columnar::BatchBuilder builder);
/// One row of BIGINT counts.
std::unique_ptr<ResultStream> Counts(const std::vector<std::pair<std::string, int64_t>>& counts);
/// Rows of a plan, counted by the engine, which then reads no column.
Result<int64_t> CountRows(const CommandContext& context, plan::PlanRef rows);
/// Rows of files just written.
int64_t RowCount(const std::vector<delta::AddFile>& files);
Result<catalog::SecurableKind> KindOf(sql::SecurableWord word);
/// "main.s.t" split at its dots.
std::vector<std::string> SplitName(const std::string& full_name);
/// Spark's patterns of SHOW … LIKE: '*' and '|', without case.
bool MatchesPattern(const std::optional<std::string>& pattern, const std::string& name);

}  // namespace tarn::engine
