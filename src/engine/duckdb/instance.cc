#include "engine/duckdb/instance.h"

#include "base/log.h"
#include "engine/duckdb/data_writer.h"
#include "engine/duckdb/error_bridge.h"
#include "engine/duckdb/snapshot_scan.h"
#include "engine/duckdb/spark_functions.h"

namespace tarn::engine {
namespace {

// The library comes from one registry and its headers from another: only these two belong together.
constexpr std::string_view kVersion = "v1.5.5";
constexpr std::string_view kSourceId = "d8cdaa33fd";

Status Configure(duckdb::DuckDB& database, const EngineOptions& options) {
  duckdb::Connection connection(database);
  auto set = [&](const char* name, duckdb::Value value) -> Status {
    auto statement = duckdb::make_uniq<duckdb::SetVariableStatement>(
        name, duckdb::make_uniq<duckdb::ConstantExpression>(std::move(value)),
        duckdb::SetScope::AUTOMATIC);
    auto result = connection.Query(std::move(statement));
    if (result->HasError()) return FromDuckdb(result->GetErrorObject()).WithPrefix(name);
    return Ok();
  };
  TARN_RETURN_IF_ERROR(set("TimeZone", duckdb::Value(options.time_zone)));
  TARN_RETURN_IF_ERROR(set("enable_progress_bar", duckdb::Value::BOOLEAN(true)));
  TARN_RETURN_IF_ERROR(set("enable_progress_bar_print", duckdb::Value::BOOLEAN(false)));
  TARN_RETURN_IF_ERROR(set("scalar_subquery_error_on_multiple_rows", duckdb::Value::BOOLEAN(true)));
  TARN_RETURN_IF_ERROR(set("lock_configuration", duckdb::Value::BOOLEAN(true)));
  return Ok();
}

}  // namespace

Result<std::unique_ptr<Instance>> Instance::Open(EngineOptions options) {
  if (duckdb::DuckDB::LibraryVersion() != kVersion || duckdb::DuckDB::SourceID() != kSourceId) {
    return Fail("ENGINE_VERSION_MISMATCH",
                "libduckdb.so is " + std::string(duckdb::DuckDB::LibraryVersion()) + " " +
                    duckdb::DuckDB::SourceID() + ", not " + std::string(kVersion) + " " +
                    std::string(kSourceId) + "; run tools/setup/setup.sh and build again");
  }
  std::unique_ptr<Instance> instance(new Instance(std::move(options)));
  TARN_TRY(auto database, instance->Build());
  *instance->database_.Lock() = std::move(database);
  return instance;
}

Result<std::shared_ptr<duckdb::DuckDB>> Instance::Build() const {
  try {
    duckdb::DBConfig config;
    config.SetOptionByName("autoinstall_known_extensions", duckdb::Value::BOOLEAN(false));
    config.SetOptionByName("autoload_known_extensions", duckdb::Value::BOOLEAN(false));
    config.SetOptionByName("explain_output", duckdb::Value("all"));
    if (options_.threads > 0) {
      config.SetOptionByName("threads", duckdb::Value::BIGINT(options_.threads));
    }
    if (options_.memory_limit_bytes > 0) {
      config.SetOptionByName(
          "memory_limit",
          duckdb::Value(std::to_string(options_.memory_limit_bytes / 1'000'000) + "MB"));
    }
    if (!options_.temp_directory.empty()) {
      config.SetOptionByName("temp_directory", duckdb::Value(options_.temp_directory));
    }
    auto database = std::make_shared<duckdb::DuckDB>(nullptr, &config);
    RegisterSnapshotScan(*database->instance);
    RegisterParquetInOrder(*database->instance);
    RegisterSparkFunctions(*database->instance);
    TARN_RETURN_IF_ERROR(Configure(*database, options_));
    return database;
  } catch (const std::exception& e) {
    return FromException(e).WithPrefix("the engine does not start");
  }
}

Result<duckdb::unique_ptr<duckdb::Connection>> Instance::Connect() {
  auto database = database_.Lock();
  if (!*database) {
    TARN_TRY(*database, Build());
    LogWarn("the engine was rebuilt after an internal error");
  }
  try {
    return duckdb::make_uniq<duckdb::Connection>(**database);
  } catch (const std::exception& e) {
    return FromException(e);
  }
}

void Instance::MarkPoisoned() { database_.Lock()->reset(); }

}  // namespace tarn::engine
