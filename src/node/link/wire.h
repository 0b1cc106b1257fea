#pragma once
/// \file  Values of idl/node.proto ↔ our own. Seen by this folder only.
#include <node.pb.h>

#include "catalog/catalog.h"
#include "compute/statement_runner.h"

namespace tarn::node {

wire::Principal ToWire(const identity::Principal& who);
identity::Principal FromWire(const wire::Principal& who);

wire::Session ToWire(const compute::SessionState& session);
compute::SessionState FromWire(const wire::Session& session);

wire::Statement ToWire(const compute::StatementSpec& spec, const identity::Principal& who);
compute::StatementSpec FromWire(const wire::Statement& statement);

/// Reason, message and parameters; the place in the text is in the message already.
wire::Failure ToWire(const Error& error);
Error FromWire(const wire::Failure& failure);

}  // namespace tarn::node
