#include "plan/functions/families.h"

namespace tarn::plan {

void AddHashFunctions(std::vector<FunctionEntry>& table) {
  static constexpr FunctionEntry kRows[] = {
      {.name = "hash",
       .signature = "a*:i",
       .nulls = Nulls::kNever,
       .group = "hash",
       .description = "Murmur3 hash with seed 42.",
       .example = "hash('Spark', array(123), 2)"},
      {.name = "xxhash64",
       .signature = "a*:l",
       .nulls = Nulls::kNever,
       .group = "hash",
       .description = "xxHash64 with seed 42.",
       .example = "xxhash64('Spark', array(123), 2)"},
  };
  table.insert(table.end(), std::begin(kRows), std::end(kRows));
}

}  // namespace tarn::plan
