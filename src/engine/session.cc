#include "engine/session.h"

#include "engine/catalog_resolver.h"
#include "engine/command/command.h"
#include "sql/parser.h"

namespace tarn::engine {

Session::Session(SessionServices services, identity::Principal principal, std::string catalog,
                 std::string schema)
    : services_(services),
      principal_(std::move(principal)),
      catalog_(std::move(catalog)),
      schema_(std::move(schema)) {}

Result<std::string> Session::Qualify(const std::vector<std::string>& parts, size_t wanted) const {
  std::vector<std::string> full = parts;
  if (full.size() > wanted) {
    std::string shown;
    for (const std::string& part : parts)
      shown += (shown.empty() ? "" : ".") + columnar::QuoteIdentifier(part);
    return Fail("IDENTIFIER_TOO_MANY_NAME_PARTS",
                shown + " is not a valid identifier as it has more than " + std::to_string(wanted) +
                    " name parts.",
                {{"identifier", shown}});
  }
  if (wanted == 3 && full.size() == 1) full.insert(full.begin(), schema_);
  if (wanted >= 2 && full.size() == wanted - 1) full.insert(full.begin(), catalog_);
  return catalog::FullName(full);
}

plan::AnalyzerContext Session::Context(plan::RelationResolver* resolver,
                                       const StatementRequest& request) const {
  plan::AnalyzerContext context;
  context.resolver = resolver;
  context.current_catalog = catalog_;
  context.current_schema = schema_;
  context.current_user = principal_.name;
  context.statement_time_micros = Clock::System().Now().time_since_epoch().count();
  context.parameters = request.parameters;
  return context;
}

Result<std::unique_ptr<ResultStream>> Session::Execute(const StatementRequest& request,
                                                       CancelToken cancel) {
  TARN_TRY(sql::StatementPtr statement, sql::Parse(request.text));
  if (statement->kind == sql::StatementKind::kQuery) {
    CatalogResolver resolver(*this);
    plan::Analyzer analyzer(Context(&resolver, request), request.text);
    TARN_TRY(plan::PlanRef plan,
             analyzer.AnalyzeQuery(*statement->As<sql::QueryStatement>().query));
    return services_.engine->Run(std::move(plan), std::move(cancel));
  }
  return RunCommand({*this, request, cancel}, *statement);
}

}  // namespace tarn::engine
