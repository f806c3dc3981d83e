#include "actors/channel/listener_set.hpp"

#include "messages/hash.hpp"

#include <algorithm>
#include <utility>

namespace jindou::actors {

namespace {

using uid_list = std::vector<std::string>;
using session_list = std::vector<connection_id>;

std::size_t parts_for(std::size_t sessions) {
  constexpr auto most = limits::receivers_per_push_max;
  return std::max<std::size_t>(1, (sessions + most - 1) / most);
}

listener_set::part sealed(uid_list uids, session_list sessions) {
  std::sort(uids.begin(), uids.end());
  uids.erase(std::unique(uids.begin(), uids.end()), uids.end());
  std::sort(sessions.begin(), sessions.end());
  return {std::make_shared<const uid_list>(std::move(uids)),
          std::make_shared<const session_list>(std::move(sessions))};
}

} // namespace

void listener_set::add(connection_id session, std::string_view uid) {
  stale_ |= uids_.try_emplace(session, uid).second;
}

bool listener_set::remove(connection_id session) {
  auto was_there = uids_.erase(session) > 0;
  stale_ |= was_there;
  return was_there;
}

void listener_set::remove_users(
  const std::function<bool(std::string_view)>& gone) {
  stale_ |= std::erase_if(uids_, [&](auto& x) { return gone(x.second); }) > 0;
}

const std::vector<listener_set::part>&
listener_set::parts(const subscriber_set& subscribers, bool may_move) {
  if (!std::exchange(stale_, false))
    return parts_;
  auto n = may_move || parts_.empty() ? parts_for(uids_.size()) : parts_.size();
  std::vector<uid_list> uids(n);
  std::vector<session_list> sessions(n);
  for (auto& [session, uid] : uids_) {
    if (subscribers.contains(uid))
      continue;
    auto i = hash_of_user(uid) % n;
    uids[i].push_back(uid);
    sessions[i].push_back(session);
  }
  parts_.clear();
  for (std::size_t i = 0; i < n; ++i)
    parts_.push_back(sealed(std::move(uids[i]), std::move(sessions[i])));
  return parts_;
}

} // namespace jindou::actors
