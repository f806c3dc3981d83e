#include "cluster/raft_host.hpp"

#include "cluster/log.hpp"
#include "messages/assert.hpp"

#include <caf/send.hpp>

#include <exception>
#include <utility>

namespace jindou::cluster {

raft_host_actor::behavior_type
raft_host(caf::stateful_actor<raft_host_state, raft_host_base>* self,
          raft_host_options options) {
  self->state.start(std::move(options));
  return {
    [self](const propose_ptr& x) { self->state.on_propose(x); },
    [self](const flush_result_ptr& x) { self->state.on_flushed(x); },
    [self](const applied_to& x) { self->state.on_applied(x); },
    [self](atom::flush) { self->state.on_flush(); },
    [self](atom::tick) { self->state.on_tick(); },
    [self](atom::status) { return self->state.on_status(); },
  };
}

// -- life ---------------------------------------------------------------------

std::uint64_t wall_clock_ms() {
  using namespace std::chrono;
  auto now = system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(duration_cast<milliseconds>(now).count());
}

void raft_host_state::start(raft_host_options options) {
  options_ = std::move(options);
  for (auto& x : options_.groups)
    groups_.push_back(x.state.group);
  host_.emplace(options_.limits, std::move(options_.groups));
  self_->set_exit_handler([this](const caf::exit_msg& m) { stop(m.reason); });
  self_->set_exception_handler([this](std::exception_ptr&) -> caf::error {
    options_.fatal("exception in the raft host");
    return caf::exit_reason::unhandled_exception;
  });
  on_tick(); // a group of one elects itself at its first tick
}

raft_host_state::~raft_host_state() {
  if (!host_)
    return;
  host_->abandon(); // killed, or the drain took too long
  for (const auto& x : host_->take().answers)
    if (x.to)
      caf::anon_send(x.to, x.what);
}

void raft_host_state::stop(const caf::error& why) {
  if (stopping_)
    return;
  stopping_ = why;
  self_->let_in();
  host_->close();
  dispatch();
  // What was let in is refused in front of this flush, and not before it.
  flush_sent_ = true;
  self_->send(static_cast<raft_host_actor>(self_), atom::flush::value);
}

void raft_host_state::quit_if_idle() {
  if (stopping_ && host_->idle() && !flush_sent_)
    self_->quit(*stopping_);
}

// -- messages -----------------------------------------------------------------

void raft_host_state::on_propose(const propose_ptr& what) {
  host_->enqueue(what);
  if (!std::exchange(flush_sent_, true))
    self_->send(static_cast<raft_host_actor>(self_), atom::flush::value);
}

void raft_host_state::on_flush() {
  flush_sent_ = false;
  host_->room(options_.has_room());
  host_->flush(options_.now());
  dispatch();
  quit_if_idle();
}

void raft_host_state::on_flushed(const flush_result_ptr& what) {
  self_->let_in();
  host_->flushed(*what);
  dispatch();
  quit_if_idle();
}

void raft_host_state::on_applied(const applied_to& what) {
  host_->applied(what.group, what.index);
  dispatch();
  quit_if_idle();
}

void raft_host_state::on_tick() {
  look_at_store();
  self_->let_in();
  host_->tick(options_.now());
  dispatch();
  if (stopping_ && options_.drain_ticks-- == 0)
    return self_->quit(*stopping_);
  self_->delayed_send(static_cast<raft_host_actor>(self_), options_.tick,
                      atom::tick::value);
}

std::string raft_host_state::on_status() const {
  return host_->describe();
}

/// Nothing new goes where it would not be kept.
void raft_host_state::look_at_store() {
  host_->room(options_.has_room());
  for (auto group : groups_)
    if (options_.damaged(group))
      host_->set_aside(group);
}

// -- helpers ------------------------------------------------------------------

void raft_host_state::dispatch() {
  auto out = host_->take();
  for (auto& batch : out.write) { // first: the disk is what everybody waits for
    auto order = std::make_shared<log_order>();
    order->from = static_cast<raft_host_actor>(self_);
    order->batch = std::move(batch);
    self_->send(options_.writer, log_order_ptr{std::move(order)});
  }
  for (auto& order : out.apply) {
    JINDOU_ASSERT(order->group < options_.appliers.size());
    const auto& to = options_.appliers[order->group];
    self_->send(to, apply_order_ptr{std::move(order)});
  }
  for (const auto& x : out.answers)
    if (x.to)
      self_->send(x.to, x.what);
  report(out);
  if (!stopping_ && host_->writer_busy())
    self_->coalesce();
}

void raft_host_state::report(const host::output& out) {
  for (const auto& x : out.events)
    if (x.event.what == raft::event::what::ready)
      log().debug("[group-ready] group {} leads term {}", x.group,
                  x.event.term);
  if (host_->store_full() != full_) {
    full_ = host_->store_full();
    if (full_)
      log().warn(
        "[store-full] host refuses proposals, {} entries are under way",
        host_->unapplied_entries());
    else
      log().info("[store-has-room] host accepts proposals");
  }
  if (options_.status) {
    options_.status->ready_groups
      = static_cast<std::uint32_t>(host_->ready_groups());
    options_.status->aside_groups
      = static_cast<std::uint32_t>(host_->aside_groups());
    options_.status->store_full = full_;
    options_.status->unapplied_entries = host_->unapplied_entries();
  }
  if (!options_.metrics)
    return;
  if (out.proposals != 0)
    options_.metrics->add(counter::proposals, out.proposals);
  if (out.refused != 0)
    options_.metrics->add(counter::proposals_refused, out.refused);
}

} // namespace jindou::cluster
