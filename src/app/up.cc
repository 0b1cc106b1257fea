#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <signal.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "app/commands.h"
#include "app/sample_data.h"

namespace tarn::app {
namespace {

constexpr auto kStartTimeout = std::chrono::seconds(30);
constexpr auto kStopTimeout = std::chrono::seconds(15);
constexpr const char* kComplaint = "tarn: ";
constexpr const char* kSampleQuery = "SELECT count(*) FROM samples.nycflights.flights";
constexpr const char* kQueryWithoutSamples = "SELECT current_user()";
constexpr const char* kAnyPython = "python3";

std::string Program() {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error).string();
}

// The server in a session of its own, with its log in the data folder.
Result<pid_t> Spawn(const Options& options, const std::string& log) {
  // The server reads the same environment; it needs the flags only.
  std::vector<std::string> words = {Program(), "server"};
  words.insert(words.end(), options.given.begin(), options.given.end());
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (out < 0) return Fail("IO_ERROR", "cannot write " + log);
  pid_t child = ::fork();
  if (child < 0) return Fail("IO_ERROR", "cannot start a process");
  if (child == 0) {
    ::setsid();
    int nothing = ::open("/dev/null", O_RDONLY);
    ::dup2(nothing, 0);
    ::dup2(out, 1);
    ::dup2(out, 2);
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
  }
  ::close(out);
  return child;
}

// What a server that could not start said at its end, behind what others have logged before.
std::string LastWords(const std::string& log, int64_t from) {
  std::ifstream in(log);
  in.seekg(from);
  std::string words;
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(kComplaint)) words = line.substr(std::strlen(kComplaint));
  return words;
}

