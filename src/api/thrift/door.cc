#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/transport/TBufferTransports.h>

#include "api/endpoint.h"
#include "api/thrift/handler.h"
#include "api/warehouses/access.h"

namespace tarn::api {
namespace {

using apache::thrift::transport::TMemoryBuffer;

constexpr int32_t kMaxStringBytes = 64 << 20;
constexpr int32_t kMaxContainerEntries = 1 << 20;

// One call: request bytes in, response bytes out. Seam: Thrift's code throws on malformed input.
Result<std::string> Process(const std::string& body, std::shared_ptr<thrift::Handler> handler) {
  using Protocol = apache::thrift::protocol::TBinaryProtocolT<TMemoryBuffer>;
  try {
    auto* bytes = reinterpret_cast<uint8_t*>(const_cast<char*>(body.data()));
    auto in = std::make_shared<TMemoryBuffer>(bytes, static_cast<uint32_t>(body.size()),
                                              TMemoryBuffer::OBSERVE);
    auto out = std::make_shared<TMemoryBuffer>();
    tarn::cli::TCLIServiceProcessor processor(std::move(handler));
    processor.process(
        std::make_shared<Protocol>(in, kMaxStringBytes, kMaxContainerEntries, false, true),
        std::make_shared<Protocol>(out), nullptr);
    return out->getBufferAsString();
  } catch (const std::exception& e) {
    return Fail("MALFORMED_REQUEST",
                std::string("The body is not a call of the Thrift interface: ") + e.what());
  }
}

net::Response Serve(const Call& call, thrift::Sessions& sessions, const std::string& warehouse_id) {
  if (auto warehouse = UsableWarehouse(call.services, call.who, warehouse_id); !warehouse.ok())
    return ErrorResponse(warehouse.error());
  auto handler = std::make_shared<thrift::Handler>(call.services, sessions, call.who, warehouse_id);
  Result<std::string> answer = Process(call.request.body, std::move(handler));
  if (!answer.ok()) return ErrorResponse(answer.error());
  return net::Response::Text(200, std::move(*answer), "application/x-thrift");
}

}  // namespace

void AddThrift(net::Router& router, const Services& services) {
  auto sessions = std::make_shared<thrift::Sessions>(*services.clock);
  for (const char* path : {"/sql/1.0/warehouses/{id}", "/sql/1.0/endpoints/{id}"}) {
    AddBytes(router, services, "POST", path,
             [sessions](const Call& call) { return Serve(call, *sessions, call.Param("id")); });
  }
}

// Clients of the Thrift door ask which of their features a workspace has switched on.
void AddConnectorService(net::Router& router, const Services& services) {
  AddRaw(router, services, "GET", "/api/2.0/connector-service/feature-flags/{client}/{version}", {},
         [](const Call&) { return net::Response::Json(200, R"({"flags":[],"ttl_seconds":900})"); });
}

}  // namespace tarn::api
