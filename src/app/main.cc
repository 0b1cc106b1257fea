#include <algorithm>
#include <cstdio>

#include "app/commands.h"
#include "app/help.h"

namespace {

using tarn::app::Options;

constexpr int kBadUsage = 2;

int PrintVersion(const Options&) {
  std::printf("tarn %s\n", tarn::app::Version());
  return 0;
}

int PrintCoverage(const Options&) { return tarn::app::RunCoverage(); }

struct Command {
  const char* name;
  int (*run)(const Options&);
  const char* flag = nullptr;  ///< the one flag it takes besides the configuration
  bool own_arguments = false;  ///< it reads what is left by itself
};

constexpr Command kCommands[] = {
    {"up", tarn::app::RunUp},
    {"down", tarn::app::RunDown},
    {"status", tarn::app::RunStatus, "--json"},
    {"sql", tarn::app::RunSql, nullptr, true},
    {"password", tarn::app::RunPassword, nullptr, true},
    {"server", tarn::app::RunServer},
    {"node", tarn::app::RunNodeCommand, nullptr, true},
    {"coverage", PrintCoverage},
    {"version", PrintVersion},
};

int Help(const std::vector<std::string>& arguments) {
  std::string page = arguments.empty() ? tarn::app::Usage() : tarn::app::HelpOn(arguments[0]);
  if (page.empty()) {
    std::fprintf(stderr, "tarn: there is no help on '%s'\n\n%s", arguments[0].c_str(),
                 tarn::app::Usage().c_str());
    return kBadUsage;
  }
  std::fputs(page.c_str(), stdout);
  return 0;
}

int Run(const Command& command, const std::vector<std::string>& arguments) {
  // A node gets all it needs from its server.
  bool reads_file = std::string(command.name) != "node";
  tarn::Result<Options> options = tarn::app::ParseOptions(arguments, reads_file);
  if (!options.ok()) {
    std::fprintf(stderr, "tarn: %s\n", options.error().message().c_str());
    return kBadUsage;
  }
  for (const std::string& word : options->rest) {
    if (command.own_arguments || (command.flag != nullptr && word == command.flag)) continue;
    std::fprintf(stderr,
                 "tarn: there is no option '%s' (from the command line); see tarn help %s\n",
                 word.c_str(), command.name);
    return kBadUsage;
  }
  return command.run(*options);
}

}  // namespace

int main(int argc, char** argv) {
  std::string name = argc > 1 ? argv[1] : "help";
  std::vector<std::string> arguments(argv + std::min(argc, 2), argv + argc);
  if (name == "help" || name == "--help" || name == "-h") return Help(arguments);
  if (name == "--version") name = "version";
  for (const Command& command : kCommands) {
    if (name != command.name) continue;
    bool asks = std::any_of(arguments.begin(), arguments.end(),
                            [](const std::string& word) { return word == "--help"; });
    return asks ? Help({name}) : Run(command, arguments);
  }
  std::fprintf(stderr, "tarn: there is no command '%s'\n\n%s", name.c_str(),
               tarn::app::Usage().c_str());
  return kBadUsage;
}
