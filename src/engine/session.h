#pragma once
/// \file  One client's session: current catalog and schema, settings, and the way from text to
/// rows.
#include <map>
#include <memory>
#include <string>

#include "catalog/catalog.h"
#include "engine/engine.h"
#include "plan/analyzer.h"
#include "sql/ast/statement.h"

namespace tarn::engine {

/// What a statement works with besides the engine. Borrowed; outlives every session.
struct SessionServices {
  Engine* engine = nullptr;
  catalog::Catalog* catalog = nullptr;
  io::ObjectStore* store = nullptr;
};

struct StatementRequest {
  std::string text;
  std::vector<plan::ParameterValue> parameters;
};

/// Runs one statement at a time; not thread-safe. Every access to data asks the catalog first.
class Session {
 public:
  Session(SessionServices services, identity::Principal principal, std::string catalog = "main",
          std::string schema = "default");

  /// Starts a statement. Errors: those of parser, analyzer, catalog and engine, rendered for the
  /// user by sql::RenderError with the request's text.
  Result<std::unique_ptr<ResultStream>> Execute(const StatementRequest& request,
                                                CancelToken cancel = {});

  const identity::Principal& principal() const { return principal_; }
  const std::string& catalog() const { return catalog_; }
  const std::string& schema() const { return schema_; }
  void UseCatalog(std::string name) { catalog_ = std::move(name); }
  void UseSchema(std::string name) { schema_ = std::move(name); }
  std::map<std::string, std::string>& settings() { return settings_; }
  const SessionServices& services() const { return services_; }

 private:
  plan::AnalyzerContext Context(plan::RelationResolver* resolver, const StatementRequest& request,
                                int64_t statement_time_micros) const;

  SessionServices services_;
  identity::Principal principal_;
  std::string catalog_;
  std::string schema_;
  std::map<std::string, std::string> settings_;
};

}  // namespace tarn::engine
