#include "actors/user/subscriptions.hpp"

#include <algorithm>
#include <utility>

namespace jindou::actors {

errc subscriptions::hand_on(const subscription& x, std::size_t most) {
  auto i = find(x);
  if (i == lines_.end()) {
    if (!x.wanted)
      return errc::not_subscribed;
    if (count(x.session) >= most)
      return errc::busy;
    i = lines_.insert(i, {x.session, x.channel, 0, false});
  }
  ++i->open;
  return errc::none;
}

void subscriptions::settle(const subscribed& x) {
  auto i = find(x.what);
  if (i == lines_.end()) // the session has ended meanwhile
    return;
  --i->open;
  if (x.decided)
    i->kept = x.what.kept;
  if (i->open == 0 && !i->kept)
    lines_.erase(i);
}

std::vector<channel_key> subscriptions::take(connection_id session) {
  std::vector<channel_key> res;
  for (auto& x : lines_)
    if (x.session == session)
      res.push_back(std::move(x.channel));
  std::erase_if(lines_, [&](auto& x) { return x.session == session; });
  return res;
}

std::vector<subscriptions::line>::iterator
subscriptions::find(const subscription& x) {
  return std::find_if(lines_.begin(), lines_.end(), [&](auto& y) {
    return y.session == x.session && y.channel == x.channel;
  });
}

std::size_t subscriptions::count(connection_id session) const {
  auto own = [&](auto& x) { return x.session == session; };
  return static_cast<std::size_t>(
    std::count_if(lines_.begin(), lines_.end(), own));
}

} // namespace jindou::actors
