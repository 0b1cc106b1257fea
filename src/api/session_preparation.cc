#include "api/session_preparation.h"

#include "columnar/types.h"

namespace tarn::api {
namespace {

constexpr auto kLongest = std::chrono::minutes(5);

std::string QuoteText(const std::string& text) {
  std::string out = "'";
  for (char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

}  // namespace

Status RunInSession(const Services& services, const identity::Principal& who,
                    const std::string& warehouse_id, compute::SessionState& state,
                    std::string text) {
  compute::StatementSpec spec;
  spec.warehouse_id = warehouse_id;
  spec.text = std::move(text);
  spec.session = state;
  auto statement = services.statements->Submit(who, std::move(spec));
  auto end = statement->Wait(Deadline::After(kLongest));
  if (end.state == compute::StatementState::kSucceeded) {
    state = end.session;
    return Ok();
  }
  statement->Close();
  if (end.error) return *end.error;
  return Fail("TEMPORARILY_UNAVAILABLE", "The session could not be prepared in time. Try again.");
}

Status UseNamespace(const Services& services, const identity::Principal& who,
                    const std::string& warehouse_id, compute::SessionState& state,
                    const std::string& catalog, const std::string& schema) {
  if (!catalog.empty()) {
    TARN_RETURN_IF_ERROR(RunInSession(services, who, warehouse_id, state,
                                      "USE CATALOG " + columnar::QuoteIdentifier(catalog)));
  }
  if (schema.empty()) return Ok();
  return RunInSession(services, who, warehouse_id, state,
                      "USE SCHEMA " + columnar::QuoteIdentifier(schema));
}

Status UseSetting(const Services& services, const identity::Principal& who,
                  const std::string& warehouse_id, compute::SessionState& state,
                  const std::string& key, const std::string& value) {
  return RunInSession(services, who, warehouse_id, state,
                      "SET " + columnar::QuoteIdentifier(key) + " = " + QuoteText(value));
}

}  // namespace tarn::api
