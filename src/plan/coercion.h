#pragma once
/// \file  Spark's implicit conversions, ANSI mode on and off. Spec: Spark SQL reference, "ANSI
/// Compliance", "Type Promotion and Precedence".
#include <optional>

#include "plan/expression.h"

namespace tarn::plan {

/// What two types are brought together for: values of one column or argument list (CASE, UNION,
/// coalesce), or the two sides of a comparison. Only ANSI off makes a difference.
enum class Together { kValues, kComparison };

/// The type both can be converted to without an explicit cast, or nothing.
std::optional<columnar::DataType> CommonType(const columnar::DataType& a,
                                             const columnar::DataType& b, bool ansi = true,
                                             Together purpose = Together::kValues);
/// The common type of several expressions. Nothing when there is none.
std::optional<columnar::DataType> CommonType(const std::vector<ExprRef>& exprs, bool ansi = true);

/// Result of + - * / % on decimals, limited to 38 digits as Spark does.
columnar::DataType DecimalResult(sql::BinaryOp op, const columnar::DataType& a,
                                 const columnar::DataType& b);
/// The decimal that holds every value of an integral type; a literal gets just its digits.
columnar::DataType DecimalFor(const Expr& expr);

/// Whether CAST(from AS to) exists.
bool CanCast(const columnar::DataType& from, const columnar::DataType& to, bool ansi = true);
/// Whether INSERT may store `from` in a column of `to` (store assignment policy ANSI).
bool CanStore(const columnar::DataType& from, const columnar::DataType& to);

}  // namespace tarn::plan
