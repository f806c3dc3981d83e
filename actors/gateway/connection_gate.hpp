#pragma once

#include <boost/asio/ip/address.hpp>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>

namespace jindou::actors {

/// Counts the connections of this node, all and by address, and keeps them
/// within their bounds.
class connection_gate {
public:
  connection_gate(std::size_t connections_max, std::size_t per_address_max);

  /// Goes by other bounds from now on; who is in stays.
  void change(std::size_t connections_max, std::size_t per_address_max);

  /// Takes a place. False: one of the bounds is reached.
  bool enter(const boost::asio::ip::address& from);

  /// Counts a connection for another address. False: the bound of that one is
  /// reached; nothing changes.
  bool move(const boost::asio::ip::address& from,
            const boost::asio::ip::address& to);

  /// Gives a place back.
  void leave(const boost::asio::ip::address& from);

  std::size_t count() const;

  /// Counts the ends of connections that their users have not taken yet.
  void owe(std::size_t n);
  void settle(std::size_t n);

  /// Waits until there is no connection and nothing owed. False: the deadline
  /// passed before.
  bool wait_until_empty(std::chrono::steady_clock::time_point deadline);

private:
  bool enter_address(const boost::asio::ip::address& from);
  void leave_address(const boost::asio::ip::address& from);

  bool empty() const {
    return count_ == 0 && owed_ == 0;
  }

  mutable std::mutex mx_;
  std::condition_variable emptied_;
  std::map<boost::asio::ip::address, std::size_t> by_address_;
  std::size_t count_ = 0;
  std::size_t owed_ = 0;
  std::size_t connections_max_;
  std::size_t per_address_max_;
};

} // namespace jindou::actors
