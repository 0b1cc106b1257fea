#include "app/sample_data.h"

#include <chrono>
#include <set>

#include <fmt/core.h>

namespace tarn::app {
namespace {

struct SampleTable {
  const char* name;
  const char* comment;
  const char* columns;
};

constexpr SampleTable kTables[] = {
    {"airlines", "Carrier codes and names",
     "carrier STRING COMMENT 'two-letter code', name STRING"},
    {"airports", "Airports with their place",
     "faa STRING COMMENT 'FAA code', name STRING, lat DOUBLE, lon DOUBLE, alt INT COMMENT 'feet', "
     "tz INT, dst STRING, tzone STRING"},
    {"planes", "Aircraft by tail number",
     "tailnum STRING, year INT COMMENT 'year of manufacture', type STRING, manufacturer STRING, "
     "model STRING, engines INT, "
     "seats INT, speed INT, engine STRING"},
    {"weather", "Hourly weather at the three airports",
     "origin STRING, year INT, month INT, day INT, hour INT, temp DOUBLE COMMENT 'degrees "
     "Fahrenheit', dewp DOUBLE, humid DOUBLE, "
     "wind_dir INT, wind_speed DOUBLE COMMENT 'miles an hour', wind_gust DOUBLE, precip DOUBLE, "
     "pressure DOUBLE, visib DOUBLE, "
     "time_hour TIMESTAMP"},
    {"flights", "Every flight that left New York in 2013",
     "year INT, month INT, day INT, dep_time INT, sched_dep_time INT, dep_delay INT COMMENT "
     "'minutes', arr_time INT, "
     "sched_arr_time INT, arr_delay INT COMMENT 'minutes', carrier STRING, flight INT, tailnum "
     "STRING, origin STRING, dest STRING, "
     "air_time INT COMMENT 'minutes', distance INT COMMENT 'miles', hour INT, minute INT, "
     "time_hour TIMESTAMP"},
};

constexpr const char* kSchema = "samples.nycflights";

std::string Thousands(const std::string& digits) {
  std::string text = digits;
  for (size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

// The tables that hold rows already.
Result<std::set<std::string>> FilledTables(StatementClient& client) {
  std::set<std::string> filled;
  TARN_TRY(QueryResult tables, client.Query(std::string("SHOW TABLES IN ") + kSchema));
  for (const auto& row : tables.rows) {
    // Database, table, whether it is temporary.
    std::string name = row[1].value_or("");
    TARN_TRY(QueryResult some,
             client.Query(std::string("SELECT 1 FROM ") + kSchema + "." + name + " LIMIT 1"));
    if (!some.rows.empty()) filled.insert(name);
  }
  return filled;
}

Status LoadTable(StatementClient& client, const SampleTable& table, const std::string& folder,
                 const std::function<void(const std::string&)>& tell) {
  auto start = std::chrono::steady_clock::now();
  std::string name = std::string(kSchema) + "." + table.name;
  tell(fmt::format("  {:<28}", name));
  TARN_RETURN_IF_ERROR(client.Query("CREATE TABLE IF NOT EXISTS " + name + " (" + table.columns +
                                    ") COMMENT '" + table.comment + "'"));
  std::string file = std::string(table.name) + ".csv";
  TARN_TRY(std::string bytes, ReadSmallFile(folder + "/" + file));
  std::string volume = "/Volumes/samples/nycflights/files/" + file;
  TARN_RETURN_IF_ERROR(client.Upload(volume, bytes + "\n"));
  TARN_TRY(
      QueryResult copied,
      client.Query("COPY INTO " + name + " FROM '" + volume +
                   "' FILEFORMAT = CSV FORMAT_OPTIONS ('header' = 'true', 'nullValue' = 'NA')"));
  double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  tell(fmt::format("{:>9} rows {:>6.1f} s\n", Thousands(copied.rows[0][0].value_or("0")), seconds));
  return Ok();
}

}  // namespace

Status LoadSampleData(StatementClient& client, const std::string& folder,
                      const std::function<void(const std::string&)>& tell) {
  TARN_RETURN_IF_ERROR(client.Query(std::string("CREATE SCHEMA IF NOT EXISTS ") + kSchema +
                                    " COMMENT 'Flights that left New York in 2013'"));
  TARN_TRY(std::set<std::string> filled, FilledTables(client));
  bool told = false;
  for (const SampleTable& table : kTables) {
    if (filled.contains(table.name)) continue;
    if (!told) {
      tell("Loading the sample data\n");
      TARN_RETURN_IF_ERROR(client.Query(std::string("CREATE VOLUME IF NOT EXISTS ") + kSchema +
                                        ".files COMMENT 'The CSV files of the tables'"));
    }
    told = true;
    TARN_RETURN_IF_ERROR(LoadTable(client, table, folder, tell));
  }
  return Ok();
}

}  // namespace tarn::app
