#pragma once
/// \file  The signature letters of function_registry.h, read. Internal to this module.
#include <optional>

#include "plan/function_registry.h"

namespace tarn::plan {

struct Signature {
  std::string args;
  size_t required = 0;
  bool repeats = false;
  char result = 'a';

  char LetterOf(size_t i) const { return i < args.size() ? args[i] : args.back(); }
};

Signature ParseSignature(std::string_view text);
/// The type a letter stands for by itself.
std::optional<columnar::DataType> FixedType(char letter);
/// The result for arguments that fit the signature; `widened` is the common type of the W
/// arguments.
Result<columnar::DataType> ResultType(const FunctionEntry& entry, char letter,
                                      const std::vector<ExprRef>& args,
                                      const columnar::DataType& widened);

}  // namespace tarn::plan
