#include "app/help.h"

#include "app/options.h"

namespace tarn::app {
namespace {

struct Topic {
  const char* name;
  const char* summary;
  const char* page;
};

constexpr Topic kTopics[] = {
    {"up", "start a server, load the sample data, print how to reach it",
     "tarn up [OPTIONS]\n"
     "\n"
     "Starts a server in the background unless one runs on the data folder, loads the sample data\n"
     "unless it is there, and prints the address, the token and snippets that can be pasted. The\n"
     "data stays when it is run again. The folder of --sample-data is filled by `make setup`;\n"
     "without it the server starts with no samples and says so.\n"
     "\n"
     "Exit codes: 0 it runs, 1 it does not, 2 bad option.\n"},
    {"down", "stop it",
     "tarn down [OPTIONS]\n"
     "\n"
     "Stops the server of the data folder and its warehouses; statements that run are cancelled\n"
     "and the data stays.\n"
     "\n"
     "Exit codes: 0 nothing runs any more, 1 it does not stop, 2 bad option.\n"},
    {"status", "what runs; --json for scripts",
     "tarn status [--json] [OPTIONS]\n"
     "\n"
     "Shows the server of the data folder, its warehouses and their processes. --json prints one\n"
     "object: version, pid, https_url, http_url, loopback_443, ca_file, token_file, profile_file,\n"
     "data_dir, warehouses [id, name, state, http_path], nodes [id, warehouse_id, pid].\n"
     "\n"
     "Exit codes: 0 it runs, 2 bad option, 3 nothing runs on the data folder.\n"},
    {"sql", "a terminal; -c STATEMENT, -f FILE, --format table|vertical|csv|json",
     "tarn sql [-c TEXT | -f FILE | FILE | -]... [--format NAME] [--warehouse NAME]\n"
     "         [--token-file FILE] [OPTIONS]\n"
     "\n"
     "Runs SQL on the server of the data folder. Without -c or a file it\n"
     "reads stdin: a terminal is asked line by line, anything else is a script. Scripts stop at\n"
     "the first statement that fails. \\? in the terminal lists its own commands.\n"
     "\n"
     "  -c TEXT            statements divided by ';'\n"
     "  -f FILE, FILE      a script; - is stdin\n"
     "  --format NAME      table (default), vertical, csv (RFC 4180, null is empty) or json (one\n"
     "                     object a line)\n"
     "  --warehouse NAME   name or id of the warehouse; default: the first\n"
     "  --token-file FILE  the token of who runs the statements; default: DATABRICKS_TOKEN, else\n"
     "                     the administrator's\n"
     "\n"
     "Ctrl-C cancels the running statement on the server. Colour is used on a terminal unless\n"
     "NO_COLOR is set. The history is in ~/.local/state/tarn/sql_history.\n"
     "\n"
     "Exit codes: 0 all statements succeeded, 1 one failed or its result could not be\n"
     "written, 2 bad option or unreadable file,\n"
     "3 no server can be reached, 130 cancelled with Ctrl-C.\n"},
    {"password", "set the password of a user",
     "tarn password [USER] [OPTIONS]\n"
     "\n"
     "Sets the password with which USER (default: the server's administrator) signs in to the\n"
     "workspace page, on the running server of the data folder. Nobody has one at first. It is\n"
     "asked for twice on a terminal; otherwise the first line of stdin is taken. It has at least "
     "8\n"
     "characters. The user's sessions end; access tokens stay valid.\n"
     "\n"
     "Exit codes: 0 it is set, 1 it is not, 2 bad option, 3 no server can be reached.\n"},
    {"server", "a server in the foreground",
     "tarn server [OPTIONS]\n"
     "\n"
     "What `tarn up` starts: serves until SIGTERM or SIGINT and logs to stderr as JSON lines,\n"
     "from the level of --log-level on.\n"
     "\n"
     "Exit codes: 0 it was told to stop, 1 it cannot run, 2 bad option.\n"},
    {"node", "a warehouse's process; the server starts it",
     "tarn node ...\n"
     "\n"
     "One running warehouse. The server starts nodes by itself and gives them a certificate of\n"
     "their own; there is nothing to call by hand.\n"},
    {"coverage", "what works and what does not, as Markdown",
     "tarn coverage\n"
     "\n"
     "Prints docs/coverage/README.md from the program's own tables.\n"},
    {"version", "the version",
     "tarn version\n"
     "\n"
     "Prints the version.\n"},
};

}  // namespace

std::string Usage() {
  std::string text = "tarn: an open lakehouse platform\n\n";
  for (const Topic& topic : kTopics) {
    std::string name = topic.name;
    text += "  tarn " + name + std::string(10 - name.size(), ' ') + topic.summary + "\n";
  }
  return text + "  tarn help      this list; `tarn help COMMAND`, `tarn help config` for options\n";
}

std::string HelpOn(const std::string& topic) {
  if (topic == "config") return DescribeOptions();
  for (const Topic& known : kTopics)
    if (topic == known.name)
      return std::string(known.page) + "\nOPTIONS: see `tarn help config`.\n";
  return "";
}

}  // namespace tarn::app
