#pragma once
/// \file  Ports for what happened (events) and how much (metrics). Producers
/// know only these; audit, query history and exporters are the consumers,
/// connected in `app`.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace tarn {

/// Something that happened, for audit, history and lineage. Values are text;
/// never secrets.
struct Event {
  std::string service;  ///< the audit log's service name, for example "unityCatalog"
  std::string action;   ///< the audit log's action name, for example "createTable"
  std::string principal;
  UnixMicros at;
  bool ok = true;
  std::string reason;  ///< error reason when not ok
  std::map<std::string, std::string> params;
};

/// Takes events. Emit is thread-safe, does not block on IO and does not fail.
class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual void Emit(Event event) = 0;
  /// A sink that drops everything.
  static EventSink& Null();
};

using MetricLabels = std::map<std::string, std::string>;

/// Takes measurements. Thread-safe, cheap enough for every request.
class MetricSink {
 public:
  virtual ~MetricSink() = default;
  virtual void Count(std::string_view name, int64_t by, const MetricLabels& labels) = 0;
  virtual void Gauge(std::string_view name, double value, const MetricLabels& labels) = 0;
  virtual void Observe(std::string_view name, double value, const MetricLabels& labels) = 0;
  static MetricSink& Null();
};

}  // namespace tarn
