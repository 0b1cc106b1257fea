#pragma once
/// \file  What the terminal must know of the text somebody types before the server sees it.
#include <optional>
#include <string>
#include <string_view>

#include "app/statement_client.h"

namespace tarn::app {

/// Whether the text ends with a ';' that is in no string, quoted name or comment.
bool EndsStatement(std::string_view text);
/// Whether it holds nothing but blanks and comments.
bool IsBlank(std::string_view text);
/// Where names are looked up after a USE statement that succeeded; nothing for other statements.
std::optional<CurrentSchema> AfterUse(std::string_view text, const CurrentSchema& before);

}  // namespace tarn::app
