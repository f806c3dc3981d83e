#pragma once

#include "messages/result.hpp"

#include <boost/asio/ip/address.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace jindou::actors {

/// Addresses and networks, of both families; pure.
class address_list {
public:
  /// Reads e.g. "10.0.0.0/8, 192.168.1.5, fd00::/8"; an empty text makes an
  /// empty list.
  /// Errors: a sentence that names the first entry that is none.
  static result<address_list, std::string> parse(std::string_view text);

  /// Says whether `x` is one of them; an IPv4 address counts the same when it
  /// is written as IPv6.
  bool contains(const boost::asio::ip::address& x) const;

  bool empty() const {
    return networks_.empty();
  }

private:
  struct network {
    boost::asio::ip::address_v6::bytes_type bytes;
    unsigned prefix; // bits of `bytes` that count
  };

  std::vector<network> networks_;
};

} // namespace jindou::actors
