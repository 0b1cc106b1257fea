#pragma once
/// \file  Instants as text, in UTC, without the C library's global time zone.
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace tarn {

/// "2024-05-01T12:34:56.123Z" (RFC 3339, milliseconds).
std::string FormatRfc3339(UnixMicros at);
/// Days since 1970-01-01 of a proleptic Gregorian date.
int64_t DaysFromCivil(int64_t year, int month, int day);
struct CivilDate {
  int64_t year;
  int month;
  int day;
};
CivilDate CivilFromDays(int64_t days);

}  // namespace tarn
