#pragma once
/// \file  What a column's metadata says about its values: default, generation, identity, invariant.
/// Facts: PROTOCOL.md, "Default Columns", "Generated Columns", "Identity Columns", "Column
/// Invariants". Texts are Spark SQL.
#include <optional>

#include "columnar/types.h"

namespace tarn::columnar {

/// Of values that a statement leaves out, or nothing.
std::optional<std::string> DefaultOf(const Field& field);
void SetDefault(Field& field, std::string expression);
void DropDefault(Field& field);

/// What every value is computed by from the row's other columns, or nothing.
std::optional<std::string> GenerationOf(const Field& field);
void SetGeneration(Field& field, std::string expression);

/// Values that the table gives by itself: start, start + step, …
struct Identity {
  int64_t start = 1;
  int64_t step = 1;
  bool allow_explicit_insert = false;
  std::optional<int64_t> high_water_mark;  ///< the last value given

  /// The first value that is free. Errors: ARITHMETIC_OVERFLOW.
  Result<int64_t> Next() const;
};
/// Errors: DELTA_IDENTITY_COLUMN_INCONSISTENT_METADATA.
Result<std::optional<Identity>> IdentityOf(const Field& field);
void SetIdentity(Field& field, const Identity& identity);
bool IsIdentity(const Field& field);
void DropIdentityMark(Field& field);

/// A condition that holds for every row, or nothing. Errors: DELTA_UNRECOGNIZED_INVARIANT.
Result<std::optional<std::string>> InvariantOf(const Field& field);

}  // namespace tarn::columnar
