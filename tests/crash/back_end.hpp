#pragma once

#include "tests/crash/ledger.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace jindou::crash {

/// An answer over HTTP.
struct http_answer {
  unsigned status = 0;
  std::string body;
};

/// A back end that talks to a node over HTTP, one connection per call.
class back_end {
public:
  explicit back_end(std::uint16_t port) : port_(port) {
    // nop
  }

  /// Nothing if the node cannot be reached or does not answer.
  std::optional<http_answer> get(const std::string& target);
  std::optional<http_answer> post(const std::string& target,
                                  const std::string& body);

private:
  std::optional<http_answer> ask(bool with_body, const std::string& target,
                                 const std::string& body);

  std::uint16_t port_;
};

/// A channel as a reader names it: a group, or a person seen by one of the two.
struct channel_name {
  std::string id;
  std::uint8_t type = 2;
  std::string reader; // login_uid

  std::string text() const {
    return std::to_string(type) + '/' + id;
  }
};

/// Reads a channel from `first` to its end. Nothing on a wrong answer.
std::optional<std::vector<stored_message>>
read_channel(back_end& from, const channel_name& which, std::uint64_t first);

} // namespace jindou::crash
