#pragma once
/// \file  Port: where a warehouse's node comes from. A local process today.
#include <string>

#include "base/result.h"

namespace tarn::compute {

/// What a node is told when it is made.
struct NodeSpec {
  std::string node_id;
  std::string warehouse_id;
};

/// Called by one thread, which lives as long as the nodes do (a local process may be bound to the
/// thread that made it).
class NodeProvider {
 public:
  virtual ~NodeProvider() = default;
  /// Begins to make a node; it will connect to the server by itself. Returns its process id.
  /// Errors: NODE_START_FAILED.
  virtual Result<int> Start(const NodeSpec& spec) = 0;
  /// Ends the node at once, whatever it does.
  virtual void Kill(int pid) = 0;
  /// Whether the node has ended; true once, then its process id means nothing.
  virtual bool HasEnded(int pid) = 0;
};

}  // namespace tarn::compute
