#include "actors/push/pusher.hpp"

#include "actors/gateway/session_table.hpp"
#include "actors/log.hpp"
#include "messages/limits.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace jindou::actors {

namespace {

using clock = std::chrono::steady_clock;

std::uint64_t nanoseconds_since(clock::time_point t0) {
  return static_cast<std::uint64_t>((clock::now() - t0).count());
}

} // namespace

pusher_actor::behavior_type
pusher(resident_pointer<pusher_actor, pusher_state> self,
       pusher_options options) {
  self->state.start(std::move(options));
  self->set_turn(limits::pusher_turn);
  self->set_quarantine([](std::string_view why) {
    log().error("[push-failed] pusher dropped a batch: {}", why);
  });
  return {
    [self](const push_delivery_ptr& x) {
      self->guarded(1, [&] { self->state.on_push(x); });
    },
  };
}

// -- messages -----------------------------------------------------------------

void pusher_state::start(pusher_options options) {
  options_ = std::move(options);
  online_ = &options_.stats->handler(event_type::push_online, "online");
  batch_ = &options_.stats->handler(event_type::push_batch, "online");
  offline_ = &options_.stats->handler(event_type::push_offline, "park");
  ack_ = &options_.stats->handler(event_type::push_ack, "count");
}

void pusher_state::on_push(const push_delivery_ptr& x) {
  auto t0 = clock::now();
  auto& batch = x->content;
  totals sum;
  now_ms_ = options_.now_ms();
  writer_.begin(*batch.content);
  for (auto& uid : *batch.receivers)
    if (uid != well_known::system_uid)
      push_online(batch, uid, sum);
  wake_dirty();
  auto events = batch.receivers->size() * batch.content->items.size();
  auto& metric = batch.receivers->size() > 2 ? *batch_ : *online_;
  metric.add(nanoseconds_since(t0), events, sum.counts.dropped);
  auto& stats = *options_.stats;
  stats.add(counter::recvs, sum.recvs);
  stats.add(counter::frames_out, sum.recvs);
  stats.add(counter::pushes_delivered, sum.counts.delivered);
  stats.add(counter::pushes_parked, sum.counts.parked);
  stats.add(counter::pushes_dropped, sum.counts.dropped);
  ack_->add(0, 1, 0);
  x->answer(errc::none);
}

// -- helpers ------------------------------------------------------------------

void pusher_state::push_online(const push_batch& x, std::string_view uid,
                               totals& sum) {
  sessions_.clear();
  options_.sessions->append_sessions(uid, sessions_);
  auto master = false;
  for (auto& to : sessions_) {
    if (x.only && !std::binary_search(x.only->begin(), x.only->end(), to->id()))
      continue;
    if (auto who = to->identity()) {
      master = master || who->level == device_level::master;
      auto& block = writer_.write(uid, *to, *who);
      push_to(block, std::move(to), sum);
    }
  }
  if (x.only) // who only listens is not waited for
    return;
  // As in v2: whoever has no master device on line is reported as off line,
  // too, so that the back end can wake the device in the pocket.
  if (!master && x.content->channel.type != channel_type::agent)
    park(x, sum);
}

void pusher_state::push_to(const recv_block& block, session_ptr to,
                           totals& sum) {
  auto n = block.frames.size();
  if (n == 0)
    return;
  // Remembered before it is written: the RECVACK may come at once.
  for (auto& f : block.frames)
    if (f.remember)
      to->remember({f.id, block.bytes.window(f.begin, f.end), now_ms_,
                    static_cast<std::uint32_t>(block.bytes.size()), 0});
  switch (to->append(block.bytes)) {
  case session::pushed::wake:
    mark_dirty(std::move(to));
    [[fallthrough]];
  case session::pushed::queued:
    sum.counts.delivered += n;
    sum.recvs += n;
    break;
  default:
    sum.counts.dropped += n;
  }
}

void pusher_state::park(const push_batch& x, totals& sum) {
  sum.counts.parked += x.content->items.size();
  offline_->add(0, x.content->items.size(), 0);
}

void pusher_state::mark_dirty(session_ptr who) {
  auto* port = &who->io();
  auto same = [&](auto& kv) { return kv.first == port; };
  auto i = std::find_if(dirty_.begin(), dirty_.end(), same);
  if (i == dirty_.end())
    i = dirty_.insert(dirty_.end(), {port, {}});
  i->second.push_back(std::move(who));
}

void pusher_state::wake_dirty() {
  for (auto& [port, who] : dirty_)
    if (!who.empty())
      port->wake(std::exchange(who, {}));
  sessions_.clear();
}

} // namespace jindou::actors
