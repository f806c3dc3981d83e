#pragma once

#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

namespace jindou::test {

/// A real jindou-node on free ports and a temporary folder; ends with this
/// object.
class node_process {
public:
  explicit node_process(std::vector<std::string> options);
  node_process(const node_process&) = delete;
  ~node_process();

  std::uint16_t tcp_port() const {
    return tcp_port_;
  }

  bool alive() const;

private:
  void spawn(std::vector<std::string> arguments);
  void read_banner();

  std::string folder_;
  pid_t pid_ = -1;
  int out_ = -1;
  std::uint16_t tcp_port_ = 0;
};

/// A socket that speaks bytes.
class raw_client {
public:
  explicit raw_client(std::uint16_t port);
  raw_client(const raw_client&) = delete;
  ~raw_client();

  void write(const std::string& bytes) const;

  /// Reads until `size` bytes are there, the other side closes, or 3 s pass.
  std::string read(std::size_t size) const;

  /// Waits up to 6 s for the other side to close; drops what it reads.
  bool closed_by_peer() const;

private:
  int fd_;
};

} // namespace jindou::test
