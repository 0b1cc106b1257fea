#include "engine/session.h"

#include "engine/catalog_resolver.h"
#include "engine/command/command.h"
#include "engine/compaction.h"
#include "engine/session_settings.h"
#include "sql/parser.h"

namespace tarn::engine {
namespace {

constexpr int kMaxAttempts = 10;

// Whether a statement that another writer's commit got ahead of is run anew on what the tables
// hold now. An overwrite is not: it would drop rows that its author has not seen.
bool StartsOver(const plan::AnalyzedStatement& statement) {
  // The values of identity columns are given from a mark that another writer has moved.
  const auto* insert = std::get_if<plan::Insert>(&statement);
  if (insert != nullptr) {
    return !insert->identities.empty() && insert->replaces == plan::Insert::Replaces::kNothing;
  }
  return std::holds_alternative<plan::AlterTable>(statement) ||
         std::holds_alternative<plan::Delete>(statement) ||
         std::holds_alternative<plan::Update>(statement) ||
         std::holds_alternative<plan::Merge>(statement) ||
         std::holds_alternative<plan::Optimize>(statement) ||
         // The files that the other one loaded are left out then.
         std::holds_alternative<plan::CopyInto>(statement);
}

}  // namespace

Session::Session(SessionServices services, identity::Principal principal, std::string catalog,
                 std::string schema)
    : services_(services),
      principal_(std::move(principal)),
      catalog_(std::move(catalog)),
      schema_(std::move(schema)) {}

plan::AnalyzerContext Session::Context(plan::RelationResolver* resolver,
                                       const StatementRequest& request,
                                       int64_t statement_time_micros) const {
  plan::AnalyzerContext context;
  context.resolver = resolver;
  context.current_catalog = catalog_;
  context.current_schema = schema_;
  context.current_user = principal_.name;
  context.statement_time_micros = statement_time_micros;
  context.parameters = request.parameters;
  std::string overwrite = TextSetting(settings_, kPartitionOverwriteMode);
  context.dynamic_partition_overwrite = overwrite[0] == 'd' || overwrite[0] == 'D';
  context.schema_evolution = FlagSetting(settings_, kSchemaAutoMerge);
  return context;
}

Result<std::unique_ptr<ResultStream>> Session::Execute(const StatementRequest& request,
                                                       CancelToken cancel) {
  TARN_TRY(sql::StatementPtr statement, sql::Parse(request.text));
  int64_t now = Clock::System().Now().time_since_epoch().count();
  for (int attempt = 1;; ++attempt) {
    CatalogResolver resolver(*this);
    TARN_TRY(plan::AnalyzedStatement analyzed,
             plan::Analyze(*statement, request.text, Context(&resolver, request, now)));
    CommandContext context{*this, request.text, resolver, cancel};
    auto result = RunCommand(context, analyzed);
    if (result.ok()) CompactAfter(context, analyzed);
    bool again = !result.ok() && result.error().code() == Code::kAborted && StartsOver(analyzed);
    if (!again || attempt == kMaxAttempts) return result;
  }
}

}  // namespace tarn::engine
