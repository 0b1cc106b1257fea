#pragma once
/// \file  Values as the text that Spark's CAST(x AS STRING) gives: what the
/// JSON_ARRAY and CSV formats of the Statement Execution API carry and what a
/// terminal shows.
#include <string>

#include "columnar/array_view.h"
#include "columnar/types.h"

namespace tarn::columnar {

/// How an instant becomes text. Offsets come from the caller, so that this
/// module needs no zone rules.
struct TextOptions {
  /// Seconds east of UTC at an instant (microseconds since 1970); nullptr means
  /// UTC.
  int (*utc_offset_seconds)(const void* zone, int64_t unix_micros) = nullptr;
  const void* zone = nullptr;
  /// Instants end in their offset ("…T10:00:00.000Z", "+02:00"), as the REST
  /// API writes them.
  bool iso_timestamps = false;
};

/// Appends the text of a value that is not null. Nested nulls become "null".
void AppendText(const DataType& type, const ArrayView& column, int64_t row,
                const TextOptions& options, std::string& out);
/// Appends the value as JSON (to_json's rules): numbers bare, nested values as
/// objects and arrays.
void AppendJson(const DataType& type, const ArrayView& column, int64_t row,
                const TextOptions& options, std::string& out);

/// Shortest digits that read back to the same double, in Java's layout: "1.0",
/// "1.0E10", "NaN".
std::string DoubleText(double value);
std::string FloatText(float value);
/// A 128-bit unscaled decimal, for example (12345, 2) as "123.45".
std::string DecimalText(__int128 unscaled, int scale);
/// Days since 1970-01-01 as "2024-05-01"; years over 9999 get a sign.
std::string DateText(int32_t days);
/// "2024-05-01 10:00:00.5": no trailing zeros in the fraction.
std::string TimestampText(int64_t local_micros);

}  // namespace tarn::columnar
