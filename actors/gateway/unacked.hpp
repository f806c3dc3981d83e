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
  /// `max`: RECVs; `bytes_max`: of the blocks that they keep alive.
  explicit unacked(std::size_t max = limits::unacked_max,
                   std::size_t bytes_max = limits::outbox_bytes_max / 2)
      : max_(max), bytes_max_(bytes_max) {
    // nop
  }

  /// Remembers a RECV; returns how many of the oldest were forgotten for it.
  std::size_t remember(unacked_recv x);

  /// Forgets a RECV. False: it was not remembered.
  bool acknowledge(message_id id);

  /// Takes those pushed at or before `before_ms` for another push, oldest
  /// first: counts the attempt, notes `now_ms`. Those that have had
  /// `attempts_max` attempts are dropped instead. Beyond
  /// `limits::resend_bytes_max` they stay due.
  std::vector<unacked_recv>
  take_due(std::int64_t before_ms, std::int64_t now_ms, unsigned attempts_max);

  std::size_t size() const {
    return count_;
  }

  /// Of the blocks that are kept alive; one whose RECVs lie apart counts for
  /// each run of them.
  std::size_t bytes() const {
    return bytes_;
  }

private:
  const unacked_recv* before(std::size_t at) const;
  const unacked_recv* behind(std::size_t at) const;
  void release(std::size_t at);
  void trim();

  // Two lists side by side, so that a search walks over ids alone. 0 marks a
  // place that is free; everything before `head_` is.
  std::vector<message_id> ids_;
  std::vector<unacked_recv> recvs_;
  std::size_t head_ = 0;
  std::size_t count_ = 0;
  std::size_t max_;
  std::size_t bytes_max_;
  std::size_t bytes_ = 0;
  std::int64_t oldest_ms_ = 0; // no push is older
};

} // namespace jindou::actors
