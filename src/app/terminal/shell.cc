#include "app/terminal/shell.h"

#include <cstdio>
#include <iostream>

#include "app/commands.h"
#include "app/terminal/completer.h"
#include "app/terminal/interrupt.h"
#include "app/terminal/line_editor.h"
#include "app/terminal/progress.h"
#include "app/terminal/server_names.h"
#include "app/terminal/statement_text.h"
#include "app/terminal/text_width.h"
#include "sql/parser.h"

namespace tarn::app {
namespace {

constexpr const char* kCommands =
    "  \\?                       this list\n"
    "  \\timing [on|off]         show how long a statement took\n"
    "  \\format [NAME]           table, vertical, csv or json\n"
    "  \\warehouse [NAME|ID]     list the warehouses, or choose one\n"
    "  \\connect [DATA_DIR]      to the server on a data folder, or say where it is\n"
    "  \\quit                    leave; Ctrl-D does the same\n"
    "\n"
    "  A statement ends with ';' and may take several lines. Tab completes, Ctrl-R searches the\n"
    "  history, Ctrl-C drops what is typed or cancels what runs. USE holds until it is changed;\n"
    "  SET holds for its own statement only, since the Statement API has no sessions.\n";

// What the error says is the user's; where it says so in colour depends on stderr.
void PrintError(const Error& error) {
  std::cout.flush();
  std::fprintf(stderr, "%s\n", PaintError(error.message(), StyleOf(2)).c_str());
}

std::string Trimmed(std::string text) {
  text.erase(text.find_last_not_of(" \t\n") + 1);
  return text.substr(std::min(text.find_first_not_of(" \t\n"), text.size()));
}

}  // namespace

SqlExit Shell::RunStatement(const std::string& text) {
  Interrupted() = false;
  print_.columns = ColumnsOf(1);
  ResultPrinter printer(print_, std::cout);
  double seconds = 0;
  Status done = [&] {
    Progress progress;
    auto answer = client_.Query(
        text, [&](const QueryResult& part, bool) { return printer.Take(part); }, &Interrupted(),
        [&](const QueryProgress& now) { progress.Draw(now, Interrupted()); });
    seconds = progress.seconds();
    return answer;
  }();
  if (done.ok()) done = printer.Finish(seconds);
  if (!done.ok()) {
    PrintError(done.error());
    return done.error().reason() == "CANCELLED" ? SqlExit::kCancelled : SqlExit::kFailed;
  }
  if (auto current = AfterUse(text, client_.current())) client_.set_current(*current);
  bool for_programs = print_.format == OutputFormat::kCsv || print_.format == OutputFormat::kJson;
  if (for_programs && printer.truncated())
    std::fprintf(stderr, "tarn: these are the first rows of more than the server returns\n");
  return SqlExit::kOk;
}

SqlExit Shell::RunScript(const std::string& script) {
  Result<std::vector<std::string>> statements = sql::SplitStatements(script);
  if (!statements.ok()) {
    std::fprintf(stderr, "%s\n",
                 PaintError(sql::RenderError(statements.error(), script), StyleOf(2)).c_str());
    return SqlExit::kFailed;
  }
  for (const std::string& text : *statements) {
    SqlExit exit = RunStatement(text);
    if (exit != SqlExit::kOk) return exit;
  }
  return SqlExit::kOk;
}

Status Shell::AskForCurrentSchema() {
  TARN_TRY(QueryResult now, client_.Query("SELECT current_catalog(), current_schema()"));
  if (now.rows.size() == 1 && now.rows[0][0] && now.rows[0][1])
    client_.set_current({*now.rows[0][0], *now.rows[0][1]});
  return Ok();
}

std::string Shell::Prompt(bool continued) const {
  std::string name = client_.current().catalog + "." + client_.current().schema;
  if (!continued) return name + "> ";
  return std::string(CellWidth(name) > 2 ? CellWidth(name) - 2 : 0, ' ') + "...> ";
}

void Shell::ChooseWarehouse(const std::string& wanted) {
  if (!wanted.empty()) {
    Status chosen = client_.ChooseWarehouse(wanted);
    if (!chosen.ok()) return PrintError(chosen.error());
    std::printf("Statements run on '%s' now.\n", wanted.c_str());
    return;
  }
  Result<std::vector<WarehouseStatus>> all = client_.Warehouses();
  if (!all.ok()) return PrintError(all.error());
  for (const WarehouseStatus& warehouse : *all) {
    std::printf("%s %s  %s  %s\n", warehouse.id == client_.warehouse() ? "*" : " ",
                warehouse.id.c_str(), warehouse.state.c_str(), warehouse.name.c_str());
  }
}

void Shell::Connect(const std::string& data_dir) {
  if (data_dir.empty()) {
    std::printf("Connected to %s.\n", server_name_.c_str());
    return;
  }
  Result<ServerStatus> status = ReadStatus(data_dir);
  if (!status.ok()) return PrintError(status.error());
  Result<StatementClient> client = token_.empty() ? StatementClient::Connect(*status)
                                                  : StatementClient::Connect(*status, token_);
  if (!client.ok()) return PrintError(client.error());
  client_ = std::move(*client);
  server_name_ = status->http_url;
  Status asked = AskForCurrentSchema();
  if (!asked.ok()) return PrintError(asked.error());
  std::printf("Connected to %s.\n", server_name_.c_str());
}

bool Shell::RunCommand(const std::string& line) {
  size_t blank = std::min(line.find_first_of(" \t"), line.size());
  std::string command = line.substr(1, blank - 1);
  std::string argument = Trimmed(line.substr(blank));
  if (command == "quit" || command == "q") return false;
  if (command == "?" || command == "help" || command == "h") {
    std::fputs(kCommands, stdout);
  } else if (command == "timing") {
    if (argument != "" && argument != "on" && argument != "off") {
      std::printf("\\timing is on or off.\n");
      return true;
    }
    print_.timing = argument.empty() ? !print_.timing : argument == "on";
    std::printf("Timing is %s.\n", print_.timing ? "on" : "off");
  } else if (command == "format") {
    Result<OutputFormat> format =
        argument.empty() ? Result<OutputFormat>(print_.format) : ParseOutputFormat(argument);
    if (!format.ok()) {
      PrintError(format.error());
      return true;
    }
    print_.format = *format;
    std::printf("The format is %s.\n", FormatName(*format));
  } else if (command == "warehouse") {
    ChooseWarehouse(argument);
  } else if (command == "connect") {
    Connect(argument);
  } else {
    std::printf("There is no command \\%s; \\? lists them.\n", command.c_str());
  }
  return true;
}

Status Shell::Interact(const std::string& history_path) {
  TARN_RETURN_IF_ERROR(AskForCurrentSchema());
  ServerNames names(client_);
  std::string pending;
  auto complete = [&](std::string_view before, std::string_view after) {
    return CompleteStatement(pending + std::string(before), after, names);
  };
  TARN_TRY(auto editor, LineEditor::Open(history_path, complete));
  std::printf("Tarn %s at %s. A statement ends with ';'. \\? for help.\n", Version(),
              server_name_.c_str());
  for (;;) {
    std::string line;
    LineEditor::Outcome outcome = editor->Read(Prompt(!pending.empty()), line);
    if (outcome == LineEditor::Outcome::kInterrupted) {
      pending.clear();
      continue;
    }
    if (outcome == LineEditor::Outcome::kEnd) break;
    std::string trimmed = Trimmed(line);
    if (pending.empty() && (trimmed == "exit" || trimmed == "quit")) return Ok();
    if (pending.empty() && trimmed.starts_with("\\")) {
      editor->Remember(trimmed);
      if (!RunCommand(trimmed)) return Ok();
      continue;
    }
    pending += line;
    if (IsBlank(pending)) {
      pending.clear();
    } else if (EndsStatement(pending)) {
      editor->Remember(Trimmed(pending));
      RunScript(pending);
      names.Forget();
      pending.clear();
    } else {
      pending += "\n";
    }
  }
  std::printf("\n");
  return Ok();
}

}  // namespace tarn::app
