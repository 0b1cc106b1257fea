#include <cstdio>

#include "api/endpoint.h"
#include "app/commands.h"
#include "delta/table_feature.h"
#include "plan/function_registry.h"

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

void PrintFunctions() {
  std::printf(
      "## Functions\n\n%zu functions.\n\n| function | group | what it gives |\n|---|---|---|\n",
      plan::Functions().size());
  for (const plan::FunctionEntry& f : plan::Functions()) {
    std::printf("| %s | %s | %s |\n", std::string(f.name).c_str(), std::string(f.group).c_str(),
                std::string(f.description).c_str());
  }
}

}  // namespace

int RunCoverage() {
  std::printf("# Coverage\n\nWritten by `bin/tarn coverage` from the program's own tables.\n\n");
  PrintEndpoints();
  PrintDeltaFeatures();
  PrintFunctions();
  return 0;
}

}  // namespace tarn::app
