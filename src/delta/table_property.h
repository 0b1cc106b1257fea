#pragma once
/// \file  Values of table properties as their texts mean them.
#include <cstdint>
#include <optional>
#include <string_view>

namespace tarn::delta {

/// Milliseconds of an interval as properties hold it: "interval 7 days", "30 days", "interval 1
/// week 12 hours". Months and years have no fixed length and are refused: nothing.
std::optional<int64_t> IntervalMs(std::string_view text);

/// Bytes of a size as properties hold it: "104857600", "128mb", "1 g". Nothing for other texts.
std::optional<int64_t> SizeBytes(std::string_view text);

}  // namespace tarn::delta
