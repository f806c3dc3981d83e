#pragma once

#include "messages/limits.hpp"
#include "messages/session.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace jindou::actors {

/// The RECVs of one session that its client has not acknowledged, in the order
/// of their pushes; pure. Clients acknowledge nearly in order, so a look-up
/// starts at the oldest. Holds no memory while empty.
class unacked {
public:
  explicit unacked(std::size_t max = limits::unacked_max) : max_(max) {
    // nop
  }

  /// Remembers a RECV. False: the oldest one was forgotten for it.
  bool remember(unacked_recv x);

  /// Forgets a RECV. False: it was not remembered.
  bool acknowledge(message_id id);

  /// Takes those pushed at or before `before_ms` for another push, oldest
  /// first: counts the attempt, notes `now_ms`. Those that have had
  /// `attempts_max` attempts are dropped instead.
  std::vector<unacked_recv>
  take_due(std::int64_t before_ms, std::int64_t now_ms, unsigned attempts_max);

  std::size_t size() const {
    return count_;
  }

private:
  void release(std::size_t at);
  void trim();

  // Two lists side by side, so that a search walks over ids alone. 0 marks a
  // place that is free; everything before `head_` is.
  std::vector<message_id> ids_;
  std::vector<unacked_recv> recvs_;
  std::size_t head_ = 0;
  std::size_t count_ = 0;
  std::size_t max_;
  std::int64_t oldest_ms_ = 0; // no push is older
};

} // namespace jindou::actors
