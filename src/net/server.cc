#include "net/server.h"

#include <cerrno>
#include <deque>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <thread>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log.h"
#include "net/connection/connection.h"
#include "net/connection/tls_context.h"
#include "net/grpc_front.h"

namespace tarn::net {

using asio::ip::tcp;

namespace {

constexpr int kBacklog = 1024;
constexpr std::chrono::milliseconds kAcceptRetry{50};
constexpr std::chrono::milliseconds kDrainPoll{2};

/// The address to bind. IPv4 comes first: it is what clients of "localhost" try everywhere.
Result<tcp::endpoint> Resolve(const ListenerOptions& listener) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  const char* host = listener.host.empty() ? nullptr : listener.host.c_str();
  int error = ::getaddrinfo(host, std::to_string(listener.port).c_str(), &hints, &found);
  if (error != 0) {
    return Fail("LISTEN_FAILED", "cannot resolve " + listener.host + ": " + gai_strerror(error));
  }
  const addrinfo* best = found;
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
    if (at->ai_family == AF_INET && best->ai_family != AF_INET) best = at;
  }
  tcp::endpoint endpoint;
  endpoint.resize(best->ai_addrlen);
  std::memcpy(endpoint.data(), best->ai_addr, best->ai_addrlen);
  ::freeaddrinfo(found);
  return endpoint;
}

Status Bind(tcp::acceptor& acceptor, const ListenerOptions& listener) {
  TARN_TRY(tcp::endpoint endpoint, Resolve(listener));
  boost::system::error_code error;
  acceptor.open(endpoint.protocol(), error);
  // Programs that this process starts must not keep the port, nor its connections.
  if (!error && ::fcntl(acceptor.native_handle(), F_SETFD, FD_CLOEXEC) != 0) {
    error = boost::system::error_code(errno, boost::system::system_category());
  }
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(kBacklog, error);
  if (!error) return Ok();
  boost::system::error_code ignored;
  acceptor.close(ignored);
  std::string hint = listener.name.empty()
                         ? ""
                         : "; choose another port with " + listener.name + ", or 0 for a free one";
  return Fail("LISTEN_FAILED", "cannot listen on " + listener.host + " port " +
                                   std::to_string(listener.port) + ": " + error.message() + hint);
}

}  // namespace

struct Server::State {
  struct Listener {
    tcp::acceptor acceptor;
    ConnectionContext context;
  };

  State(ServerOptions o, Router r) : options(std::move(o)), router(std::move(r)) {}

  ServerOptions options;
  Router router;
  std::unique_ptr<ThreadPool> own_pool;
  std::unique_ptr<asio::ssl::context> tls;
  std::atomic<int> open{0};
  std::vector<uint16_t> ports;
  // Loops go before what their coroutines refer to; acceptors go before their loop.
  std::vector<std::shared_ptr<IoLoop>> loops;
  std::deque<Listener> listeners;
  size_t next_loop = 0;
  std::vector<std::thread> threads;
  bool stopped = false;

  Status Prepare();
  void Run();
  asio::awaitable<void> Accept(Listener& listener);
};

Status Server::State::Prepare() {
  if (options.executor == nullptr) {
    own_pool = std::make_unique<ThreadPool>(ThreadPool::Options{.name = "net-body"});
    options.executor = own_pool.get();
  }
  for (int i = 0; i < std::max(options.io_threads, 1); ++i) {
    loops.push_back(std::make_shared<IoLoop>());
  }
  for (const ListenerOptions& listener : options.listeners) {
    if (listener.tls && !tls) {
      TARN_TRY(tls, MakeServerTls(options.cert_path, options.key_path));
    }
    MetricSink& metrics = options.metrics != nullptr ? *options.metrics : MetricSink::Null();
    ConnectionContext context{{router, options.limits, *options.executor, metrics},
                              listener.tls ? tls.get() : nullptr,
                              listener.plaintext,
                              options.grpc.get(),
                              open};
    listeners.push_back({tcp::acceptor(loops[0]->context), context});
    tcp::acceptor& acceptor = listeners.back().acceptor;
    Status bound = Bind(acceptor, listener);
    if (!bound.ok() && !listener.optional) return bound;
    if (!bound.ok()) LogInfo("optional port left out", {{"why", bound.error().message()}});
    ports.push_back(bound.ok() ? acceptor.local_endpoint().port() : uint16_t{0});
  }
  return Ok();
}

void Server::State::Run() {
  auto report = [](std::exception_ptr thrown) {
    if (!thrown) return;
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& e) {
      LogError("listener ended", {{"what", e.what()}});
    }
  };
  for (Listener& listener : listeners) {
    asio::co_spawn(loops[0]->context, Accept(listener), report);
  }
  for (size_t i = 0; i < loops.size(); ++i) {
    threads.emplace_back([loop = loops[i].get(), i] {
      ::pthread_setname_np(::pthread_self(), ("net-io-" + std::to_string(i)).c_str());
      auto keep = asio::make_work_guard(loop->context);
      loop->context.run();
    });
  }
}

asio::awaitable<void> Server::State::Accept(Listener& listener) {
  auto report = [](std::exception_ptr thrown) {
    if (!thrown) return;
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& e) {
      LogError("connection ended", {{"what", e.what()}});
    }
  };
  constexpr auto kToken = asio::as_tuple(asio::use_awaitable);
  while (listener.acceptor.is_open()) {
    IoLoop& loop = *loops[next_loop++ % loops.size()];
    auto [error, socket] = co_await listener.acceptor.async_accept(loop.context, kToken);
    if (error == asio::error::operation_aborted) co_return;
    if (error) {
      // Out of descriptors, most likely: connections that end will free some.
      LogWarn("accept failed", {{"error", error.message()}});
      asio::steady_timer pause(loops[0]->context, kAcceptRetry);
      co_await pause.async_wait(kToken);
      continue;
    }
    ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
    if (open.load() >= options.limits.max_connections) continue;
    asio::co_spawn(loop.context, ServeConnection(loop, std::move(socket), listener.context),
                   report);
  }
}

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}

Server::~Server() { Stop(Deadline::After(std::chrono::nanoseconds(0))); }

Result<std::unique_ptr<Server>> Server::Start(ServerOptions options, Router router) {
  auto state = std::make_unique<State>(std::move(options), std::move(router));
  TARN_RETURN_IF_ERROR(state->Prepare());
  state->Run();
  return std::unique_ptr<Server>(new Server(std::move(state)));
}

const std::vector<uint16_t>& Server::ports() const { return state_->ports; }

int Server::connections() const { return state_->open.load(); }

void Server::Stop(Deadline drain) {
  State& state = *state_;
  if (std::exchange(state.stopped, true)) return;
  asio::post(state.loops[0]->context, [&state] {
    boost::system::error_code ignored;
    for (State::Listener& listener : state.listeners) listener.acceptor.close(ignored);
  });
  for (auto& loop : state.loops) {
    asio::post(loop->context, [loop = loop.get()] { loop->Drain(); });
  }
  while (state.open.load() > 0 && !drain.Passed()) std::this_thread::sleep_for(kDrainPoll);
  for (auto& loop : state.loops) loop->context.stop();
  for (auto& thread : state.threads) thread.join();
  state.listeners.clear();
  // A thread that raises a signal right now holds its loop for a moment; the coroutines must end
  // here, where what they refer to still is.
  for (auto& loop : state.loops) {
    while (loop.use_count() > 1) std::this_thread::yield();
    loop.reset();
  }
  state.loops.clear();
}

}  // namespace tarn::net
