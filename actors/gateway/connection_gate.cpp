#include "actors/gateway/connection_gate.hpp"

namespace jindou::actors {

connection_gate::connection_gate(std::size_t connections_max,
                                 std::size_t per_address_max)
    : connections_max_(connections_max), per_address_max_(per_address_max) {
  // nop
}

bool connection_gate::enter(const boost::asio::ip::address& from) {
  std::lock_guard guard{mx_};
  if (count_ == connections_max_)
    return false;
  auto at = by_address_.try_emplace(from, 0).first;
  if (at->second == per_address_max_) {
    if (at->second == 0)
      by_address_.erase(at);
    return false;
  }
  ++at->second;
  ++count_;
  return true;
}

void connection_gate::leave(const boost::asio::ip::address& from) {
  std::lock_guard guard{mx_};
  auto at = by_address_.find(from);
  if (at == by_address_.end())
    return;
  --count_;
  if (--at->second == 0)
    by_address_.erase(at);
  if (empty())
    emptied_.notify_all();
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
