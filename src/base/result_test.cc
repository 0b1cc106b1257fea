#include "base/result.h"

#include <memory>

#include "base/testing.h"

namespace tarn {
namespace {

using ::tarn::testing::IsError;
using ::tarn::testing::IsOkAndHolds;

Result<int> Half(int n) {
  if (n % 2 != 0) return Fail("INVALID_PARAMETER_VALUE", std::to_string(n) + " is odd");
  return n / 2;
}

Result<int> Quarter(int n) {
  TARN_TRY(int half, Half(n));
  TARN_TRY(int quarter, Half(half));
  return quarter;
}

Status CheckQuarter(int n) {
  TARN_RETURN_IF_ERROR(Quarter(n));
  return Ok();
}

TEST(ResultTest, CarriesTheValueOrTheFirstError) {
  EXPECT_THAT(Quarter(12), IsOkAndHolds(3));
  EXPECT_THAT(Quarter(6), IsError("INVALID_PARAMETER_VALUE", "3 is odd"));
  EXPECT_THAT(CheckQuarter(8), ::tarn::testing::IsOk());
  EXPECT_THAT(CheckQuarter(7), IsError("INVALID_PARAMETER_VALUE"));
}

TEST(ResultTest, HoldsMoveOnlyValues) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(7);
  ASSERT_TRUE(result.ok());
  std::unique_ptr<int> value = std::move(result).value();
  EXPECT_EQ(*value, 7);
}

TEST(ErrorTest, TheTableGivesEveryWireItsAnswer) {
  Error error = Fail("DIVIDE_BY_ZERO", "division by zero");
  EXPECT_EQ(error.code(), Code::kInvalidArgument);
  EXPECT_EQ(error.sqlstate(), "22012");
  EXPECT_EQ(error.http_status(), 400);
  EXPECT_FALSE(error.retriable());
  EXPECT_EQ(error.ToSparkMessage(), "[DIVIDE_BY_ZERO] division by zero SQLSTATE: 22012");
}

TEST(ErrorTest, AReasonWithoutARowIsAnInternalError) {
  Error error = Fail("NO_SUCH_REASON_EXISTS", "x");
  EXPECT_EQ(error.reason(), "INTERNAL_ERROR");
  EXPECT_EQ(error.message(), "error reason NO_SUCH_REASON_EXISTS is not in the table: x");
}

TEST(ErrorTest, CopiesDoNotShareLaterChanges) {
  Error error = Fail("IO_ERROR", "disk");
  Error copy = error;
  Error longer = std::move(copy).WithPrefix("reading f");
  EXPECT_EQ(error.message(), "disk");
  EXPECT_EQ(longer.message(), "reading f: disk");
}

}  // namespace
}  // namespace tarn
