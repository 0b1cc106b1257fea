#pragma once
/// \file  A bare TCP client for tests of servers: what is sent is exactly what a test says.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace tarn::net {

/// Not thread-safe, but one thread may send while another reads.
class RawClient {
 public:
  /// A small receive buffer fills quickly when nobody reads.
  explicit RawClient(uint16_t port, int receive_buffer = 0)
      : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (receive_buffer > 0) {
      ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  ~RawClient() { ::close(fd_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  void Send(std::string_view bytes) {
    while (!bytes.empty()) {
      ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
  }
  void FinishWriting() { ::shutdown(fd_, SHUT_WR); }
  /// Reads until `count` occurrences of `mark` came; what came so far when the server closes first.
  std::string ReadUntil(std::string_view mark, int count = 1) {
    std::string all;
    char piece[4096];
    for (;;) {
      int found = 0;
      for (size_t at = all.find(mark); at != all.npos; at = all.find(mark, at + 1)) ++found;
      if (found >= count) return all;
      pollfd entry{fd_, POLLIN, 0};
      if (::poll(&entry, 1, 5000) <= 0) return all + "<timed out>";
      ssize_t got = ::recv(fd_, piece, sizeof piece, 0);
      if (got <= 0) return all;
      all.append(piece, static_cast<size_t>(got));
    }
  }
  std::string ReadToEnd() { return ReadUntil("\x01never\x01"); }
  int fd() const { return fd_; }

 private:
  int fd_;
};

}  // namespace tarn::net
