#pragma once
/// \file  Statistics of one data file. Spec: PROTOCOL.md, "Per-file Statistics".
#include <memory>
#include <optional>
#include <string>
#include <vector>

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

/// Statistics of one column of one file.
struct ColumnStats {
  std::optional<int64_t> num_records;
  std::optional<json::Value> minimum;
  std::optional<json::Value> maximum;
  std::optional<int64_t> null_count;
  bool tight_bounds = true;
};

/// Takes single values out of statistics without making objects of the rest. Not thread-safe.
class StatsReader {
 public:
  StatsReader();
  ~StatsReader();

  std::optional<int64_t> NumRecords(std::string_view text);
  /// `path` is the physical name of the column and of the members inside it.
  ColumnStats Column(std::string_view text, const std::vector<std::string>& path);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

/// Strings over 32 characters are cut for statistics: a minimum may end early, a maximum that ends
/// early gets U+007F or U+10FFFF behind it so that it still bounds. Empty when 64 characters are
/// not enough for a bound.
std::string TruncateMinimum(std::string_view value);
std::optional<std::string> TruncateMaximum(std::string_view value);

}  // namespace tarn::delta
