#include <algorithm>

#include "plan/functions/families.h"

namespace tarn::plan {
namespace {

std::vector<FunctionEntry> Table() {
  std::vector<FunctionEntry> table;
  AddMathFunctions(table);
  AddStringFunctions(table);
  AddConditionalFunctions(table);
  AddDatetimeFunctions(table);
  AddCollectionFunctions(table);
  AddJsonFunctions(table);
  AddHashFunctions(table);
  AddSessionFunctions(table);
  AddAggregateFunctions(table);
  AddWindowFunctions(table);
  std::sort(table.begin(), table.end(),
            [](const FunctionEntry& a, const FunctionEntry& b) { return a.name < b.name; });
  return table;
}

}  // namespace

const std::vector<FunctionEntry>& Functions() {
  static const std::vector<FunctionEntry> table = Table();
  return table;
}

const FunctionEntry* FindFunction(std::string_view lower_name) {
  const auto& table = Functions();
  auto at = std::lower_bound(
      table.begin(), table.end(), lower_name,
      [](const FunctionEntry& entry, std::string_view name) { return entry.name < name; });
  return at != table.end() && at->name == lower_name ? &*at : nullptr;
}

}  // namespace tarn::plan
