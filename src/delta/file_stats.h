#pragma once
/// \file  Statistics of one data file. Spec: PROTOCOL.md, "Per-file Statistics".
#include <optional>
#include <string>

#include "base/json.h"
#include "delta/action.h"

namespace tarn::delta {

/// Parsed statistics. Values stay JSON: the reader knows the columns' types.
struct FileStats {
  std::optional<int64_t> num_records;
  json::Object min_values;
  json::Object max_values;
  json::Object null_count;
  /// False: the bounds are outer ones, as rows were deleted since they were made.
  bool tight_bounds = true;

  /// Text that is not statistics gives empty ones: they are a hint, never a reason to fail.
  static FileStats Parse(const std::string& text);
  std::string ToJson() const;
};

/// Strings over 32 characters are cut for statistics: a minimum may end early, a maximum that ends
/// early gets U+007F or U+10FFFF behind it so that it still bounds. Empty when 64 characters are
/// not enough for a bound.
std::string TruncateMinimum(std::string_view value);
std::optional<std::string> TruncateMaximum(std::string_view value);

}  // namespace tarn::delta
