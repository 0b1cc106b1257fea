#include "net/server.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <signal.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include "api/endpoint.h"
#include "app/commands.h"
#include "app/status_file.h"
#include "base/guarded.h"
#include "base/log.h"
#include "base/metric_table.h"
#include "compute/local_process_provider.h"
#include "io/local_store.h"
#include "net/tls.h"
#include "node/gateway.h"
#include "store/folder_lock.h"

namespace tarn::app {
namespace {

// Everything a server is made of, in the order of construction; destroyed backwards.
struct Parts {
  MetricTable metrics{"tarn"};
  LoggedEvents events{metrics};
  std::unique_ptr<store::FolderLock> lock;
  std::unique_ptr<store::Database> database;
  std::unique_ptr<identity::IdentityService> identity;
  std::unique_ptr<catalog::CatalogService> catalog;
  net::CertificateFiles authority;
  net::CertificateFiles certificate;
  std::string node_address;  ///< where nodes connect; set before the first is started
  std::unique_ptr<node::Gateway> gateway;
  std::unique_ptr<compute::LocalProcessProvider> provider;
  std::unique_ptr<compute::WarehouseService> warehouses;
  std::unique_ptr<ThreadPool> statement_pool;
  std::unique_ptr<compute::StatementService> statements;
  std::unique_ptr<ThreadPool> handler_pool;
  std::unique_ptr<net::Server> server;
};

Status MakeFolder(const std::string& path) {
  std::error_code error;
  bool made = std::filesystem::create_directories(path, error);
  if (error) return Fail("IO_ERROR", "cannot make the folder " + path + ": " + error.message());
  // A folder that was there keeps the mode its owner gave it.
  if (made) ::chmod(path.c_str(), 0700);
  return Ok();
}

// Never readable by others, not even for a moment.
Status WriteSecret(const std::string& path, const std::string& text) {
  std::string beside = path + ".new";
  ::unlink(beside.c_str());
  int fd = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return Fail("IO_ERROR", "cannot write " + beside + ": " + std::strerror(errno));
  std::string line = text + "\n";
  bool written = ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
                 ::fsync(fd) == 0;
  ::close(fd);
  if (!written || ::rename(beside.c_str(), path.c_str()) != 0)
    return Fail("IO_ERROR", "cannot write " + path + ": " + std::strerror(errno));
  return Ok();
}

// A new metastore starts with the catalogs every workspace has.
Status FirstObjects(catalog::CatalogService& catalog, const identity::Principal& admin) {
  using catalog::Securable;
  using catalog::SecurableKind;
  for (const char* name : {"main", "samples"}) {
    if (catalog.Get(admin, SecurableKind::kCatalog, name).ok()) continue;
    Securable c;
    c.kind = SecurableKind::kCatalog;
    c.full_name = name;
    c.comment = std::string(name) == "main" ? "The workspace's own catalog" : "Sample data";
    TARN_RETURN_IF_ERROR(catalog.Create(admin, c));
  }
  return Ok();
}

Result<std::vector<std::string>> NodeCommandLine(const Options& options, const Parts& parts,
                                                 const compute::NodeSpec& spec) {
  std::string folder = options.data_dir + "/nodes/" + spec.warehouse_id;
  std::string spill = options.data_dir + "/spill/" + spec.warehouse_id;
  std::error_code error;
  for (const std::string& made : {folder, spill}) {
    std::filesystem::create_directories(made, error);
    if (error) return Fail("IO_ERROR", "cannot make the folder " + made);
  }
  TARN_TRY(net::CertificateFiles certificate,
           net::IssueClientCertificate(parts.authority, folder, "node",
                                       node::CertificateName(spec.node_id)));
  // This very program, though a newer one may lie at its path by now.
  return std::vector<std::string>{"/proc/self/exe",
                                  "node",
                                  parts.node_address,
                                  parts.authority.cert_path,
                                  certificate.cert_path,
                                  certificate.key_path,
                                  spill,
                                  "--memory-limit",
                                  std::to_string(options.memory_limit_bytes),
                                  "--log-level",
                                  options.log_level};
}

Result<std::unique_ptr<Parts>> Build(const Options& options) {
  auto parts = std::make_unique<Parts>();
  TARN_RETURN_IF_ERROR(MakeFolder(options.data_dir));
  TARN_RETURN_IF_ERROR(MakeFolder(options.data_dir + "/results"));
  TARN_TRY(parts->lock, store::FolderLock::Take(options.data_dir));
  TARN_TRY(parts->database,
           store::Database::Open(
               options.data_dir + "/metadata.db",
               {identity::StoredTables(), catalog::StoredTables(), compute::StoredTables()}));
  TARN_TRY(parts->identity, identity::IdentityService::Open(*parts->database, Clock::System(),
                                                            parts->events, options.admin));
  catalog::CatalogOptions catalog_options{options.data_dir + "/managed", options.allowed_folders,
                                          options.data_dir};
  TARN_TRY(parts->catalog,
           catalog::CatalogService::Open(*parts->database, *parts->identity, catalog_options,
                                         Clock::System(), parts->events));
  std::string tls = options.data_dir + "/tls";
  TARN_RETURN_IF_ERROR(MakeFolder(tls));
  TARN_TRY(parts->authority, net::EnsureLocalCa(tls, "Tarn local authority"));
  TARN_TRY(parts->certificate,
           net::IssueServerCertificate(parts->authority, tls, "server", "Tarn server"));
  TARN_TRY(parts->gateway,
           node::Gateway::Open({{parts->certificate.cert_path, parts->certificate.key_path,
                                 parts->authority.cert_path},
                                TARN_VERSION,
                                std::make_shared<io::LocalStore>()},
                               *parts->catalog));
  parts->provider = std::make_unique<compute::LocalProcessProvider>(
      [&options, raw = parts.get()](const compute::NodeSpec& spec) {
        return NodeCommandLine(options, *raw, spec);
      });
  TARN_TRY(parts->warehouses,
           compute::WarehouseService::Open(*parts->database, *parts->provider, Clock::System()));
  parts->gateway->Attach(*parts->warehouses);
  parts->statement_pool = std::make_unique<ThreadPool>(ThreadPool::Options{"statements", 64});
  compute::StatementServiceOptions statement_options;
  statement_options.result_folder = options.data_dir + "/results";
  parts->statements = std::make_unique<compute::StatementService>(
      *parts->warehouses, *parts->gateway, *parts->statement_pool, Clock::System(),
      std::move(statement_options));
  parts->handler_pool = std::make_unique<ThreadPool>(ThreadPool::Options{"handlers", 256});
  return parts;
}

// For a scraper on this machine only: it has no token.
void AddMetrics(net::Router& router, const MetricTable& metrics) {
  net::RouteOptions options;
  options.tag = static_cast<int>(api::Access::kOpen);
  router.Add("GET", "/metrics", options,
             [&metrics](net::Request&& request, net::Responder respond) {
               bool local = request.peer.starts_with("127.") || request.peer.starts_with("[::1]");
               if (!local) {
                 return respond(api::ErrorResponse(
                     Fail("PERMISSION_DENIED", "Metrics are shown to this machine only.")));
               }
               respond(net::Response::Text(200, metrics.PrometheusText(),
                                           "text/plain; version=0.0.4; charset=utf-8"));
             });
}

Result<std::unique_ptr<net::Server>> Listen(const Options& options, Parts& parts,
                                            ServerStatus& status) {
  status.ca_file = parts.authority.cert_path;
  net::ServerOptions server;
  net::ListenerOptions plain;
  plain.port = static_cast<uint16_t>(options.http_port);
  plain.name = "--http-port";
  net::ListenerOptions secure;
  secure.port = static_cast<uint16_t>(options.https_port);
  secure.name = "--https-port";
  secure.tls = true;
  secure.plaintext = false;
  server.listeners = {plain, secure};
  // Several clients call port 443 of the host whatever port they were given.
  if (options.loopback_443) {
    secure.port = 443;
    secure.optional = true;
    server.listeners.push_back(secure);
  }
  server.cert_path = parts.certificate.cert_path;
  server.key_path = parts.certificate.key_path;
  server.grpc = parts.gateway->front();
  api::Services services{parts.identity.get(),   parts.catalog.get(),      parts.warehouses.get(),
                         parts.statements.get(), parts.handler_pool.get(), options.web_folder};
  services.upload_folder = options.data_dir + "/uploads";
  server.executor = parts.handler_pool.get();
  server.metrics = &parts.metrics;
  net::Router router = api::BuildRouter(services);
  AddMetrics(router, parts.metrics);
  TARN_TRY(std::unique_ptr<net::Server> started, net::Server::Start(server, std::move(router)));
  status.http_url = "http://127.0.0.1:" + std::to_string(started->ports()[0]);
  status.https_url = "https://localhost:" + std::to_string(started->ports()[1]);
  parts.node_address = "localhost:" + std::to_string(started->ports()[1]);
  status.loopback_443 = options.loopback_443 && started->ports()[2] != 0;
  return started;
}

// The administrator's token and the profile that SDKs read are made once and kept.
Status WriteAccess(const Options& options, Parts& parts, const identity::Principal& admin,
                   ServerStatus& status) {
  status.token_file = options.data_dir + "/admin.token";
  status.profile_file = options.data_dir + "/databrickscfg";
  Result<std::string> token = ReadSmallFile(status.token_file);
  if (!token.ok() || !parts.identity->Authenticate(*token).ok()) {
    TARN_TRY(auto made, parts.identity->CreateToken(admin, "tarn up", std::nullopt));
    TARN_RETURN_IF_ERROR(WriteSecret(status.token_file, made.secret));
    token = made.secret;
  }
  return WriteSecret(status.profile_file,
                     "[DEFAULT]\nhost = " + status.http_url + "\ntoken = " + *token);
}

// A new workspace starts with one warehouse.
Result<std::string> FirstWarehouse(compute::WarehouseService& warehouses,
                                   const std::string& creator) {
  std::vector<compute::Warehouse> all = warehouses.List();
  if (!all.empty()) return all[0].id;
  compute::WarehouseSettings settings;
  settings.name = "Starter Warehouse";
  TARN_TRY(compute::Warehouse made, warehouses.Create(settings, creator));
  // The one that comes with the workspace is for everybody.
  TARN_TRY(compute::WarehouseAccess access,
           made.access.With(
               {{compute::GranteeKind::kGroup, std::string(compute::WarehouseAccess::kEveryone),
                 compute::WarehouseLevel::kCanUse}}));
  TARN_RETURN_IF_ERROR(warehouses.SetAccess(made.id, std::move(access)));
  return made.id;
}

void ShowWarehouses(const compute::WarehouseService& warehouses, ServerStatus& status) {
  status.warehouses.clear();
  status.nodes.clear();
  for (const compute::Warehouse& warehouse : warehouses.List()) {
    status.warehouses.push_back({warehouse.id, warehouse.settings.name,
                                 std::string(compute::StateName(warehouse.state)),
                                 "/sql/1.0/warehouses/" + warehouse.id});
    if (warehouse.node_pid != 0)
      status.nodes.push_back({warehouse.node_id, warehouse.id, warehouse.node_pid});
  }
}

Status Serve(const Options& options) {
  // Signals are taken by sigwait below, not by whatever thread happens to run.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);

  TARN_TRY(std::unique_ptr<Parts> parts, Build(options));
  TARN_TRY(identity::Principal admin, parts->identity->Administrator());
  TARN_RETURN_IF_ERROR(FirstObjects(*parts->catalog, admin));
  ServerStatus status;
  status.version = TARN_VERSION;
  status.pid = ::getpid();
  status.data_dir = options.data_dir;
  TARN_TRY(parts->server, Listen(options, *parts, status));
  TARN_RETURN_IF_ERROR(WriteAccess(options, *parts, admin, status));
  TARN_TRY(std::string first_warehouse, FirstWarehouse(*parts->warehouses, admin.name));
  // Whoever asks for the status sees the warehouses as they are now.
  Guarded<ServerStatus> shown(status);
  auto show = [&shown, &parts] {
    auto current = shown.Lock();
    ShowWarehouses(*parts->warehouses, *current);
    Status written = WriteStatus(*current);
    if (!written.ok())
      LogError("the status cannot be written", {{"why", written.error().message()}});
  };
  TARN_RETURN_IF_ERROR(parts->warehouses->Start(first_warehouse));
  show();
  parts->warehouses->OnChange(show);
  LogInfo("serving", {{"http", status.http_url},
                      {"https", status.https_url},
                      {"data_dir", options.data_dir},
                      {"port_443", status.loopback_443 ? "yes" : "no"}});

  int got = 0;
  sigwait(&signals, &got);
  LogInfo("stopping", {{"signal", got}});
  parts->warehouses->OnChange(nullptr);
  RemoveStatus(options.data_dir);
  parts->statements->CancelAll();
  parts->server->Stop(Deadline::After(std::chrono::seconds(5)));
  parts->gateway->Stop();
  return Ok();
}

}  // namespace

const char* Version() { return TARN_VERSION; }

int RunServer(const Options& options) {
  SetLogLevel(LogLevelOf(options.log_level));
  Status status = Serve(options);
  if (status.ok()) return 0;
  LogError("the server cannot run", {{"error", status.error().ToString()}});
  std::fprintf(stderr, "tarn: %s\n", status.error().message().c_str());
  return 1;
}

}  // namespace tarn::app
