#include "storage/log.hpp"
#include "storage/log_writer.hpp"

#include <chrono>
#include <utility>

// What the log writer does beside flushes: copies of the store, damaged
// replicas, and the room on the disk.

namespace jindou::storage {

namespace {

// Together at most 128 MiB/s.
constexpr int pages_per_copy_step = 32;
constexpr std::chrono::milliseconds copy_interval{2};

} // namespace

// -- copies -------------------------------------------------------------------

/// Copies a few pages and gives way to what waits: a flush may be late by one
/// step, not by a copy.
void log_writer_state::copy() {
  auto now = self_->clock().now();
  if (!copy_order_) {
    copy_order_ = options_.desk->take();
    if (!copy_order_)
      return;
    auto begun = options_.store->copy_to(copy_order_->path);
    if (!begun)
      return end_copy(begun.error());
    copy_.emplace(std::move(*begun));
  } else if (now < copy_at_) {
    return;
  }
  if (failed_ || copy_order_->given_up)
    return end_copy(error{fault::io, 0, 0, "the copy was given up"});
  auto done = copy_->step(pages_per_copy_step);
  if (!done)
    return end_copy(done.error());
  if (*done)
    return end_copy({});
  copy_order_->pages_total = copy_->total();
  copy_order_->pages_left = copy_->left();
  copy_at_ = self_->clock().now() + copy_interval;
  self_->delayed_send(log_writer_actor{self_}, copy_interval,
                      atom::flush::value);
}

void log_writer_state::end_copy(result<void> how) {
  copy_.reset();
  if (copy_order_)
    std::exchange(copy_order_, nullptr)->done.set_value(std::move(how));
}

// -- bad days -----------------------------------------------------------------

/// Marks damaged replicas, and tells the applier that they are.
void log_writer_state::set_aside() {
  for (auto& [work, told] : std::exchange(asides_, {})) {
    auto done = options_.store->set_aside(work->group);
    if (!done && done.error().what != fault::full)
      return fail(done.error());
    if (!told)
      self_->send(work->from, work);
    if (!told && !done) // the mark in memory stands
      log().warn("[damage-not-noted] group {} is damaged; the disk is full, so "
                 "it is noted later",
                 work->group);
    if (!done)
      asides_.push_back({work, true}); // the next flush tries again
  }
}

/// Measures the free space when it is time for it.
void log_writer_state::probe() {
  auto now = self_->clock().now();
  if (options_.probe.count() == 0 || now < probe_at_)
    return;
  probe_at_ = now + options_.probe;
  self_->delayed_send(log_writer_actor{self_}, options_.probe,
                      atom::flush::value);
  look_at_room();
}

void log_writer_state::look_at_room() {
  auto free = options_.free_bytes ? result<std::uint64_t>{options_.free_bytes()}
                                  : options_.store->free_bytes();
  if (!free)
    return; // a write will tell
  options_.health->free_bytes = *free;
  auto enough = room_.measured(*free);
  if (enough && !full_ && options_.store->reserve(options_.room.reserve))
    room_.leave();
  show_room();
}

/// A write found no room: the reserve makes some, for votes and for what was
/// accepted before.
void log_writer_state::use_reserve() {
  room_.refused();
  auto freed = options_.store->shrink_reserve(room_.kept_reserve());
  show_room();
  if (freed == 0)
    return;
  log().warn("[reserve-used] the store frees {} bytes of its reserve", freed);
  // Begins the write-ahead log anew, so that it does not take that room.
  auto done = options_.store->checkpoint();
  if (!done && done.error().what != fault::full)
    fail(done.error());
}

void log_writer_state::show_room() {
  auto low = room_.low();
  if (options_.health->no_room.exchange(low) == low)
    return;
  auto free = options_.health->free_bytes >> 20;
  if (low)
    log().error("[store-refuses] the store takes no new messages, {} MiB are "
                "free; reads and log-ins go on",
                free);
  else
    log().info("[store-accepts] the store takes messages again, {} MiB are "
               "free",
               free);
}

} // namespace jindou::storage
