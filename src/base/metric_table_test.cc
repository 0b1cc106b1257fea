#include "base/metric_table.h"

#include <cstdio>
#include <functional>
#include <string>
#include <unistd.h>

#include "base/json.h"
#include "base/testing.h"

namespace tarn {
namespace {

TEST(MetricTableTest, ShowsEveryKindInPrometheusText) {
  MetricTable table("app");
  table.Count("requests_total", 1, {{"code", "200"}});
  table.Count("requests_total", 2, {{"code", "200"}});
  table.Count("requests_total", 1, {{"code", "404"}});
  table.Gauge("open", 3, {});
  table.Gauge("open", 2.5, {});
  table.Observe("seconds", 0.25, {});
  table.Observe("seconds", 0.5, {});
  EXPECT_EQ(table.PrometheusText(),
            "# TYPE app_open gauge\napp_open 2.5\n"
            "# TYPE app_requests_total counter\n"
            "app_requests_total{code=\"200\"} 3\napp_requests_total{code=\"404\"} 1\n"
            "# TYPE app_seconds summary\napp_seconds_sum 0.75\napp_seconds_count 2\n");
}

TEST(MetricTableTest, LabelsAreEscaped) {
  MetricTable table("app");
  table.Count("x", 1, {{"a", "q\"b\\c\nd"}, {"b", ""}});
  EXPECT_EQ(table.PrometheusText(),
            "# TYPE app_x counter\napp_x{a=\"q\\\"b\\\\c\\nd\",b=\"\"} 1\n");
}

// What one call writes to the log, which is standard error.
std::string LoggedBy(const std::function<void()>& work) {
  std::fflush(stderr);
  int kept = ::dup(STDERR_FILENO);
  FILE* file = std::tmpfile();
  ::dup2(::fileno(file), STDERR_FILENO);
  work();
  ::dup2(kept, STDERR_FILENO);
  ::close(kept);
  std::rewind(file);
  std::string text(4096, 0);
  text.resize(std::fread(text.data(), 1, text.size(), file));
  std::fclose(file);
  return text;
}

TEST(LoggedEventsTest, AnEventIsALineAndACount) {
  MetricTable table("app");
  LoggedEvents events(table);
  std::string line = LoggedBy([&] {
    events.Emit({"unityCatalog",
                 "createTable",
                 "ada",
                 UnixMicros(std::chrono::seconds(1)),
                 false,
                 "PERMISSION_DENIED",
                 {{"full_name", "a.b.\"c\""}}});
  });
  TARN_ASSERT_OK_AND_ASSIGN(json::Value json, json::Parse(line));
  EXPECT_EQ(json.GetString("message"), "event");
  EXPECT_EQ(json.GetString("action"), "createTable");
  EXPECT_EQ(json.GetString("principal"), "ada");
  EXPECT_EQ(json.GetString("outcome"), "refused");
  EXPECT_EQ(json.GetString("reason"), "PERMISSION_DENIED");
  TARN_ASSERT_OK_AND_ASSIGN(json::Value params, json::Parse(json.GetString("params")));
  EXPECT_EQ(params.GetString("full_name"), "a.b.\"c\"");
  EXPECT_EQ(table.PrometheusText(),
            "# TYPE app_events_total counter\n"
            "app_events_total{action=\"createTable\",outcome=\"refused\",service=\"unityCatalog\"} "
            "1\n");
}

}  // namespace
}  // namespace tarn
