#pragma once
/// \file  Measurements kept in memory, shown in Prometheus' text format (version 0.0.4).
#include <map>
#include <string>
#include <string_view>

#include "base/event.h"
#include "base/guarded.h"

namespace tarn {

/// Thread-safe. Names and labels must come from the program, never from a request: each new
/// combination stays for good. Name and label names are [a-zA-Z_][a-zA-Z0-9_]*; one name is of one
/// kind.
class MetricTable final : public MetricSink {
 public:
  /// `prefix` goes before every name, with a '_' between.
  explicit MetricTable(std::string prefix) : prefix_(std::move(prefix)) {}

  void Count(std::string_view name, int64_t by, const MetricLabels& labels) override;
  void Gauge(std::string_view name, double value, const MetricLabels& labels) override;
  /// Shown as a summary without quantiles: a sum and a count.
  void Observe(std::string_view name, double value, const MetricLabels& labels) override;

  std::string PrometheusText() const;

 private:
  enum class Kind { kCounter, kGauge, kSummary };
  struct Series {
    double value = 0;
    int64_t count = 0;
  };
  struct Metric {
    Kind kind = Kind::kCounter;
    std::map<MetricLabels, Series> series;
  };
  using Metrics = std::map<std::string, Metric, std::less<>>;
  static Series& At(Metrics& metrics, std::string_view name, Kind kind, const MetricLabels& labels);

  const std::string prefix_;
  Guarded<Metrics> metrics_;
};

/// Writes one line of the log for each event and counts it as events_total by service, action and
/// outcome. Thread-safe; borrows the sink.
class LoggedEvents final : public EventSink {
 public:
  explicit LoggedEvents(MetricSink& metrics) : metrics_(metrics) {}
  void Emit(Event event) override;

 private:
  MetricSink& metrics_;
};

}  // namespace tarn
