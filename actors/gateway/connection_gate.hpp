#pragma once

#include <boost/asio/ip/address.hpp>

#include <cstddef>
#include <map>
#include <mutex>

namespace jindou::actors {

/// Counts the connections of this node, all and by address, and keeps them
/// within their bounds.
class connection_gate {
public:
  connection_gate(std::size_t connections_max, std::size_t per_address_max);

  /// Takes a place. False: one of the bounds is reached.
  bool enter(const boost::asio::ip::address& from);

  /// Gives a place back.
  void leave(const boost::asio::ip::address& from);

  std::size_t count() const;

private:
  mutable std::mutex mx_;
  std::map<boost::asio::ip::address, std::size_t> by_address_;
  std::size_t count_ = 0;
  std::size_t connections_max_;
  std::size_t per_address_max_;
};

} // namespace jindou::actors
