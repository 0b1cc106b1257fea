#pragma once
/// \file  What `tarn help` says.
#include <string>

namespace tarn::app {

/// The list of commands.
std::string Usage();
/// The page of one command or of "config"; "" when there is none.
std::string HelpOn(const std::string& topic);

}  // namespace tarn::app