Result<ServerStatus> StartServer(const Options& options) {
  std::error_code error;
  std::filesystem::create_directories(options.data_dir, error);
  if (error)
    return Fail("IO_ERROR", "cannot make the folder " + options.data_dir + ": " + error.message());
  std::string log = options.data_dir + "/server.log";
  auto size = std::filesystem::file_size(log, error);
  int64_t logged_before = error ? 0 : static_cast<int64_t>(size);
  TARN_TRY(pid_t child, Spawn(options, log));
  Deadline deadline = Deadline::After(kStartTimeout);
  while (!deadline.Passed()) {
    Result<ServerStatus> status = ReadStatus(options.data_dir);
    if (status.ok() && status->pid == child) return status;
    int ended = 0;
    if (::waitpid(child, &ended, WNOHANG) == child) {
      std::string words = LastWords(log, logged_before);
      return Fail("SERVER_NOT_RUNNING", words.empty()
                                            ? "the server did not start; its log is " + log
                                            : words + "\n(log: " + log + ")");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return Fail("DEADLINE_EXCEEDED", "the server did not start within 30 s; see " + log);
}

// The flag that `tarn sql` needs to find this server, if any.
std::string DataDirFlag(const ServerStatus& status) {
  Result<Options> defaults = ParseOptions({}, true);
  bool found = defaults.ok() && defaults->data_dir == status.data_dir;
  return found ? "" : " --data-dir " + status.data_dir;
}

// Set-up installs the clients; elsewhere the snippets need them in the Python of the path.
std::string ClientPython(const Options& options) {
  return ::access(options.client_python.c_str(), X_OK) == 0 ? options.client_python : kAnyPython;
}

void PrintAccess(const ServerStatus& status, const std::string& token, const std::string& query,
                 const std::string& python) {
  std::string port = status.https_url.substr(status.https_url.rfind(':') + 1);
  std::string text;
  auto line = [&](const std::string& words) { text += words + "\n"; };
  line("");
  line("  Workspace   " + status.http_url);
  line("  TLS         " + status.https_url + (status.loopback_443 ? " and port 443" : ""));
  line("  Authority   " + status.ca_file);
  line("  Token       " + token);
  line("  Profile     " + status.profile_file);
  line("");
  if (status.warehouses.empty()) {
    line("  There is no warehouse; create one with POST /api/2.0/sql/warehouses to run SQL.");
    std::fputs(text.c_str(), stdout);
    return;
  }
  const WarehouseStatus& warehouse = status.warehouses[0];
  if (python == kAnyPython)
    line("  The snippets need: pip install databricks-sdk 'databricks-sql-connector[pyarrow]'\n");
  line("  Python SDK");
  line("    DATABRICKS_CONFIG_FILE=" + status.profile_file + " " + python + " -c '");
  line("    from databricks.sdk import WorkspaceClient");
  line("    w = WorkspaceClient()");
  line("    r = w.statement_execution.execute_statement(");
  line("        \"" + query + "\", \"" + warehouse.id + "\")");
  line("    print(r.result.data_array)'");
  line("");
  line("  SQL connector");
  line("    " + python + " -c '");
  line("    from databricks import sql");
  line("    with sql.connect(server_hostname=\"localhost\", _port=" + port + ",");
  line("                     http_path=\"" + warehouse.http_path + "\",");
  line("                     access_token=open(\"" + status.token_file + "\").read().strip(),");
  line("                     _tls_trusted_ca_file=\"" + status.ca_file + "\"" +
       (status.loopback_443 ? ") as c:" : ","));
  // Otherwise the client asks port 443 for its feature flags and waits long for nobody.
  if (!status.loopback_443) line("                     enable_telemetry=False) as c:");
  line("        cursor = c.cursor()");
  line("        cursor.execute(\"" + query + "\")");
  line("        print(cursor.fetchall())'");
  line("");
  line("  Terminal");
  line("    bin/tarn sql" + DataDirFlag(status) + " -c '" + query + "'");
  line("");
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

// The query that the snippets show: of the samples, if they are there.
Result<std::string> PrepareSamples(const Options& options, StatementClient& client) {
  std::string folder = options.sample_data;
  if (folder.empty()) return std::string(kQueryWithoutSamples);
  if (!std::filesystem::exists(folder + "/flights.csv")) {
    std::printf(
        "No sample data: %s is not there. `make setup` fetches it, --sample-data names\n"
        "another folder; then run `tarn up` again. The server runs without it.\n",
        folder.c_str());
    return std::string(kQueryWithoutSamples);
  }
  TARN_RETURN_IF_ERROR(LoadSampleData(client, folder, [](const std::string& words) {
    std::fputs(words.c_str(), stdout);
    std::fflush(stdout);
  }));
  return std::string(kSampleQuery);
}

Status Up(const Options& options) {
  Result<ServerStatus> status = ReadStatus(options.data_dir);
  if (status.ok()) {
    std::printf("Tarn %s runs already (process %d).\n", status->version.c_str(), status->pid);
  } else {
    std::printf("Starting Tarn on %s\n", options.data_dir.c_str());
    std::fflush(stdout);
    status = StartServer(options);
    if (!status.ok()) return std::move(status).error();
    std::printf("Tarn %s started (process %d).\n", status->version.c_str(), status->pid);
  }
  std::string query = kQueryWithoutSamples;
  if (!status->warehouses.empty()) {
    TARN_TRY(StatementClient client, StatementClient::Connect(*status));
    TARN_TRY(query, PrepareSamples(options, client));
  }
  TARN_TRY(std::string token, ReadSmallFile(status->token_file));
  PrintAccess(*status, token, query, ClientPython(options));
  return Ok();
}

void PrintStatus(const ServerStatus& status) {
  std::printf("Tarn %s, process %d\n\n", status.version.c_str(), status.pid);
  std::printf("  Workspace   %s\n  TLS         %s%s\n", status.http_url.c_str(),
              status.https_url.c_str(), status.loopback_443 ? " and port 443" : "");
  std::printf("  Authority   %s\n  Token in    %s\n  Profile     %s\n  Data        %s\n",
              status.ca_file.c_str(), status.token_file.c_str(), status.profile_file.c_str(),
              status.data_dir.c_str());
  std::printf("\n  Warehouses\n");
  for (const WarehouseStatus& warehouse : status.warehouses) {
    std::string process;
    for (const NodeStatus& node : status.nodes)
      if (node.warehouse_id == warehouse.id) process = ", process " + std::to_string(node.pid);
    std::printf("    %s  %s  %s%s\n", warehouse.id.c_str(), warehouse.name.c_str(),
                warehouse.state.c_str(), process.c_str());
  }
}

int Finish(const Status& status) {
  if (status.ok()) return 0;
  std::fprintf(stderr, "tarn: %s\n", status.error().message().c_str());
  return 1;
}

}  // namespace

int RunUp(const Options& options) { return Finish(Up(options)); }

int RunDown(const Options& options) {
  Result<ServerStatus> status = ReadStatus(options.data_dir);
  if (!status.ok()) {
    std::printf("Tarn is not running.\n");
    return 0;
  }
  ::kill(status->pid, SIGTERM);
  Deadline deadline = Deadline::After(kStopTimeout);
  while (!deadline.Passed()) {
    if (!ProcessLives(status->pid)) {
      std::printf("Tarn stopped.\n");
      return 0;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  std::fprintf(stderr, "tarn: process %d does not stop\n", status->pid);
  return 1;
}

int RunStatus(const Options& options) {
  Result<ServerStatus> status = ReadStatus(options.data_dir);
  if (!status.ok()) {
    std::fprintf(stderr, "tarn: %s\n", status.error().message().c_str());
    return 3;
  }
  bool json = !options.rest.empty() && options.rest[0] == "--json";
  json ? (void)std::printf("%s\n", status->ToJson().c_str()) : PrintStatus(*status);
  return 0;
}

}  // namespace tarn::app
