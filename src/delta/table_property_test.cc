#include "delta/table_property.h"

#include <gtest/gtest.h>

namespace tarn::delta {
namespace {

TEST(TablePropertyTest, IntervalsAreRead) {
  EXPECT_EQ(IntervalMs("interval 7 days"), int64_t{7} * 24 * 3'600'000);
  EXPECT_EQ(IntervalMs("INTERVAL 1 Week 12 hours"), int64_t{180} * 3'600'000);
  EXPECT_EQ(IntervalMs("30 seconds"), 30'000);
  for (const char* bad :
       {"", "interval", "7", "days", "interval 1 month", "1 day 2", "9223372036854775807 days"}) {
    EXPECT_FALSE(IntervalMs(bad).has_value()) << bad;
  }
}

TEST(TablePropertyTest, SizesAreRead) {
  EXPECT_EQ(SizeBytes("104857600"), 104'857'600);
  EXPECT_EQ(SizeBytes("128mb"), 128 << 20);
  EXPECT_EQ(SizeBytes("1 g"), 1 << 30);
  EXPECT_EQ(SizeBytes("5b"), 5);
  for (const char* bad : {"", "mb", "-1", "1 xb", "1 2 3", "9223372036854775807k"}) {
    EXPECT_FALSE(SizeBytes(bad).has_value()) << bad;
  }
}

}  // namespace
}  // namespace tarn::delta
