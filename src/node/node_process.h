#pragma once
/// \file  The node's end: a process that connects to its server and runs what it is sent.
#include <string>

#include "base/result.h"
#include "engine/engine.h"

namespace tarn::node {

struct NodeOptions {
  std::string server;     ///< "host:port" of the server's TLS port
  std::string ca_path;    ///< PEM: who the server must be certified by
  std::string cert_path;  ///< PEM: this node's certificate
  std::string key_path;
  std::string version;
  engine::EngineOptions engine;
};

/// Runs until the server ends the connection or is gone; statements that still run are given up.
/// Errors: CONNECTION_FAILED when the server cannot be reached or refuses the node; those of
/// Engine::Open.
Status RunNode(const NodeOptions& options);

}  // namespace tarn::node
