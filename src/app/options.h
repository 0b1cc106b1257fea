#pragma once
/// \file  The program's configuration: flags before the configuration file before the environment
/// before defaults. `tarn help config` prints the options.
#include <string>
#include <vector>

#include "base/result.h"

namespace tarn::app {

struct Options {
  std::string data_dir;
  int http_port = 0;
  int https_port = 0;
  bool loopback_443 = true;
  std::string web_folder;
  std::string sample_data;
  std::string client_python;
  std::string admin;
  std::vector<std::string> allowed_folders;
  int64_t memory_limit_bytes = 0;
  std::string log_level;
  std::vector<std::string> given;  ///< flags and their values as they were written
  std::vector<std::string> rest;   ///< what is left: the command's own arguments
};

/// `read_file` false leaves the configuration file out, for processes that the server starts.
/// Errors: INVALID_PARAMETER_VALUE naming the option and where its value came from.
Result<Options> ParseOptions(const std::vector<std::string>& arguments, bool read_file);
/// What `tarn help config` prints.
std::string DescribeOptions();

}  // namespace tarn::app
