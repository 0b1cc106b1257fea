#include "plan/functions/families.h"

namespace tarn::plan {

void AddJsonFunctions(std::vector<FunctionEntry>& table) {
  static constexpr FunctionEntry kRows[] = {
      {.name = "get_json_object",
       .signature = "ss:s",
       .nulls = Nulls::kAlways,
       .group = "json",
       .description = "The part of a JSON text that a path names.",
       .example = "get_json_object('{\"a\":\"b\"}', '$.a')"},
      {.name = "json_array_length",
       .signature = "s:i",
       .nulls = Nulls::kAlways,
       .group = "json",
       .description = "Number of elements of a JSON array.",
       .example = "json_array_length('[1,2]')"},
      {.name = "to_json",
       .signature = "a:s",
       .nulls = Nulls::kAlways,
       .group = "json",
       .description = "JSON text of a struct, a map or an array.",
       .example = "to_json(named_struct('a', 1))"},
  };
  table.insert(table.end(), std::begin(kRows), std::end(kRows));
}

}  // namespace tarn::plan
