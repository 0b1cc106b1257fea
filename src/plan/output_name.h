#pragma once
/// \file  Spark's names for columns without an alias: "count(1)", "(a + 1)". Internal to this
/// module.
#include "plan/scope.h"

namespace tarn::plan {

/// The name of a select item.
std::string ItemName(const sql::Expr& expr, const NameOverrides& overrides, std::string_view text);
/// The text of an expression inside another one's name.
std::string NameText(const sql::Expr& expr, const NameOverrides& overrides, std::string_view text);
/// "a ASC NULLS FIRST, b DESC NULLS LAST"
std::string OrderText(const std::vector<sql::OrderItem>& items, const NameOverrides& overrides,
                      std::string_view text);

}  // namespace tarn::plan
