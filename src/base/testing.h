#pragma once
/// \file  GoogleTest matchers for Result<T>. There is no bare "not ok": a test
/// names the reason.
#include <string>

#include <gmock/gmock.h>

#include "base/result.h"

namespace tarn::testing {

MATCHER(IsOk, "is ok") {
  if (arg.ok()) return true;
  *result_listener << arg.error().ToString();
  return false;
}

MATCHER_P(IsError, reason, "is the error " + std::string(reason)) {
  if (arg.ok()) {
    *result_listener << "is ok";
    return false;
  }
  *result_listener << arg.error().ToString();
  return arg.error().reason() == reason;
}

MATCHER_P2(IsError, reason, message_matcher, "is the error " + std::string(reason)) {
  if (arg.ok()) {
    *result_listener << "is ok";
    return false;
  }
  *result_listener << arg.error().ToString();
  return arg.error().reason() == reason &&
         ::testing::ExplainMatchResult(message_matcher, arg.error().message(), result_listener);
}

MATCHER_P(IsOkAndHolds, inner, "") {
  if (!arg.ok()) {
    *result_listener << arg.error().ToString();
    return false;
  }
  return ::testing::ExplainMatchResult(inner, *arg, result_listener);
}

}  // namespace tarn::testing

#define TARN_ASSERT_OK(expr) ASSERT_THAT((expr), ::tarn::testing::IsOk())
#define TARN_EXPECT_OK(expr) EXPECT_THAT((expr), ::tarn::testing::IsOk())
/// `TARN_ASSERT_OK_AND_ASSIGN(auto x, Expr());`
#define TARN_ASSERT_OK_AND_ASSIGN(lhs, expr) \
  TARN_ASSERT_OK_AND_ASSIGN_(TARN_CONCAT(tarn_assert_, __COUNTER__), lhs, expr)
#define TARN_ASSERT_OK_AND_ASSIGN_(tmp, lhs, expr) \
  auto tmp = (expr);                               \
  ASSERT_TRUE(tmp.ok()) << tmp.error().ToString(); \
  lhs = std::move(tmp).value()
