#include "api/endpoint.h"
#include "io/local_store.h"

namespace tarn::api {
namespace {

std::string ContentType(const std::string& path) {
  static constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".svg", "image/svg+xml"},
      {".woff2", "font/woff2"},
      {".png", "image/png"},
      {".json", "application/json"},
      {".ico", "image/x-icon"}};
  for (auto [ending, type] : kTypes) {
    if (path.size() > ending.size() &&
        std::string_view(path).substr(path.size() - ending.size()) == ending)
      return std::string(type);
  }
  return "application/octet-stream";
}

net::Response Serve(const std::string& folder, const std::string& name, bool immutable) {
  Result<std::string> path = io::NormalizePath(io::JoinPath(folder, name));
  if (!path.ok() || !io::IsWithin(*path, folder) || !io::LocalStore().Head(*path).ok()) {
    return net::Response::Text(404, "not found\n");
  }
  net::Response response = net::Response::File(200, {*path}, ContentType(*path));
  response.headers.Set("Cache-Control",
                       immutable ? "public, max-age=31536000, immutable" : "no-cache");
  response.headers.Set("X-Content-Type-Options", "nosniff");
  response.headers.Set("Content-Security-Policy",
                       "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
                       "img-src 'self' data:; "
                       "frame-ancestors 'none'; base-uri 'none'");
  return response;
}

}  // namespace

void AddWeb(net::Router& router, const Services& services) {
  std::string folder = services.web_folder;
  AddOpen(router, services, "GET", "/",
          [folder](const net::Request&) { return Serve(folder, "index.html", false); });
  AddOpen(router, services, "GET", "/assets/{path...}", [folder](const net::Request& request) {
    return Serve(folder, "assets/" + std::string(request.Param("path")), true);
  });
  AddOpen(router, services, "GET", "/favicon.svg",
          [folder](const net::Request&) { return Serve(folder, "favicon.svg", false); });
}

}  // namespace tarn::api
