#pragma once
/// \file  Spark's implicit conversions under ANSI mode. Spec: Spark SQL reference, "ANSI
/// Compliance", "Type Promotion and Precedence".
#include <optional>

#include "plan/expression.h"

namespace tarn::plan {

/// The type both can be converted to without an explicit cast, or nothing. `for_comparison` lets a
/// string take the other side's type, as =, <, IN and BETWEEN do.
std::optional<columnar::DataType> CommonType(const columnar::DataType& a,
                                             const columnar::DataType& b);
/// Brings expressions to their common type. Nothing when there is none.
std::optional<columnar::DataType> CommonType(const std::vector<ExprRef>& exprs);

/// Result of + - * / % on decimals, limited to 38 digits as Spark does.
columnar::DataType DecimalResult(sql::BinaryOp op, const columnar::DataType& a,
                                 const columnar::DataType& b);
/// The decimal that holds every value of an integral type; a literal gets just its digits.
columnar::DataType DecimalFor(const Expr& expr);

/// Whether CAST(from AS to) exists in ANSI mode.
bool CanCast(const columnar::DataType& from, const columnar::DataType& to);
/// Whether INSERT may store `from` in a column of `to` (store assignment policy ANSI).
bool CanStore(const columnar::DataType& from, const columnar::DataType& to);

}  // namespace tarn::plan
