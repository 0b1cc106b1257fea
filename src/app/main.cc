#include <cstdio>

#include "app/commands.h"

namespace {

constexpr const char* kUsage =
    "tarn: an open lakehouse platform\n"
    "\n"
    "  tarn up        start a server, load the sample data, print how to reach it\n"
    "  tarn down      stop it\n"
    "  tarn status    what runs; --json for scripts (exit code 3 when nothing does)\n"
    "  tarn sql       a terminal; -c STATEMENT, -f FILE, --format table|csv|json\n"
    "  tarn server    a server in the foreground\n"
    "  tarn node      a warehouse's process; the server starts it\n"
    "  tarn coverage  what works and what does not, as Markdown\n"
    "  tarn version\n"
    "  tarn help [config]\n";

}  // namespace

int main(int argc, char** argv) {
  std::string command = argc > 1 ? argv[1] : "help";
  std::vector<std::string> arguments(argv + std::min(argc, 2), argv + argc);
  tarn::Result<tarn::app::Options> options = tarn::app::ParseOptions(arguments);
  if (!options.ok()) {
    std::fprintf(stderr, "tarn: %s\n", options.error().message().c_str());
    return 2;
  }
  if (command == "up") return tarn::app::RunUp(*options);
  if (command == "down") return tarn::app::RunDown(*options);
  if (command == "status") return tarn::app::RunStatus(*options);
  if (command == "sql") return tarn::app::RunSql(*options);
  if (command == "server") return tarn::app::RunServer(*options);
  if (command == "node") return tarn::app::RunNodeCommand(*options);
  if (command == "coverage") return tarn::app::RunCoverage();
  if (command == "version" || command == "--version") {
    std::printf("tarn %s\n", tarn::app::Version());
    return 0;
  }
  if (command == "help" || command == "--help") {
    std::printf("%s", kUsage);
    bool config = !options->rest.empty() && options->rest[0] == "config";
    if (config)
      std::printf("\nOptions; a flag goes before its environment variable:\n%s",
                  tarn::app::DescribeOptions().c_str());
    return 0;
  }
  std::fprintf(stderr, "tarn: there is no command '%s'\n\n%s", command.c_str(), kUsage);
  return 2;
}
