#pragma once
/// \file  Nodes as child processes of the server, on its own machine.
#include <functional>
#include <vector>

#include "compute/node_provider.h"

namespace tarn::compute {

/// A node dies with the server, however the server ends (PR_SET_PDEATHSIG).
class LocalProcessProvider final : public NodeProvider {
 public:
  /// The command line of a node's program, made when it starts. It may write files for the node.
  using CommandLine = std::function<Result<std::vector<std::string>>(const NodeSpec&)>;

  explicit LocalProcessProvider(CommandLine command_line)
      : command_line_(std::move(command_line)) {}

  Result<int> Start(const NodeSpec& spec) override;
  void Kill(int pid) override;
  bool HasEnded(int pid) override;

 private:
  CommandLine command_line_;
};

}  // namespace tarn::compute
