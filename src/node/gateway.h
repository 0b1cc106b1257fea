#pragma once
/// \file  The server's end of its nodes: takes their connections, sends them statements, answers
/// their questions to the catalog.
#include <memory>

#include "catalog/catalog_service.h"
#include "compute/statement_runner.h"
#include "compute/warehouse_service.h"
#include "io/object_store.h"
#include "net/grpc_front.h"

namespace tarn::node {

/// The name in a node's certificate.
std::string CertificateName(const std::string& node_id);

struct GatewayOptions {
  net::GrpcTlsOptions tls;  ///< client_ca_path is the authority of node certificates
  std::string version;      ///< of this program; nodes of another one are refused
  /// Where the tables are: what a lost node had announced is looked for here.
  std::shared_ptr<io::ObjectStore> store;
};

/// Thread-safe. A statement of a lost node fails as compute::StatementRunner says; whether it had
/// committed is looked up. Use: Open, give front() to the net::Server, Attach the warehouses; to
/// end, Stop before the net::Server is destroyed.
class Gateway : public compute::StatementRunner {
 public:
  /// Errors: TLS_CONFIG_INVALID. `catalog` outlives the gateway.
  static Result<std::unique_ptr<Gateway>> Open(const GatewayOptions& options,
                                               catalog::CatalogService& catalog);

  virtual std::shared_ptr<net::GrpcFront> front() = 0;
  /// Told of nodes that come and go; to be called before the first node is started.
  virtual void Attach(compute::WarehouseService& warehouses) = 0;
  /// Ends every connection.
  virtual void Stop() = 0;
};

}  // namespace tarn::node
