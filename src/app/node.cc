#include <cstdio>

#include "app/commands.h"
#include "base/log.h"
#include "node/node_process.h"

namespace tarn::app {

// The arguments are the server's affair: server, authority, certificate, key, spill folder.
int RunNodeCommand(const Options& options) {
  if (options.rest.size() != 5) {
    std::fprintf(stderr, "tarn: the server starts nodes by itself\n");
    return 2;
  }
  SetLogLevel(LogLevelOf(options.log_level));
  node::NodeOptions node;
  node.server = options.rest[0];
  node.ca_path = options.rest[1];
  node.cert_path = options.rest[2];
  node.key_path = options.rest[3];
  node.version = Version();
  node.engine.temp_directory = options.rest[4];
  node.engine.memory_limit_bytes = options.memory_limit_bytes;
  Status status = node::RunNode(node);
  if (status.ok()) return 0;
  LogWarn("node ends", {{"why", status.error().ToString()}});
  return 1;
}

}  // namespace tarn::app
