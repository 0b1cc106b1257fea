#pragma once
/// \file  Values as a Delta log writes them: partition values and bounds of statistics.
/// Spec: PROTOCOL.md, "Partition Value Serialization" and "Per-file Statistics".
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "engine/duckdb/pch.h"

namespace tarn::engine {

/// A partition value of the log. Absent for NULL and, as the protocol has it, for empty text.
/// Dates and instants have any year that DuckDB holds; an instant without an offset is in UTC.
/// Errors: DELTA_STATE_RECOVER_ERROR for text that is no value of the type.
Result<duckdb::Value> PartitionValueOf(const std::optional<std::string>& text,
                                       const duckdb::LogicalType& type);

/// A bound as the log's JSON. `exact` says that the value itself was written, not one beside it.
struct LogBound {
  duckdb::Value value;
  bool exact = false;
};
/// The bound, widened outwards where the log's text cut it. Nothing when it cannot be trusted: then
/// there is no bound. NaN and infinities are none.
std::optional<LogBound> BoundOf(const json::Value& json, const duckdb::LogicalType& type,
                                bool maximum);

/// A bound of a file's own metadata as JSON text, cut as the protocol has it; nothing when the type
/// has no bounds.
std::optional<std::string> BoundJson(const duckdb::Value& value, bool maximum);

/// "2024-05-01T10:00:00.123456Z" (an instant) or "2024-05-01 10:00:00.123456" (a local time).
std::string InstantPartitionText(int64_t micros, bool utc);

}  // namespace tarn::engine
