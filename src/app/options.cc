#include "app/options.h"

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <unistd.h>

namespace tarn::app {
namespace {

struct OptionRow {
  std::string flag;
  std::string variable;
  std::string fallback;
  std::string description;
  std::function<Status(Options&, const std::string&)> set;
};

Status SetPort(int& port, const std::string& text, const std::string& flag) {
  char* end = nullptr;
  long value = std::strtol(text.c_str(), &end, 10);
  if (text.empty() || *end != '\0' || value < 0 || value > 65'535) {
    return Fail("INVALID_PARAMETER_VALUE",
                flag + " needs a port between 0 and 65535, not '" + text + "'");
  }
  port = static_cast<int>(value);
  return Ok();
}

std::string ProgramFolder() {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error).parent_path().string();
}

std::string Home() {
  const char* home = std::getenv("HOME");
  return home != nullptr ? home : "/root";
}

std::string DepsFolder() {
  const char* folder = std::getenv("TARN_DEPS_DIR");
  return folder != nullptr ? folder : Home() + "/.cache/tarn/deps";
}

std::vector<OptionRow> Table() {
  return {
      {"--data-dir", "TARN_DATA_DIR", Home() + "/.local/share/tarn",
       "folder of metadata, managed tables and volumes",
       [](Options& o, const std::string& v) {
         o.data_dir = std::filesystem::absolute(v).lexically_normal().string();
         return Ok();
       }},
      {"--http-port", "TARN_HTTP_PORT", "8080", "plain port on loopback; 0 takes a free one",
       [](Options& o, const std::string& v) { return SetPort(o.http_port, v, "--http-port"); }},
      {"--https-port", "TARN_HTTPS_PORT", "8443", "TLS port on loopback; 0 takes a free one",
       [](Options& o, const std::string& v) { return SetPort(o.https_port, v, "--https-port"); }},
      {"--loopback-443", "TARN_LOOPBACK_443", "on",
       "on: serve TLS on port 443 of loopback too where that is allowed and free; off: do not",
       [](Options& o, const std::string& v) -> Status {
         if (v != "on" && v != "off") {
           return Fail("INVALID_PARAMETER_VALUE", "--loopback-443 is on or off, not '" + v + "'");
         }
         o.loopback_443 = v == "on";
         return Ok();
       }},
      {"--admin", "TARN_ADMIN", "admin@localhost",
       "user name of the administrator made at the first start",
       [](Options& o, const std::string& v) {
         o.admin = v;
         return Ok();
       }},
      {"--allowed-folders", "TARN_ALLOWED_FOLDERS", "",
       "folders, separated by ':', that administrators may read and write from SQL",
       [](Options& o, const std::string& v) {
         size_t begin = 0;
         while (begin < v.size()) {
           size_t colon = std::min(v.find(':', begin), v.size());
           o.allowed_folders.push_back(
               std::filesystem::weakly_canonical(v.substr(begin, colon - begin)).string());
           begin = colon + 1;
         }
         return Ok();
       }},
      {"--memory-limit", "TARN_MEMORY_LIMIT", "0",
       "bytes the engine may use before it spills; 0 is its own default",
       [](Options& o, const std::string& v) {
         o.memory_limit_bytes = std::strtoll(v.c_str(), nullptr, 10);
         return Ok();
       }},
      {"--web-dir", "TARN_WEB_DIR", ProgramFolder() + "/web", "built files of the workspace page",
       [](Options& o, const std::string& v) {
         o.web_folder = v;
         return Ok();
       }},
      {"--sample-data", "TARN_SAMPLE_DATA", DepsFolder() + "/nycflights13",
       "folder of the CSV files that `tarn up` loads; empty loads none",
       [](Options& o, const std::string& v) {
         o.sample_data = v;
         return Ok();
       }},
  };
}

}  // namespace

Result<Options> ParseOptions(const std::vector<std::string>& arguments) {
  Options options;
  std::vector<OptionRow> table = Table();
  for (const OptionRow& row : table) {
    const char* variable = std::getenv(row.variable.c_str());
    TARN_RETURN_IF_ERROR(row.set(options, variable != nullptr ? variable : row.fallback));
  }
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    bool known = false;
    for (const OptionRow& row : table) {
      std::string value;
      if (argument == row.flag) {
        if (i + 1 == arguments.size())
          return Fail("INVALID_PARAMETER_VALUE", row.flag + " needs a value");
        value = arguments[++i];
      } else if (argument.rfind(row.flag + "=", 0) == 0) {
        value = argument.substr(row.flag.size() + 1);
      } else {
        continue;
      }
      if (row.flag == "--allowed-folders") options.allowed_folders.clear();
      TARN_RETURN_IF_ERROR(row.set(options, value));
      options.given.push_back(row.flag);
      options.given.push_back(value);
      known = true;
      break;
    }
    if (!known) options.rest.push_back(argument);
  }
  return options;
}

std::string DescribeOptions() {
  std::string out;
  for (const OptionRow& row : Table()) {
    out += "  " + row.flag + "  (" + row.variable + ")\n      " + row.description + "; default '" +
           row.fallback + "'\n";
  }
  return out;
}

}  // namespace tarn::app
