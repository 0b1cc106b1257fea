#include "app/options.h"

#include <cstdlib>
#include <filesystem>

#include "base/config.h"

namespace tarn::app {
namespace {

constexpr const char* kFileFlag = "--config";
constexpr const char* kFileVariable = "TARN_CONFIG";

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

std::string DefaultFile() {
  const char* folder = std::getenv("XDG_CONFIG_HOME");
  return (folder != nullptr ? std::string(folder) : Home() + "/.config") + "/tarn/config.toml";
}

ConfigTable Table(Options& options) {
  ConfigTable table("TARN");
  table.Path("data-dir", &options.data_dir, Home() + "/.local/share/tarn",
             "folder of metadata, managed tables, volumes and logs");
  table.Port("http-port", &options.http_port, 8080, "plain port on loopback; 0 takes a free one");
  table.Port("https-port", &options.https_port, 8443, "TLS port on loopback; 0 takes a free one");
  table.Switch("loopback-443", &options.loopback_443, true,
               "serve TLS on port 443 of loopback too, where that is allowed and free");
  table.Text("admin", &options.admin, "admin@localhost",
             "user name of the administrator made at the first start");
  table.Folders("allowed-folders", &options.allowed_folders,
                "folders outside of the data folder that administrators may use from SQL");
  table.Bytes("memory-limit", &options.memory_limit_bytes, 0,
              "memory of a warehouse before it spills to disk; 0 is the engine's own choice");
  table.Choice("log-level", &options.log_level, {"debug", "info", "warn", "error"}, "info",
               "least level of the lines that servers and nodes log");
  table.Path("web-dir", &options.web_folder, ProgramFolder() + "/web",
             "built files of the workspace page");
  table.Path("sample-data", &options.sample_data, DepsFolder() + "/nycflights13",
             "folder of the CSV files that `tarn up` loads; empty loads none");
  table.Path("client-python", &options.client_python, DepsFolder() + "/venv/bin/python",
             "Python with the Databricks clients, for the snippets that `tarn up` prints");
  return table;
}

// Where the file lies is the one option that the file cannot hold. Takes the flag and its value out
// of the arguments; "" when it is not there.
Result<std::string> TakeFileFlag(std::vector<std::string>& arguments) {
  std::string flag = kFileFlag;
  for (auto at = arguments.begin(); at != arguments.end(); ++at) {
    std::string value;
    if (at->starts_with(flag + "=")) {
      value = at->substr(flag.size() + 1);
      arguments.erase(at);
    } else if (*at == flag) {
      if (at + 1 == arguments.end())
        return Fail("INVALID_PARAMETER_VALUE", "option config: the flag --config needs a value");
      value = *(at + 1);
      arguments.erase(at, at + 2);
    } else {
      continue;
    }
    return std::filesystem::absolute(value).lexically_normal().string();
  }
  return std::string();
}

}  // namespace

Result<Options> ParseOptions(const std::vector<std::string>& arguments, bool read_file) {
  Options options;
  ConfigTable table = Table(options);
  ConfigTable::Sources sources;
  sources.arguments = arguments;
  sources.variable = [](const std::string& name) { return std::getenv(name.c_str()); };
  if (read_file) {
    TARN_TRY(sources.file, TakeFileFlag(sources.arguments));
    if (!sources.file.empty()) options.given = {kFileFlag, sources.file};
    const char* variable = std::getenv(kFileVariable);
    if (sources.file.empty() && variable != nullptr) sources.file = variable;
    sources.file_must_exist = !sources.file.empty();
    if (sources.file.empty()) sources.file = DefaultFile();
  }
  TARN_TRY(ConfigTable::Loaded loaded, table.Load(sources));
  options.given.insert(options.given.end(), loaded.flags.begin(), loaded.flags.end());
  options.rest = std::move(loaded.rest);
  return options;
}

std::string DescribeOptions() {
  Options options;
  return "Options. A flag goes before the configuration file, the file before the environment\n"
         "variable in brackets. The file is the one that --config or TARN_CONFIG names, else\n" +
         DefaultFile() +
         "; it holds lines of the form\n\n"
         "  http-port = 8080            # the name of the flag, a number, true or false,\n"
         "  admin = \"me@localhost\"      # a text in double quotes,\n"
         "  allowed-folders = [\"/data\"] # or a list of texts\n\n" +
         Table(options).Describe();
}

}  // namespace tarn::app
