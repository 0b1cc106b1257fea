#include "net/router.h"

#include <cstdio>
#include <cstdlib>
#include <map>

#include "base/log.h"

namespace tarn::net {

struct Router::Node {
  std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
  std::unique_ptr<Node> capture;
  std::vector<const Route*> routes;       ///< the path ends here
  std::vector<const Route*> tail_routes;  ///< the rest of the path is captured
};

struct Router::Table {
  Node root;
  std::vector<std::unique_ptr<Route>> routes;
  Handler not_found = [](Request&&, Responder respond) { respond(Response::Empty(404)); };
  Handler method_not_allowed = [](Request&&, Responder respond) { respond(Response::Empty(405)); };
  std::function<Response(int, std::string_view)> error_response = [](int status,
                                                                     std::string_view message) {
    return Response::Text(status, std::string(message) + "\n");
  };
};

namespace {

[[noreturn]] void BadTemplate(const std::string& method, const std::string& path,
                              const char* problem) {
  LogError("route refused", {{"method", method}, {"path", path}, {"problem", problem}});
  std::abort();
}

/// Takes the first segment off `rest`; `more` is false when it was the last.
std::string_view TakeSegment(std::string_view& rest, bool& more) {
  size_t slash = rest.find('/');
  more = slash != std::string_view::npos;
  std::string_view segment = rest.substr(0, slash);
  rest = more ? rest.substr(slash + 1) : std::string_view();
  return segment;
}

const Router::Route* Pick(const std::vector<const Router::Route*>& routes, std::string_view method,
                          std::string& allow) {
  const Router::Route* any = nullptr;
  const Router::Route* get = nullptr;
  for (const Router::Route* route : routes) {
    if (route->method == method) return route;
    if (route->method == "*") any = route;
    if (route->method == "GET") get = route;
  }
  if (any != nullptr) return any;
  if (method == "HEAD" && get != nullptr) return get;
  for (const Router::Route* route : routes) {
    if (allow.find(route->method) != std::string::npos) continue;
    if (!allow.empty()) allow += ", ";
    allow += route->method;
  }
  return nullptr;
}

}  // namespace

Handler Blocking(Executor& executor, BlockingHandler handler) {
  auto shared = std::make_shared<const BlockingHandler>(std::move(handler));
  return [&executor, shared](Request&& request, Responder respond) {
    auto owned = std::make_shared<Request>(std::move(request));
    executor.Post([shared, owned, respond] {
      // The boundary of the module: a handler's exception must not end the process.
      try {
        respond((*shared)(*owned));
      } catch (const std::exception& e) {
        // Without an answer the server gives its own.
        LogError("handler threw", {{"path", owned->path}, {"what", e.what()}});
      }
    });
  };
}

Router::Router() : table_(std::make_unique<Table>()) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

void Router::Add(std::string method, std::string path, Handler handler) {
  Add(std::move(method), std::move(path), RouteOptions{}, std::move(handler));
}

void Router::Add(std::string method, std::string path, RouteOptions options, Handler handler) {
  if (path.empty() || path.front() != '/') BadTemplate(method, path, "no leading slash");
  auto route = std::make_unique<Route>();
  Node* node = &table_->root;
  std::string_view rest = std::string_view(path).substr(1);
  bool more = true;
  bool tail = false;
  while (more) {
    std::string_view segment = TakeSegment(rest, more);
    if (segment.starts_with('{')) {
      if (!segment.ends_with('}')) BadTemplate(method, path, "unclosed capture");
      std::string_view name = segment.substr(1, segment.size() - 2);
      tail = name.ends_with("...");
      if (tail) name.remove_suffix(3);
      if (name.empty() || name.find_first_of("{}") != name.npos) {
        BadTemplate(method, path, "bad capture name");
      }
      if (tail && more) BadTemplate(method, path, "a tail is not the last segment");
      route->capture_names.emplace_back(name);
      if (tail) break;
      if (!node->capture) node->capture = std::make_unique<Node>();
      node = node->capture.get();
    } else {
      auto& child = node->literals[std::string(segment)];
      if (!child) child = std::make_unique<Node>();
      node = child.get();
    }
  }
  auto& routes = tail ? node->tail_routes : node->routes;
  for (const Route* other : routes) {
    if (other->method == method) BadTemplate(method, path, "a second route of this shape");
  }
  route->method = std::move(method);
  route->path = std::move(path);
  route->options = std::move(options);
  route->handler = std::move(handler);
  routes.push_back(route.get());
  table_->routes.push_back(std::move(route));
}

void Router::SetNotFound(Handler handler) { table_->not_found = std::move(handler); }
void Router::SetMethodNotAllowed(Handler handler) {
  table_->method_not_allowed = std::move(handler);
}
void Router::SetErrorResponse(std::function<Response(int, std::string_view)> make) {
  table_->error_response = std::move(make);
}
const Handler& Router::not_found() const { return table_->not_found; }
const Handler& Router::method_not_allowed() const { return table_->method_not_allowed; }
Response Router::ErrorResponse(int status, std::string_view message) const {
  return table_->error_response(status, message);
}

std::vector<const Router::Route*> Router::routes() const {
  std::vector<const Route*> all;
  for (const auto& route : table_->routes) all.push_back(route.get());
  return all;
}

Router::Matched Router::Match(std::string_view method, std::string_view path) const {
  Matched matched;
  if (path.empty() || path.front() != '/') return matched;
  // Goes back to the next weaker kind of segment when the stronger one leads nowhere.
  auto search = [&](auto& self, const Node& node, std::string_view rest, bool more) -> bool {
    if (!more) {
      matched.route = Pick(node.routes, method, matched.allow);
      if (matched.route != nullptr) return true;
    } else {
      std::string_view after = rest;
      bool after_more = false;
      std::string_view segment = TakeSegment(after, after_more);
      auto literal = node.literals.find(segment);
      if (literal != node.literals.end() && self(self, *literal->second, after, after_more)) {
        return true;
      }
      if (node.capture && !segment.empty()) {
        matched.captures.push_back(segment);
        if (self(self, *node.capture, after, after_more)) return true;
        matched.captures.pop_back();
      }
    }
    matched.route = Pick(node.tail_routes, method, matched.allow);
    if (matched.route != nullptr) matched.captures.push_back(rest);
    return matched.route != nullptr;
  };
  search(search, table_->root, path.substr(1), true);
  return matched;
}

}  // namespace tarn::net
