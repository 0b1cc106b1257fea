#pragma once
/// \file  Names as written → complete names, by the session's catalog and schema. Internal to this
/// module.
#include "plan/analyzer.h"

namespace tarn::plan {

/// `parts` with what is missing in front of them, `count` in all. A path (delta.`/data/t`) and
/// names in a session without a current catalog stay as they are. Errors:
/// IDENTIFIER_TOO_MANY_NAME_PARTS.
Result<std::vector<std::string>> CompleteName(const std::vector<std::string>& parts, size_t count,
                                              const AnalyzerContext& context);
Error TooManyParts(const std::vector<std::string>& parts);

}  // namespace tarn::plan
