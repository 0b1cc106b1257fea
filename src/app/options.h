#pragma once
/// \file  Configuration of the program: flags before environment before defaults. `tarn help
/// config` prints this table.
#include <string>
#include <vector>

#include "base/result.h"

namespace tarn::app {

struct Options {
  std::string data_dir;
  int http_port = 8080;
  int https_port = 8443;
  bool loopback_443 = true;
  std::string web_folder;
  std::string sample_data;
  std::string admin;
  std::vector<std::string> allowed_folders;
  int64_t memory_limit_bytes = 0;
  std::vector<std::string> given;  ///< flags and their values as they were written
  std::vector<std::string> rest;   ///< what is left: the command's own arguments
};

/// Errors: INVALID_PARAMETER_VALUE naming the option.
Result<Options> ParseOptions(const std::vector<std::string>& arguments);
std::string DescribeOptions();

}  // namespace tarn::app
