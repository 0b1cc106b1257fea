#pragma once
/// \file  From a parsed request head to a Request.
#include <optional>

#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/message.hpp>

#include "net/connection/request_reader.h"

namespace tarn::net {

/// Copies the head into `request` and checks what the parser leaves unchecked.
std::optional<Refusal> FillRequest(
    const boost::beast::http::request<boost::beast::http::buffer_body>& head, bool chunked,
    Request& request);

/// Fills the captures of a matched route. False when one is badly percent-encoded.
bool FillParams(const Router::Matched& matched, Request& request);

}  // namespace tarn::net
