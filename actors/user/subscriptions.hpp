#pragma once

#include "messages/channel.hpp"

#include <cstddef>
#include <vector>

namespace jindou::actors {

/// What the sessions of one user are subscribed to, pure. A line stands here
/// from the SUB that is handed to its channel until the channel says that it
/// keeps the session no longer: so none is forgotten when the session ends.
class subscriptions {
public:
  /// Notes a SUB or UNSUB that goes to its channel.
  /// Errors: `errc::busy`: the session has `most` already;
  ///         `errc::not_subscribed`: there is nothing to end.
  errc hand_on(const subscription& x, std::size_t most);

  /// Takes what became of it.
  void settle(const subscribed& x);

  /// Takes out all channels of a session that has ended.
  std::vector<channel_key> take(connection_id session);

  std::size_t size() const {
    return lines_.size();
  }

private:
  struct line {
    connection_id session = 0;
    channel_key channel;
    /// Requests whose answer is still to come.
    unsigned open = 0;
    /// As the channel has last said.
    bool kept = false;
  };

  std::vector<line>::iterator find(const subscription& x);
  std::size_t count(connection_id session) const;

  std::vector<line> lines_;
};

} // namespace jindou::actors
