#pragma once

#include "actors/channel/subscriber_set.hpp"
#include "messages/ids.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace jindou::actors {

/// The sessions that have subscribed to a data channel for as long as they
/// live, pure. Split into parts as the subscribers are; parts are immutable and
/// made anew when they are next asked for after a change.
class listener_set {
public:
  struct part {
    subscriber_set::part uids;
    /// Only these sessions of the uids, sorted.
    std::shared_ptr<const std::vector<connection_id>> sessions;
  };

  void add(connection_id session, std::string_view uid);

  /// False: it was not there.
  bool remove(connection_id session);

  /// Removes the sessions of those uids that `gone` says.
  void remove_users(const std::function<bool(std::string_view)>& gone);

  /// The subscribers have changed.
  void touch() {
    stale_ = true;
  }

  bool empty() const {
    return uids_.empty();
  }

  std::size_t size() const {
    return uids_.size();
  }

  /// The sessions of all that are not `subscribers`, who get every message
  /// anyway. With `may_move` a uid may change its part: no push of the channel
  /// is under way.
  const std::vector<part>& parts(const subscriber_set& subscribers,
                                 bool may_move);

private:
  std::unordered_map<connection_id, std::string> uids_;
  std::vector<part> parts_;
  bool stale_ = true;
};

} // namespace jindou::actors
