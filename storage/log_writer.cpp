#include "storage/log_writer.hpp"

#include "messages/limits.hpp"
#include "storage/log.hpp"

#include <caf/exit_reason.hpp>

#include <chrono>

namespace jindou::storage {

log_writer_actor::behavior_type
log_writer(log_writer_actor::stateful_pointer<log_writer_state> self,
           log_writer_options options) {
  self->state.start(std::move(options));
  return {
    [self](const log_order_ptr& x) { self->state.on_order(x); },
    [self](const cut_work_ptr& x) { self->state.on_work(x); },
    [self](const quarantine_row_ptr& x) { self->state.on_quarantine(x); },
    [self](atom::flush) { self->state.on_flush(); },
    [self](atom::status) { return self->state.on_status(); },
  };
}

// -- life ---------------------------------------------------------------------

void log_writer_state::start(log_writer_options options) {
  options_ = std::move(options);
  self_->set_exit_handler([this](caf::exit_msg& x) { on_exit(x.reason); });
  self_->set_exception_handler([this](std::exception_ptr&) -> caf::error {
    fail({fault::io, 0, 0, "exception in the log writer"});
    return caf::exit_reason::unhandled_exception;
  });
  room_ = disk_room{options_.room};
  probe();
}

void log_writer_state::on_exit(const caf::error& reason) {
  // Without room only orders are waited for: who sent them hears of it.
  while (!failed_ && (!orders_.empty() || (!full_ && works_wait())))
    on_flush();
  end_copy(error{fault::io, 0, 0, "the node stops"});
  if (!failed_)
    set_aside();
  if (!failed_)
    close();
  failed_ = true;
  self_->quit(reason);
}

void log_writer_state::close() {
  auto done = options_.store->close();
  if (done)
    return;
  if (done.error().what != fault::full)
    return fail(done.error());
  log().warn("[log-not-emptied] the disk is full: the next start empties the "
             "write-ahead log");
}

void log_writer_state::fail(const error& why) {
  if (std::exchange(failed_, true))
    return;
  log().critical("[disk-failed] writing failed ({}, sqlite {}, errno {}): {}",
                 to_string(why.what), why.sqlite_code, why.os_errno,
                 why.context);
  options_.fatal(why);
}

// -- messages -----------------------------------------------------------------

void log_writer_state::on_order(const log_order_ptr& order) {
  orders_.push_back(order);
  wake();
}

void log_writer_state::on_work(const cut_work_ptr& work) {
  switch (work->what) {
  case state_change::kind::cut:
    cuts_.push_back(work);
    break;
  case state_change::kind::fold:
    folds_.push_back(work);
    break;
  case state_change::kind::aside:
    options_.health->set_damaged(work->group); // from now on, come what may
    asides_.push_back({work, false});
    break;
  }
  wake();
}

void log_writer_state::on_quarantine(const quarantine_row_ptr& row) {
  if (events_.size() == limits::quarantine_rows_max)
    events_.pop_front(); // the table would forget it anyway
  events_.push_back(row);
  wake();
}

void log_writer_state::on_flush() {
  awake_ = false;
  if (failed_)
    return;
  probe();
  set_aside();
  flush();
  copy();
}

void log_writer_state::flush() {
  if (failed_ || (orders_.empty() && !works_wait()))
    return;
  auto mine = take_share();
  auto done = write(mine);
  if (done)
    succeeded(mine, std::move(*done));
  else if (done.error().what == fault::full)
    no_room(mine, done.error());
  else
    fail(done.error());
}

std::string log_writer_state::on_status() const {
  auto line = [](const char* key, std::size_t x) {
    return std::string{key} + ' ' + std::to_string(x) + '\n';
  };
  return line("orders", orders_.size()) + line("cuts", cuts_.size())
         + line("folds", folds_.size()) + line("events", events_.size())
         + line("disk_full", full_ ? 1 : 0);
}

// -- a flush ------------------------------------------------------------------

/// Sends the next flush to the end of the mailbox: all that arrived while a
/// commit ran goes into it. That is the group commit.
void log_writer_state::wake() {
  if (std::exchange(awake_, true))
    return;
  if (options_.linger.count() > 0)
    self_->delayed_send(log_writer_actor{self_}, options_.linger,
                        atom::flush::value);
  else
    self_->send(log_writer_actor{self_}, atom::flush::value);
}

bool log_writer_state::works_wait() const {
  return !cuts_.empty() || !folds_.empty() || !events_.empty();
}

/// Counts the jobs of a batch if all are the next ones of their groups.
bool log_writer_state::follows(const log_batch& batch) {
  for (auto i = batch.jobs.begin(); i != batch.jobs.end(); ++i) {
    auto& last = jobs_[i->group];
    if (i->job == last + 1) {
      ++last;
      continue;
    }
    for (auto done = batch.jobs.begin(); done != i; ++done)
      --jobs_[done->group];
    return false;
  }
  return true;
}

void log_writer_state::take_orders(share& to) {
  std::size_t entries = 0;
  std::size_t bytes = 0;
  while (!orders_.empty()) {
    auto& batch = orders_.front()->batch;
    entries += batch.entries;
    bytes += batch.bytes;
    auto over
      = entries > limits::flush_entries_max || bytes > limits::flush_bytes_max;
    if (over && !to.orders.empty())
      return;
    to.orders.push_back({orders_.front(), follows(batch)});
    orders_.pop_front();
  }
}

/// Without room, cuts and entries take turns: neither may keep the other from
/// the little that there is.
log_writer_state::share log_writer_state::take_share() {
  share res;
  auto works_turn = full_ && works_wait() && self_->clock().now() >= retry_at_;
  if (!works_turn)
    take_orders(res);
  if (full_ && !works_turn)
    return res;
  auto take = [](auto& queue, auto& to) {
    if (queue.empty())
      return;
    to = queue.front();
    queue.pop_front();
  };
  take(cuts_, res.cut);
  take(folds_, res.fold);
  res.events.assign(events_.begin(), events_.end());
  events_.clear();
  return res;
}

result<flush_report> log_writer_state::write(const share& x) {
  std::vector<const log_batch*> batches;
  for (auto& o : x.orders)
    if (o.follows)
      batches.push_back(&o.order->batch);
  using namespace std::chrono;
  auto now
    = duration_cast<milliseconds>(system_clock::now().time_since_epoch());
  std::vector<quarantined_event> events;
  for (auto& e : x.events)
    events.push_back({now.count(), e->actor,
                      static_cast<std::uint16_t>(e->event), e->reason,
                      e->body});
  write_batch all;
  all.cut = x.cut.get();
  all.fold = x.fold.get();
  all.batches = batches;
  all.quarantined = events;
  return options_.store->flush(all);
}

void log_writer_state::succeeded(const share& x, flush_report done) {
  auto& counters = *options_.counters;
  counters.add(counter::flushes);
  counters.add(counter::entries_appended, done.entries);
  counters.add(counter::flush_bytes, done.bytes);
  auto next = done.results.begin();
  for (auto& o : x.orders)
    answer(*o.order, o.follows ? std::move(*next++)
                               : flush_result{errc::unavailable, {}, {}});
  if (x.cut) {
    counters.add(counter::cuts);
    self_->send(x.cut->from, x.cut);
  }
  if (x.fold) {
    counters.add(counter::fold_steps);
    self_->send(x.fold->from, x.fold);
  }
  if (full_ && (x.cut || x.fold || !works_wait())) {
    full_ = false;
    log().info("[disk-room] the store has room again");
  }
  go_on();
  checkpoint();
}

void log_writer_state::no_room(const share& x, const error& why) {
  if (!std::exchange(full_, true))
    log().error("[disk-full] the store has no room: {}", why.context);
  use_reserve();
  for (auto& o : x.orders) {
    if (o.follows)
      for (auto& job : o.order->batch.jobs)
        --jobs_[job.group];
    answer(*o.order, {errc::unavailable, {}, {}});
  }
  if (x.cut)
    cuts_.push_front(x.cut);
  if (x.fold)
    folds_.push_front(x.fold);
  events_.insert(events_.begin(), x.events.begin(), x.events.end());
  while (events_.size() > limits::quarantine_rows_max)
    events_.pop_front();
  go_on();
}

/// Orders the next flush; work for which there was no room waits a second.
void log_writer_state::go_on() {
  if (!orders_.empty() || (!full_ && works_wait()))
    wake();
  auto now = self_->clock().now();
  if (!full_ || !works_wait() || now < retry_at_)
    return;
  retry_at_ = now + std::chrono::seconds{1};
  self_->delayed_send(log_writer_actor{self_}, std::chrono::seconds{1},
                      atom::flush::value);
}

void log_writer_state::answer(const log_order& order, flush_result x) {
  self_->send(order.from, std::make_shared<const flush_result>(std::move(x)));
}

void log_writer_state::checkpoint() {
  auto done = options_.store->checkpoint_if_due();
  if (!done) {
    if (done.error().what != fault::full)
      return fail(done.error());
    return use_reserve();
  }
  if (*done)
    options_.counters->add(counter::checkpoints);
}

} // namespace jindou::storage
