#include <cstdio>

#include "api/endpoint.h"
#include "app/commands.h"
#include "delta/table_feature.h"
#include "engine/engine.h"
#include "io/local_store.h"
#include "plan/analyzer.h"
#include "plan/function_registry.h"
#include "sql/parser.h"

namespace tarn::app {
namespace {

const char* Mark(bool yes) { return yes ? "yes" : "refused"; }

void PrintEndpoints() {
  ThreadPool unused({"unused", 1});
  api::Services services;
  services.executor = &unused;
  net::Router router = api::BuildRouter(services);
  std::printf("## Endpoints\n\n| method | path | caller |\n|---|---|---|\n");
  for (const auto* route : router.routes()) {
    bool open = route->options.tag == static_cast<int>(api::Access::kOpen);
    std::printf("| %s | `%s` | %s |\n", route->method.c_str(), route->path.c_str(),
                open ? "anyone" : "token");
  }
  std::printf("\nEvery other path under `/api` answers 404 `ENDPOINT_NOT_FOUND`.\n\n");
}

void PrintDeltaFeatures() {
  std::printf(
      "## Delta table features\n\n| feature | tables that use it are read | written "
      "|\n|---|---|---|\n");
  for (const delta::TableFeature& feature : delta::TableFeatures()) {
    std::printf("| %s | %s | %s |\n", std::string(feature.name).c_str(), Mark(feature.can_read),
                Mark(feature.can_write));
  }
  std::printf("\nAny other feature is refused by its name.\n\n");
}

// Runs the function's documented example: what the engine does not have says so.
bool Runs(engine::Engine& engine, const plan::FunctionEntry& function) {
  std::string text = "SELECT " + std::string(function.example);
  auto run = [&]() -> Status {
    TARN_TRY(sql::StatementPtr statement, sql::Parse(text));
    plan::Analyzer analyzer({}, text);
    TARN_TRY(plan::PlanRef plan,
             analyzer.AnalyzeQuery(*statement->As<sql::QueryStatement>().query));
    TARN_TRY(auto stream, engine.Run(plan, {}));
    TARN_RETURN_IF_ERROR(stream->Next());
    return Ok();
  };
  return run().ok();
}

Status PrintFunctions() {
  TARN_TRY(std::shared_ptr<engine::Engine> engine,
           engine::Engine::Open({}, std::make_shared<io::LocalStore>()));
  std::string rows;
  int running = 0;
  for (const plan::FunctionEntry& f : plan::Functions()) {
    bool runs = Runs(*engine, f);
    running += runs ? 1 : 0;
    rows += "| " + std::string(f.name) + " | " + Mark(runs) + " | " + std::string(f.group) + " | " +
            std::string(f.description) + " |\n";
  }
  std::printf(
      "## Functions\n\nOf %zu functions that the analyzer knows, %d run; the others are refused by "
      "name.\n\n"
      "| function | runs | group | what it gives |\n|---|---|---|---|\n%s",
      plan::Functions().size(), running, rows.c_str());
  return Ok();
}

}  // namespace

int RunCoverage() {
  std::printf(
      "# Coverage\n\nWritten by `bin/tarn coverage` from the program's own tables. Two more pages "
      "come "
      "from the tests:\n[SQL statements](statements.md) and [clients](clients.md).\n\n");
  PrintEndpoints();
  PrintDeltaFeatures();
  Status status = PrintFunctions();
  if (!status.ok()) std::fprintf(stderr, "tarn: %s\n", status.error().ToString().c_str());
  return status.ok() ? 0 : 1;
}

}  // namespace tarn::app
