#include "actors/gateway/connection_gate.hpp"

namespace jindou::actors {

connection_gate::connection_gate(std::size_t connections_max,
                                 std::size_t per_address_max)
    : connections_max_(connections_max), per_address_max_(per_address_max) {
  // nop
}

void connection_gate::change(std::size_t connections_max,
                             std::size_t per_address_max) {
  std::lock_guard guard{mx_};
  connections_max_ = connections_max;
  per_address_max_ = per_address_max;
}

bool connection_gate::enter(const boost::asio::ip::address& from) {
  std::lock_guard guard{mx_};
  if (count_ >= connections_max_ || !enter_address(from))
    return false;
  ++count_;
  return true;
}

bool connection_gate::move(const boost::asio::ip::address& from,
                           const boost::asio::ip::address& to) {
  if (from == to)
    return true;
  std::lock_guard guard{mx_};
  if (!enter_address(to))
    return false;
  leave_address(from);
  return true;
}

void connection_gate::leave(const boost::asio::ip::address& from) {
  std::lock_guard guard{mx_};
  leave_address(from);
  --count_;
  if (empty())
    emptied_.notify_all();
}

bool connection_gate::enter_address(const boost::asio::ip::address& from) {
  auto at = by_address_.try_emplace(from, 0).first;
  if (at->second < per_address_max_) {
    ++at->second;
    return true;
  }
  if (at->second == 0)
    by_address_.erase(at);
  return false;
}

void connection_gate::leave_address(const boost::asio::ip::address& from) {
  if (auto at = by_address_.find(from);
      at != by_address_.end() && --at->second == 0)
    by_address_.erase(at);
}

void connection_gate::owe(std::size_t n) {
  std::lock_guard guard{mx_};
  owed_ += n;
}

void connection_gate::settle(std::size_t n) {
  std::lock_guard guard{mx_};
  owed_ -= n;
  if (empty())
    emptied_.notify_all();
}

bool connection_gate::wait_until_empty(
  std::chrono::steady_clock::time_point deadline) {
  std::unique_lock guard{mx_};
  return emptied_.wait_until(guard, deadline, [this] { return empty(); });
}

std::size_t connection_gate::count() const {
  std::lock_guard guard{mx_};
  return count_;
}

} // namespace jindou::actors
