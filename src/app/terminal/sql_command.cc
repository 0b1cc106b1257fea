#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>
#include <unistd.h>

#include "app/commands.h"
#include "app/terminal/interrupt.h"
#include "app/terminal/shell.h"

namespace tarn::app {
namespace {

struct SqlArguments {
  struct Input {
    std::string text;
    bool is_file = false;
  };
  std::vector<Input> inputs;  ///< in the order given
  std::string warehouse;
  std::string token_file;
  OutputFormat format = OutputFormat::kTable;
};

Result<SqlArguments> ParseArguments(const std::vector<std::string>& rest) {
  SqlArguments arguments;
  for (size_t i = 0; i < rest.size(); ++i) {
    const std::string& word = rest[i];
    if (word.empty() || word[0] != '-' || word == "-") {
      arguments.inputs.push_back({word, true});
      continue;
    }
    if (word != "-c" && word != "-f" && word != "--format" && word != "--warehouse" &&
        word != "--token-file")
      return Fail("INVALID_PARAMETER_VALUE", "there is no option " + word + "; see tarn help sql");
    if (++i == rest.size()) return Fail("INVALID_PARAMETER_VALUE", word + " needs a value");
    if (word == "--format") {
      TARN_TRY(arguments.format, ParseOutputFormat(rest[i]));
    } else if (word == "--warehouse") {
      arguments.warehouse = rest[i];
    } else if (word == "--token-file") {
      arguments.token_file = rest[i];
    } else {
      arguments.inputs.push_back({rest[i], word == "-f"});
    }
  }
  return arguments;
}

// "-" is stdin. Nothing when the file cannot be read.
std::optional<std::string> ReadInput(const std::string& path) {
  std::stringstream text;
  if (path == "-") {
    text << std::cin.rdbuf();
    return text.str();
  }
  std::ifstream in(path);
  if (!in) return std::nullopt;
  text << in.rdbuf();
  return text.str();
}

std::string HistoryPath() {
  const char* state = std::getenv("XDG_STATE_HOME");
  const char* home = std::getenv("HOME");
  std::string folder = state != nullptr
                           ? std::string(state)
                           : std::string(home != nullptr ? home : "/root") + "/.local/state";
  return folder + "/tarn/sql_history";
}

// Whose statements these are: --token-file before DATABRICKS_TOKEN before the administrator, which
// is the empty text. Errors: those of reading the file.
Result<std::string> ChooseToken(const SqlArguments& arguments) {
  if (!arguments.token_file.empty()) return ReadSmallFile(arguments.token_file);
  const char* variable = std::getenv("DATABRICKS_TOKEN");
  return std::string(variable != nullptr ? variable : "");
}

int Refuse(const Error& error, SqlExit exit) {
  std::fprintf(stderr, "tarn: %s\n", error.message().c_str());
  return static_cast<int>(exit);
}

}  // namespace

int RunSql(const Options& options) {
  std::setlocale(LC_CTYPE, "C.UTF-8");
  Result<SqlArguments> arguments = ParseArguments(options.rest);
  if (!arguments.ok()) return Refuse(arguments.error(), SqlExit::kUsage);
  std::vector<std::string> scripts;
  bool from_stdin = arguments->inputs.empty() && ::isatty(0) != 1;
  if (from_stdin) arguments->inputs.push_back({"-", true});
  for (const SqlArguments::Input& input : arguments->inputs) {
    std::optional<std::string> text = input.is_file ? ReadInput(input.text) : input.text;
    if (!text) return Refuse(Fail("IO_ERROR", "cannot read " + input.text), SqlExit::kUsage);
    scripts.push_back(std::move(*text));
  }
  Result<std::string> token = ChooseToken(*arguments);
  if (!token.ok()) return Refuse(token.error(), SqlExit::kUsage);
  Result<ServerStatus> status = ReadStatus(options.data_dir);
  if (!status.ok()) return Refuse(status.error(), SqlExit::kNotReachable);
  Result<StatementClient> client = token->empty() ? StatementClient::Connect(*status)
                                                  : StatementClient::Connect(*status, *token);
  if (!client.ok()) return Refuse(client.error(), SqlExit::kNotReachable);
  if (!arguments->warehouse.empty()) {
    Status chosen = client->ChooseWarehouse(arguments->warehouse);
    if (!chosen.ok()) return Refuse(chosen.error(), SqlExit::kUsage);
  }
  TakeInterrupts();
  PrintOptions print;
  print.format = arguments->format;
  print.style = StyleOf(1);
  Shell shell(*client, print, status->http_url, *token);
  for (const std::string& script : scripts) {
    SqlExit exit = shell.RunScript(script);
    if (exit != SqlExit::kOk) return static_cast<int>(exit);
  }
  if (!scripts.empty()) return static_cast<int>(SqlExit::kOk);
  Status ended = shell.Interact(HistoryPath());
  return ended.ok() ? 0 : Refuse(ended.error(), SqlExit::kNotReachable);
}

}  // namespace tarn::app
