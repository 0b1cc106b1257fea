#pragma once
/// \file  The functions Tarn knows: names, signatures, result types. SHOW FUNCTIONS, DESCRIBE
/// FUNCTION, completion and docs/coverage are made from this table.
#include <string_view>
#include <vector>

#include "plan/expression.h"

namespace tarn::plan {

enum class FunctionKind { kScalar, kAggregate, kWindow, kTable };

/// When the result can be NULL.
enum class Nulls {
  kPropagate,  ///< when an argument can
  kNever,
  kAlways,
  kAllArguments,  ///< when every argument can
  kBranches,      ///< when an argument after the first can
  kFirst,         ///< when the first argument can
};

/// A function. `signature` is a list of arguments, a colon and the result, one letter each:
///   b BOOLEAN  c TINYINT  i INT  l BIGINT  d DOUBLE  f DECIMAL(8,6)  m DECIMAL(16,6)  s STRING
///   y BINARY  D DATE  t TIMESTAMP  T TIMESTAMP_NTZ  g ARRAY<STRING>
///   n any number as it is     N any number as DOUBLE or DECIMAL as it is   a anything as it is
///   I any whole number        B STRING or BINARY as it is                  q number or interval
///   W all W arguments widened to one type    U the same for maps
///   A an array   M a map   C an array or a map
///   X the element type of the first array (the first argument's type where that is no array)
///   R an array widened with the first one    Y the key type of the first map
/// Results besides: 1 2 3 the type of that argument      w v the widened type   G an array of it
///   e element of the first array   E array of the first argument   k V arrays of a map's keys,
///   values J array of a map's entries     O map of two arrays             S P Spark's sum and avg
///   types
/// `?` before an argument makes it and the rest optional, `*` after one repeats it.
struct FunctionEntry {
  std::string_view name;
  FunctionKind kind = FunctionKind::kScalar;
  std::string_view signature;
  Nulls nulls = Nulls::kPropagate;
  std::string_view group;
  std::string_view description;
  std::string_view example = {};    ///< what follows SELECT
  std::string_view canonical = {};  ///< the name calls of this alias get in plans; empty: itself
  bool deterministic = true;
  /// Spark's error classes that evaluation may raise under ANSI mode, separated by blanks.
  std::string_view errors = {};
  std::string_view shown = {};     ///< spelling in output names; empty: as the name
  std::string_view defaults = {};  ///< of the last arguments in output names, divided by ~
  bool has_defaults = false;
  bool internal = false;  ///< in plans only: text cannot call it
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
/// Errors: WRONG_NUM_ARGS.*, DATATYPE_MISMATCH.*
Result<BoundCall> BindCall(const FunctionEntry& entry, std::vector<ExprRef> args, bool ansi = true);

}  // namespace tarn::plan
