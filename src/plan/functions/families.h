#pragma once
/// \file  The families of functions, one file each. Internal to this module.
#include "plan/function_registry.h"

namespace tarn::plan {

void AddMathFunctions(std::vector<FunctionEntry>& table);
void AddStringFunctions(std::vector<FunctionEntry>& table);
void AddConditionalFunctions(std::vector<FunctionEntry>& table);
void AddDatetimeFunctions(std::vector<FunctionEntry>& table);
void AddCollectionFunctions(std::vector<FunctionEntry>& table);
void AddJsonFunctions(std::vector<FunctionEntry>& table);
void AddHashFunctions(std::vector<FunctionEntry>& table);
void AddSessionFunctions(std::vector<FunctionEntry>& table);
void AddAggregateFunctions(std::vector<FunctionEntry>& table);
void AddWindowFunctions(std::vector<FunctionEntry>& table);

}  // namespace tarn::plan
