#pragma once
/// \file  Texts of DATE and TIMESTAMP literals, checked where they stand. Internal to this module.
/// Spec: Spark SQL reference, "Literals", "Datetime Literal".
#include <optional>
#include <string>
#include <string_view>

namespace tarn::plan {

/// How Spark writes the date of a literal, "2024-01-02", or nothing when it is no date.
std::optional<std::string> DateLiteralText(std::string_view text);

struct TimestampText {
  std::string local;      ///< "2024-01-02 03:04:05.6": how Spark writes it
  bool has_zone = false;  ///< then `local` is in that zone
};
/// Nothing when the text is no timestamp. A zone's name is not looked up.
std::optional<TimestampText> TimestampLiteralText(std::string_view text);

}  // namespace tarn::plan
