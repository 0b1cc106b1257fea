#include "app/sample_data.h"

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

}  // namespace

Status LoadSampleData(StatementClient& client, const std::string& folder,
                      const std::function<void(const std::string&)>& tell) {
  TARN_RETURN_IF_ERROR(
      client.Query("CREATE SCHEMA IF NOT EXISTS samples.nycflights COMMENT 'Flights that left New "
                   "York in 2013'"));
  TARN_RETURN_IF_ERROR(
      client.Query("CREATE VOLUME IF NOT EXISTS samples.nycflights.files COMMENT 'The CSV files of "
                   "the tables'"));
  for (const SampleTable& table : kTables) {
    std::string name = std::string("samples.nycflights.") + table.name;
    TARN_TRY(QueryResult found, client.Query("SHOW TABLES IN samples.nycflights LIKE '" +
                                             std::string(table.name) + "'"));
    if (found.rows.empty()) {
      TARN_RETURN_IF_ERROR(client.Query("CREATE TABLE " + name + " (" + table.columns +
                                        ") COMMENT '" + table.comment + "'"));
    }
    TARN_TRY(QueryResult count, client.Query("SELECT count(*) FROM " + name));
    if (*count.rows[0][0] != "0") continue;
    std::string file = std::string(table.name) + ".csv";
    TARN_TRY(std::string bytes, ReadSmallFile(folder + "/" + file));
    std::string volume = "/Volumes/samples/nycflights/files/" + file;
    TARN_RETURN_IF_ERROR(client.Upload(volume, bytes + "\n"));
    TARN_TRY(
        QueryResult copied,
        client.Query("COPY INTO " + name + " FROM '" + volume +
                     "' FILEFORMAT = CSV FORMAT_OPTIONS ('header' = 'true', 'nullValue' = 'NA')"));
    tell("loaded " + *copied.rows[0][0] + " rows into " + name);
  }
  return Ok();
}

}  // namespace tarn::app
