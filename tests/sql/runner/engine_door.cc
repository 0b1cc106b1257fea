/// \file  Runs statements in this process for tests/sql: one JSON request a line on standard input,
/// one JSON answer a line on standard output.
///
/// Requests: {"sql", "catalog", "schema", "user"} or {"put": path in a volume, "from": file}.
/// Answers: {"columns": [[name, type]], "rows": [[text or null]], "catalog", "schema"} or
/// {"error": message}.
#include <cstdio>
#include <filesystem>
#include <iostream>

#include "base/json.h"
#include "catalog/catalog_service.h"
#include "engine/engine.h"
#include "io/local_store.h"
#include "node/engine_runner.h"

namespace tarn {
namespace {

struct Lakehouse {
  std::unique_ptr<store::Database> database;
  std::unique_ptr<identity::IdentityService> identity;
  std::unique_ptr<catalog::CatalogService> catalog;
  std::shared_ptr<io::LocalStore> files = std::make_shared<io::LocalStore>();
  std::shared_ptr<engine::Engine> engine;
  std::unique_ptr<compute::StatementRunner> runner;
  identity::Principal admin;
};

constexpr const char* kAdmin = "admin@localhost";

Result<std::unique_ptr<Lakehouse>> Open(const std::string& folder, const std::string& allowed) {
  auto house = std::make_unique<Lakehouse>();
  TARN_TRY(house->database,
           store::Database::Open(folder + "/metadata.db",
                                 {identity::StoredTables(), catalog::StoredTables()}));
  TARN_TRY(house->identity, identity::IdentityService::Open(*house->database, Clock::System(),
                                                            EventSink::Null(), kAdmin));
  TARN_TRY(house->catalog, catalog::CatalogService::Open(*house->database, *house->identity,
                                                         {folder + "/managed", {allowed}},
                                                         Clock::System(), EventSink::Null()));
  engine::EngineOptions options;
  options.temp_directory = folder + "/spill";
  TARN_TRY(house->engine, engine::Engine::Open(options, house->files));
  house->runner =
      node::MakeEngineRunner({house->engine.get(), house->catalog.get(), house->files.get()});
  TARN_TRY(house->admin, house->identity->Administrator());
  for (const char* name : {"main", "samples"}) {
    catalog::Securable c;
    c.kind = catalog::SecurableKind::kCatalog;
    c.full_name = name;
    TARN_RETURN_IF_ERROR(house->catalog->Create(house->admin, c));
  }
  return house;
}

Result<identity::Principal> User(Lakehouse& house, const std::string& name) {
  if (name.empty()) return house.admin;
  identity::Directory directory = house.identity->Snapshot();
  if (const identity::User* known = directory.FindUser(name))
    return directory.PrincipalOf(known->id);
  identity::User draft;
  draft.name = name;
  TARN_TRY(identity::User made, house.identity->CreateUser(house.admin, draft));
  return house.identity->Snapshot().PrincipalOf(made.id);
}

Result<std::string> Put(Lakehouse& house, const json::Value& request) {
  TARN_TRY(std::string path, house.catalog->ResolveVolumePath(house.admin, request.GetString("put"),
                                                              catalog::Operation::kWriteVolume));
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::filesystem::copy_file(request.GetString("from"), path,
                             std::filesystem::copy_options::overwrite_existing);
  return std::string("{}");
}

Result<std::string> Run(Lakehouse& house, const json::Value& request) {
  if (request.Find("put") != nullptr) return Put(house, request);
  TARN_TRY(identity::Principal who, User(house, request.GetString("user")));
  compute::StatementSpec spec;
  spec.text = request.GetString("sql");
  spec.session.catalog = request.GetString("catalog");
  spec.session.schema = request.GetString("schema");
  TARN_TRY(auto source, house.runner->Start(who, spec, {}));
  std::string rows;
  for (;;) {
    TARN_TRY(auto piece, source->Next());
    if (!piece) break;
    if (!rows.empty() && !piece->bytes.empty()) rows += ",";
    rows += piece->bytes;
  }
  std::string columns;
  for (const columnar::Field& field : source->schema().fields) {
    columns += (columns.empty() ? "[" : ",[") + json::Quote(field.name) + "," +
               json::Quote(field.type.ToCatalogString()) + "]";
  }
  return "{\"columns\":[" + columns + "],\"rows\":[" + rows +
         "],\"catalog\":" + json::Quote(source->session().catalog) +
         ",\"schema\":" + json::Quote(source->session().schema) + "}";
}

}  // namespace
}  // namespace tarn

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: slt_engine_door DATA_FOLDER ALLOWED_FOLDER\n");
    return 2;
  }
  auto house = tarn::Open(argv[1], argv[2]);
  if (!house.ok()) {
    std::fprintf(stderr, "%s\n", house.error().ToString().c_str());
    return 1;
  }
  std::string line;
  while (std::getline(std::cin, line)) {
    tarn::Result<tarn::json::Value> request = tarn::json::Parse(line);
    tarn::Result<std::string> answer =
        request.ok() ? tarn::Run(**house, *request) : tarn::Result<std::string>(request.error());
    std::cout << (answer.ok() ? *answer
                              : "{\"error\":" + tarn::json::Quote(answer.error().message()) + "}")
              << std::endl;
  }
  return 0;
}
