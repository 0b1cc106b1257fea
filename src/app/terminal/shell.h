#pragma once
/// \file  Runs statements for a person or a script and shows what comes back.
#include <string>

#include "app/statement_client.h"
#include "app/terminal/result_printer.h"

namespace tarn::app {

/// What `tarn sql` ends with; `tarn help sql` documents them.
enum class SqlExit { kOk = 0, kFailed = 1, kUsage = 2, kNotReachable = 3, kCancelled = 130 };

/// Not thread-safe; the client outlives it.
class Shell {
 public:
  /// `token` is for \connect too; "" is the administrator's of each server.
  Shell(StatementClient& client, PrintOptions print, std::string server_name, std::string token)
      : client_(client),
        print_(print),
        server_name_(std::move(server_name)),
        token_(std::move(token)) {}

  /// Every statement of a script up to the first that fails.
  SqlExit RunScript(const std::string& script);
  /// Prompts until Ctrl-D or \quit. Errors: IO_ERROR when stdin is no terminal.
  Status Interact(const std::string& history_path);

 private:
  SqlExit RunStatement(const std::string& text);
  /// A line that begins with a backslash. False when it was \quit.
  bool RunCommand(const std::string& line);
  void ChooseWarehouse(const std::string& wanted);
  void Connect(const std::string& data_dir);
  Status AskForCurrentSchema();
  std::string Prompt(bool continued) const;

  StatementClient& client_;
  PrintOptions print_;
  std::string server_name_;
  std::string token_;
};

}  // namespace tarn::app
