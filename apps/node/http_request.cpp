#include "apps/node/http_request.hpp"

#include "configs/address.hpp"

#include <cerrno>
#include <charconv>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <system_error>
#include <unistd.h>

namespace jindou::app {

namespace {

constexpr std::size_t answer_bytes_max = 1 << 20;

/// A socket that is closed at the end of its scope.
class connected {
public:
  connected(const std::string& host, std::uint16_t port) {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    if (getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found)
        != 0)
      return;
    fd_ = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    timeval limit{10, 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    if (connect(fd_, found->ai_addr, found->ai_addrlen) != 0) {
      close(fd_);
      fd_ = -1;
    }
    freeaddrinfo(found);
  }

  connected(const connected&) = delete;

  ~connected() {
    if (fd_ >= 0)
      close(fd_);
  }

  bool good() const {
    return fd_ >= 0;
  }

  bool send_all(const std::string& bytes) const {
    std::size_t at = 0;
    while (at < bytes.size()) {
      auto n = send(fd_, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
      if (n <= 0)
        return false;
      at += static_cast<std::size_t>(n);
    }
    return true;
  }

  std::string read_all() const {
    std::string res;
    char buffer[4'096];
    while (res.size() < answer_bytes_max) {
      auto n = recv(fd_, buffer, sizeof(buffer), 0);
      if (n <= 0)
        break;
      res.append(buffer, static_cast<std::size_t>(n));
    }
    return res;
  }

private:
  int fd_ = -1;
};

} // namespace

result<plain_answer, std::string> http_request(const std::string& address,
                                               const std::string& method_path,
                                               const std::string& token,
                                               const std::string& body) {
  auto to = configs::parse_address(address);
  if (!to)
    return "no address: " + address;
  connected socket{to->ip, to->port};
  if (!socket.good())
    return "no node answers at " + address + ": "
           + std::generic_category().message(errno);
  auto text = method_path + " HTTP/1.1\r\nHost: " + address
              + "\r\nConnection: close\r\ntoken: " + token
              + "\r\nContent-Length: " + std::to_string(body.size())
              + "\r\n\r\n" + body;
  if (!socket.send_all(text))
    return "the node at " + address + " hung up";
  auto answer = socket.read_all();
  auto head = answer.find("\r\n\r\n");
  plain_answer res;
  if (!answer.starts_with("HTTP/1.1 ") || head == answer.npos)
    return "what answers at " + address + " is no node";
  std::from_chars(answer.data() + 9, answer.data() + 12, res.status);
  res.body = answer.substr(head + 4);
  return res;
}

} // namespace jindou::app
