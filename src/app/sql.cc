#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <signal.h>
#include <sstream>
#include <unistd.h>

#include <editline/readline.h>

#include "app/commands.h"
#include "app/statement_client.h"
#include "app/table_printer.h"
#include "sql/parser.h"

namespace tarn::app {
namespace {

std::atomic<bool> g_interrupted{false};

struct SqlArguments {
  std::vector<std::string> commands;
  std::vector<std::string> files;
  OutputFormat format = OutputFormat::kTable;
};

Result<SqlArguments> ParseArguments(const std::vector<std::string>& rest) {
  SqlArguments arguments;
  for (size_t i = 0; i < rest.size(); ++i) {
    bool takes_value = rest[i] == "-c" || rest[i] == "-f" || rest[i] == "--format";
    if (takes_value && i + 1 == rest.size())
      return Fail("INVALID_PARAMETER_VALUE", rest[i] + " needs a value");
    if (rest[i] == "-c") {
      arguments.commands.push_back(rest[++i]);
    } else if (rest[i] == "-f") {
      arguments.files.push_back(rest[++i]);
    } else if (rest[i] == "--format") {
      TARN_TRY(arguments.format, ParseOutputFormat(rest[++i]));
    } else if (rest[i][0] == '-') {
      return Fail("INVALID_PARAMETER_VALUE", "unknown option " + rest[i] + "; see tarn help sql");
    } else {
      arguments.files.push_back(rest[i]);
    }
  }
  return arguments;
}

// A spinner with the time so far, on a terminal only, from half a second on.
class Progress {
 public:
  Progress() : shown_(::isatty(2) == 1), start_(std::chrono::steady_clock::now()) {}
  ~Progress() {
    if (drawn_) std::fprintf(stderr, "\r\x1b[K");
  }
  void Draw() {
    auto elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    if (!shown_ || elapsed < 0.5) return;
    static constexpr const char* kFrames[] = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧"};
    std::fprintf(stderr, "\r\x1b[K%s %.1f s  (Ctrl-C cancels)", kFrames[frame_++ % 8], elapsed);
    drawn_ = true;
  }

 private:
  bool shown_;
  bool drawn_ = false;
  size_t frame_ = 0;
  std::chrono::steady_clock::time_point start_;
};

// Exit code: 0, or 1 when a statement failed.
int RunScript(StatementClient& client, const std::string& script, OutputFormat format) {
  Result<std::vector<std::string>> statements = sql::SplitStatements(script);
  if (!statements.ok()) {
    std::fprintf(stderr, "%s\n", sql::RenderError(statements.error(), script).c_str());
    return 1;
  }
  for (const std::string& text : *statements) {
    g_interrupted = false;
    auto start = std::chrono::steady_clock::now();
    Result<QueryResult> result = [&] {
      Progress progress;
      return client.Query(text, &g_interrupted, [&] { progress.Draw(); });
    }();
    if (!result.ok()) {
      std::fprintf(stderr, "%s\n", result.error().message().c_str());
      return 1;
    }
    auto elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    PrintResult(*result, format, elapsed, std::cout);
  }
  return 0;
}

std::string HistoryPath() {
  const char* home = std::getenv("HOME");
  return std::string(home != nullptr ? home : "/root") + "/.tarn_history";
}

int Interactive(StatementClient& client) {
  std::printf("Tarn SQL. A statement ends with ';', Ctrl-C cancels it, Ctrl-D leaves.\n");
  std::string history = HistoryPath();
  ::using_history();
  ::read_history(history.c_str());
  std::string pending;
  while (char* line = ::readline(pending.empty() ? "tarn> " : "  ... ")) {
    pending += (pending.empty() ? "" : "\n") + std::string(line);
    std::free(line);
    if (pending == "exit" || pending == "quit") break;
    if (pending.find_first_not_of(" \t\n") == std::string::npos) {
      pending.clear();
      continue;
    }
    if (pending.find_last_not_of(" \t\n") != pending.rfind(';')) continue;
    ::add_history(pending.c_str());
    RunScript(client, pending, OutputFormat::kTable);
    pending.clear();
  }
  ::write_history(history.c_str());
  std::printf("\n");
  return 0;
}

}  // namespace

int RunSql(const Options& options) {
  Result<SqlArguments> arguments = ParseArguments(options.rest);
  if (!arguments.ok()) {
    std::fprintf(stderr, "tarn: %s\n", arguments.error().message().c_str());
    return 2;
  }
  Result<ServerStatus> status = ReadStatus(options.data_dir);
  Result<StatementClient> client =
      status.ok() ? StatementClient::Connect(*status) : Result<StatementClient>(status.error());
  if (!client.ok()) {
    std::fprintf(stderr, "tarn: %s\n", client.error().message().c_str());
    return 3;
  }
  ::signal(SIGINT, [](int) { g_interrupted = true; });
  for (const std::string& command : arguments->commands) {
    if (int code = RunScript(*client, command, arguments->format); code != 0) return code;
  }
  for (const std::string& file : arguments->files) {
    std::ifstream in(file);
    if (!in) {
      std::fprintf(stderr, "tarn: cannot read %s\n", file.c_str());
      return 2;
    }
    std::stringstream text;
    text << in.rdbuf();
    if (int code = RunScript(*client, text.str(), arguments->format); code != 0) return code;
  }
  if (!arguments->commands.empty() || !arguments->files.empty()) return 0;
  if (::isatty(0) == 1) return Interactive(*client);
  std::stringstream text;
  text << std::cin.rdbuf();
  return RunScript(*client, text.str(), arguments->format);
}

}  // namespace tarn::app
