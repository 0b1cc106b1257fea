#pragma once
/// \file  The functions Tarn knows: names, signatures, result types. SHOW FUNCTIONS, DESCRIBE
/// FUNCTION, completion and docs/coverage are made from this table.
#include <string_view>
#include <vector>

#include "plan/expression.h"

namespace tarn::plan {

enum class FunctionKind { kScalar, kAggregate, kWindow, kTable };

/// How null arguments show in the result.
enum class Nulls { kPropagate, kNever, kAlways };

/// A function. `signature` is a list of arguments, a colon and the result, one letter each:
///   b BOOLEAN  i INT  l BIGINT  d DOUBLE  s STRING  y BINARY  D DATE  t TIMESTAMP
///   n any number as it is     N any number as DOUBLE or DECIMAL as it is   a anything as it is
///   W all W arguments widened to one type     A an array   M a map   q number or interval
///   1 2 3 (result only) the type of that argument      e (result only) element of the first array
///   E (result only) array of the first argument's type  S (result only) Spark's sum type
///   V (result only) Spark's avg type
/// `?` before an argument makes it and the rest optional, `*` after one repeats it.
struct FunctionEntry {
  std::string_view name;
  FunctionKind kind;
  std::string_view signature;
  Nulls nulls;
  std::string_view group;
  std::string_view description;
  std::string_view example = {};
  std::string_view canonical = {};  ///< the name calls of this alias get in plans; empty: itself
  bool deterministic = true;
  /// Spark's error classes that evaluation may raise under ANSI mode, separated by blanks.
  std::string_view errors = {};
};

/// Sorted by name; aliases are entries of their own.
const std::vector<FunctionEntry>& Functions();
const FunctionEntry* FindFunction(std::string_view lower_name);

/// Arguments brought to the entry's types, and the result.
struct BoundCall {
  std::vector<ExprRef> args;
  columnar::DataType type;
  bool nullable = true;
};
/// Errors: WRONG_NUM_ARGS, DATATYPE_MISMATCH.
Result<BoundCall> BindCall(const FunctionEntry& entry, std::vector<ExprRef> args);

}  // namespace tarn::plan
