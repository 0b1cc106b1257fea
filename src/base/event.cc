#include "base/event.h"

namespace tarn {
namespace {

class NullEvents final : public EventSink {
 public:
  void Emit(Event) override {}
};

class NullMetrics final : public MetricSink {
 public:
  void Count(std::string_view, int64_t, const MetricLabels&) override {}
  void Gauge(std::string_view, double, const MetricLabels&) override {}
  void Observe(std::string_view, double, const MetricLabels&) override {}
};

}  // namespace

EventSink& EventSink::Null() {
  static NullEvents sink;
  return sink;
}

MetricSink& MetricSink::Null() {
  static NullMetrics sink;
  return sink;
}

}  // namespace tarn
