#pragma once
/// \file  Text as a terminal shows it: how many cells it takes, and cut to that many.
#include <string>
#include <string_view>

namespace tarn::app {

/// Cells that UTF-8 text takes; wide characters take two once the process has a UTF-8 locale.
size_t CellWidth(std::string_view text);
/// At most `cells` wide, with … at the end where something was cut off.
std::string CutToWidth(std::string_view text, size_t cells);
/// One line of it: line breaks and tabs as ↵ and a blank, other control characters as their
/// pictures, so that a value cannot steer the terminal.
std::string OneLine(std::string_view text);
/// Blanks added up to `cells`, before the text when `right`.
std::string Pad(std::string_view text, size_t cells, bool right);

}  // namespace tarn::app
