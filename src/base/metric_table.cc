#include "base/metric_table.h"

#include <charconv>
#include <cmath>

#include "base/json.h"
#include "base/log.h"
#include "base/time_format.h"

namespace tarn {
namespace {

void AppendValue(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += std::isnan(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
    return;
  }
  char digits[32];
  auto end = std::to_chars(digits, digits + sizeof(digits), value);
  out.append(digits, end.ptr);
}

void AppendLabels(std::string& out, const MetricLabels& labels) {
  if (labels.empty()) return;
  char before = '{';
  for (const auto& [name, value] : labels) {
    out += std::exchange(before, ',');
    out += name + "=\"";
    for (char c : value) {
      if (c == '\n') {
        out += "\\n";
        continue;
      }
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    out += '"';
  }
  out += '}';
}

void AppendLine(std::string& out, const std::string& name, const MetricLabels& labels,
                double value) {
  out += name;
  AppendLabels(out, labels);
  out += ' ';
  AppendValue(out, value);
  out += '\n';
}

}  // namespace

MetricTable::Series& MetricTable::At(Metrics& metrics, std::string_view name, Kind kind,
                                     const MetricLabels& labels) {
  auto at = metrics.find(name);
  if (at == metrics.end()) at = metrics.emplace(std::string(name), Metric{kind, {}}).first;
  return at->second.series[labels];
}

void MetricTable::Count(std::string_view name, int64_t by, const MetricLabels& labels) {
  At(*metrics_.Lock(), name, Kind::kCounter, labels).value += static_cast<double>(by);
}

void MetricTable::Gauge(std::string_view name, double value, const MetricLabels& labels) {
  At(*metrics_.Lock(), name, Kind::kGauge, labels).value = value;
}

void MetricTable::Observe(std::string_view name, double value, const MetricLabels& labels) {
  auto metrics = metrics_.Lock();
  Series& series = At(*metrics, name, Kind::kSummary, labels);
  series.value += value;
  ++series.count;
}

std::string MetricTable::PrometheusText() const {
  constexpr const char* kKinds[] = {"counter", "gauge", "summary"};
  std::string out;
  auto metrics = metrics_.Lock();
  for (const auto& [name, metric] : *metrics) {
    std::string full = prefix_ + "_" + name;
    out += "# TYPE " + full + " " + kKinds[static_cast<int>(metric.kind)] + "\n";
    for (const auto& [labels, series] : metric.series) {
      bool summary = metric.kind == Kind::kSummary;
      AppendLine(out, summary ? full + "_sum" : full, labels, series.value);
      if (summary) AppendLine(out, full + "_count", labels, static_cast<double>(series.count));
    }
  }
  return out;
}

void LoggedEvents::Emit(Event event) {
  metrics_.Count("events_total", 1,
                 {{"service", event.service},
                  {"action", event.action},
                  {"outcome", event.ok ? "ok" : "refused"}});
  json::Writer params;
  params.BeginObject();
  for (const auto& [name, value] : event.params) params.Key(name).String(value);
  params.EndObject();
  LogInfo("event", {{"service", event.service},
                    {"action", event.action},
                    {"principal", event.principal},
                    {"at", FormatRfc3339(event.at)},
                    {"outcome", event.ok ? "ok" : "refused"},
                    {"reason", event.reason},
                    {"params", std::move(params).Take()}});
}

}  // namespace tarn
