#include "node/link/wire.h"

namespace tarn::node {

wire::Principal ToWire(const identity::Principal& who) {
  wire::Principal out;
  out.set_id(who.id);
  out.set_name(who.name);
  out.set_is_admin(who.is_admin);
  for (const std::string& group : who.groups) out.add_groups(group);
  return out;
}

identity::Principal FromWire(const wire::Principal& who) {
  identity::Principal out;
  out.id = who.id();
  out.name = who.name();
  out.is_admin = who.is_admin();
  out.groups.assign(who.groups().begin(), who.groups().end());
  return out;
}

wire::Session ToWire(const compute::SessionState& session) {
  wire::Session out;
  out.set_catalog(session.catalog);
  out.set_schema(session.schema);
  out.mutable_settings()->insert(session.settings.begin(), session.settings.end());
  return out;
}

compute::SessionState FromWire(const wire::Session& session) {
  return {
      session.catalog(), session.schema(), {session.settings().begin(), session.settings().end()}};
}

wire::Statement ToWire(const compute::StatementSpec& spec, const identity::Principal& who) {
  wire::Statement out;
  *out.mutable_who() = ToWire(who);
  out.set_warehouse_id(spec.warehouse_id);
  out.set_text(spec.text);
  out.set_inline_limit_bytes(spec.inline_limit_bytes);
  *out.mutable_session() = ToWire(spec.session);
  for (const compute::StatementParameter& parameter : spec.parameters) {
    wire::Parameter* added = out.add_parameters();
    added->set_name(parameter.name);
    added->set_type(parameter.type);
    if (parameter.value) added->set_value(*parameter.value);
  }
  wire::ResultOptions* result = out.mutable_result();
  result->set_format(static_cast<int>(spec.result.format));
  result->set_row_limit(spec.result.row_limit);
  result->set_byte_limit(spec.result.byte_limit);
  result->set_piece_rows(spec.result.piece_rows);
  result->set_first_piece_rows(spec.result.first_piece_rows);
  result->set_lz4(spec.result.lz4);
  result->set_iso_timestamps(spec.result.iso_timestamps);
  result->set_native_timestamps(spec.result.native.timestamps);
  result->set_native_decimals(spec.result.native.decimals);
  result->set_native_nested(spec.result.native.nested);
  result->set_native_intervals(spec.result.native.intervals);
  return out;
}

compute::StatementSpec FromWire(const wire::Statement& statement) {
  compute::StatementSpec out;
  out.warehouse_id = statement.warehouse_id();
  out.text = statement.text();
  out.inline_limit_bytes = statement.inline_limit_bytes();
  out.session = FromWire(statement.session());
  for (const wire::Parameter& parameter : statement.parameters()) {
    compute::StatementParameter made{parameter.name(), parameter.type(), std::nullopt};
    if (parameter.has_value()) made.value = parameter.value();
    out.parameters.push_back(std::move(made));
  }
  const wire::ResultOptions& result = statement.result();
  out.result.format = static_cast<columnar::ResultFormat>(result.format());
  out.result.row_limit = result.row_limit();
  out.result.byte_limit = result.byte_limit();
  out.result.piece_rows = result.piece_rows();
  out.result.first_piece_rows = result.first_piece_rows();
  out.result.lz4 = result.lz4();
  out.result.iso_timestamps = result.iso_timestamps();
  out.result.native = {result.native_timestamps(), result.native_decimals(), result.native_nested(),
                       result.native_intervals()};
  return out;
}

wire::Failure ToWire(const Error& error) {
  wire::Failure out;
  out.set_reason(std::string(error.reason()));
  out.set_message(error.message());
  out.mutable_params()->insert(error.params().begin(), error.params().end());
  return out;
}

Error FromWire(const wire::Failure& failure) {
  return Fail(failure.reason(), failure.message(),
              {failure.params().begin(), failure.params().end()});
}

}  // namespace tarn::node
