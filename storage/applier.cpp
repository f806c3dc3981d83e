#include "storage/applier.hpp"

#include "messages/assert.hpp"
#include "storage/apply.hpp"
#include "storage/log.hpp"

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include <algorithm>

namespace jindou::storage {

namespace {

// A replica is cut at once when this much waits, and takes no more until a
// cut is durable when that much waits. A cut stops the applier and the log
// writer (5 ms for 65,000 messages) and with them everybody: small ones, often.
constexpr std::size_t rows_due = 256;
constexpr std::size_t rows_max = 512;
constexpr std::size_t messages_due = 1 << 12;
constexpr std::size_t messages_max = 1 << 18;

constexpr std::size_t journal_bytes_due = 8 << 20;

} // namespace

std::string validate(const applier_options& x) {
  if (!x.report || !x.groups || !x.versions || !x.counters || !x.writer
      || !x.fatal)
    return "report, groups, versions, counters, writer and fatal are needed";
  if (x.readers.empty())
    return "at least one reader is needed";
  if (x.cut_age.count() < 1 || x.fold_age < x.cut_age)
    return "cut_age is at least 1 ms, fold_age at least cut_age";
  if (x.state.dedupe.records_max == 0)
    return "the duplicate window holds at least one record";
  return {};
}

applier_actor::behavior_type
applier(applier_actor::stateful_pointer<applier_state> self,
        applier_options options) {
  self->state.start(std::move(options));
  return {
    [self](const apply_order_ptr& x) { self->state.on_order(x); },
    [self](const cut_work_ptr& x) { self->state.on_durable(x); },
    [self](const fetch_user_ptr& x) { self->state.on_fetch_user(*x); },
    [self](const fetch_channel_ptr& x) { self->state.on_fetch_channel(*x); },
    [self](const fetch_person_ptr& x) { self->state.on_fetch_person(*x); },
    [self](const history_request_ptr& x) { self->state.on_history(*x); },
    [self](atom::tick) { self->state.on_tick(); },
    [self](atom::status) { return self->state.on_status(); },
  };
}

// -- life ---------------------------------------------------------------------

void applier_state::start(applier_options options) {
  JINDOU_ASSERT(validate(options).empty());
  options_ = std::move(options);
  self_->set_exit_handler([this](caf::exit_msg& x) { on_exit(x.reason); });
  self_->set_exception_handler([this](std::exception_ptr&) -> caf::error {
    log().critical("[applier-threw] applier ends by an exception");
    if (!std::exchange(dead_, true))
      options_.fatal({fault::io, 0, 0, "exception in the applier"});
    return caf::exit_reason::unhandled_exception;
  });
  auto opened = state_store::open(options_.state, *options_.report);
  options_.report.reset();
  if (!opened) {
    dead_ = true;
    return options_.fatal(opened.error());
  }
  store_ = std::move(*opened);
  for (auto* x : store_->all()) {
    places_.emplace(x->group(), members_.size());
    members_.push_back({x, {}, false});
  }
  cuts_ = cut_scheduler{members_.size(), options_.cut_age};
  folds_ = fold_scheduler{members_.size(), options_.fold_age};
  plan_tick();
}

void applier_state::on_exit(const caf::error& reason) {
  for (std::size_t i = 0; i < members_.size() && !dead_; ++i) {
    auto& x = members_[i];
    if (!x.broken && x.store->loaded() && x.store->changed()
        && !x.store->cut_under_way())
      cut(i, true);
    refuse_all(i);
  }
  self_->quit(reason);
}

// -- orders -------------------------------------------------------------------

void applier_state::on_order(const apply_order_ptr& order) {
  order_at x{
    order, caf::actor_cast<raft_host_actor>(self_->current_sender()), 0, {}};
  auto place = places_.find(order->group);
  if (dead_)
    return; // nothing may be answered any more
  if (place == places_.end())
    return refuse(x, errc::unavailable);
  members_[place->second].orders.push_back(std::move(x));
  carry_out(place->second);
  plan_tick();
}

/// Works off what waits for one replica, until that must wait for its cut.
void applier_state::carry_out(std::size_t i) {
  auto& m = members_[i];
  while (!m.orders.empty()) {
    auto ready = usable(i);
    auto done = ready && apply_items(i, m.orders.front());
    if (m.broken)
      return refuse_all(i);
    if (!done)
      return;
    answer(m.orders.front());
    m.orders.pop_front();
  }
}

/// Returns false if the order has to wait.
bool applier_state::apply_items(std::size_t i, order_at& x) {
  auto& m = members_[i];
  auto& items = x.order->items;
  x.results.reserve(items.size());
  std::uint64_t stored = 0;
  auto before = x.next;
  for (; x.next < items.size() && make_room(i); ++x.next) {
    auto& item = items[x.next];
    changed_slots_.clear();
    auto done = apply(*m.store, item.record.span(), item.pos, changed_slots_);
    if (!done) {
      failed(i, done.error());
      return false;
    }
    for (auto slot : changed_slots_)
      options_.versions->raise(slot);
    stored += done->seq != 0 && !done->duplicate ? 1U : 0U;
    x.results.push_back(*done);
  }
  options_.counters->add(counter::entries_applied, x.next - before);
  options_.counters->add(counter::messages_stored, stored);
  if (x.next != before)
    cuts_.changed(i, self_->clock().now());
  return x.next == items.size();
}

/// Cuts early when much waits. False = the replica must wait for its cut.
bool applier_state::make_room(std::size_t i) {
  auto& x = *members_[i].store;
  auto rows = x.open_rows();
  auto messages = x.open_messages();
  if (rows < rows_due && messages < messages_due)
    return true;
  if (x.cut_under_way())
    return rows < rows_max && messages < messages_max;
  cut(i, false);
  return true;
}

/// Every origin hears of its own commands, then the host how far we are.
void applier_state::answer(order_at& x) {
  for (auto& origin : x.order->origins) {
    auto batch = std::make_shared<applied_batch>();
    batch->request = origin.request;
    auto first = x.results.begin() + origin.first;
    batch->results.assign(first, first + origin.count);
    if (origin.from)
      self_->send(origin.from, applied_ptr{std::move(batch)});
  }
  auto last = x.order->first + x.order->items.size() - 1;
  if (x.host && !x.order->items.empty())
    self_->send(x.host, applied_to{x.order->group, last});
}

void applier_state::refuse(const order_at& x, errc why) {
  for (auto& origin : x.order->origins) {
    auto batch = std::make_shared<applied_batch>();
    batch->request = origin.request;
    batch->error = why;
    if (origin.from)
      self_->send(origin.from, applied_ptr{std::move(batch)});
  }
}

/// What was committed and is not applied here has an outcome nobody knows.
void applier_state::refuse_all(std::size_t i) {
  auto& orders = members_[i].orders;
  for (auto& x : orders)
    refuse(x, errc::unknown);
  orders.clear();
}

// -- cuts and folds -----------------------------------------------------------

/// `in_turn`: it was due by its age; else the others keep their time.
void applier_state::cut(std::size_t i, bool in_turn) {
  hand_over(members_[i].store->seal());
  if (in_turn)
    cuts_.sealed(i, self_->clock().now());
  else
    cuts_.sealed_early(i);
}

void applier_state::fold(std::size_t i) {
  auto& x = *members_[i].store;
  if (!x.folding())
    x.begin_fold();
  hand_over(x.next_fold_step());
  fold_under_way_ = true;
}

void applier_state::hand_over(state_change&& x) {
  auto work = std::make_shared<cut_work>();
  static_cast<state_change&>(*work) = std::move(x);
  work->number = next_number_++;
  work->from = static_cast<applier_actor>(self_);
  under_way_.emplace(work.get(), places_.at(work->group));
  self_->send(options_.writer, cut_work_ptr{std::move(work)});
}

void applier_state::on_durable(const cut_work_ptr& work) {
  if (work->what == state_change::kind::aside)
    return on_aside(work->group);
  auto found = under_way_.find(work.get());
  if (found == under_way_.end())
    return; // none of ours
  auto i = found->second;
  under_way_.erase(found);
  auto& x = *members_[i].store;
  auto now = self_->clock().now();
  x.done(work->what);
  auto folded = work->what == state_change::kind::fold;
  if (folded)
    fold_under_way_ = false;
  if (members_[i].broken)
    return plan_tick(); // it is the turn of another, and stays so
  if (folded)
    folds_.stepped(i, x.folding() ? x.fold_steps_left() : 0, now);
  auto overdue = x.journal_bytes() >= journal_bytes_due;
  auto left = x.channels_to_fold() + (x.folding() ? 1 : 0);
  folds_.waits(i, {left, overdue}, now);
  fold_if_due(now); // at once, since what waits may make the next cut at once
  carry_out(i);
  plan_tick();
}

void applier_state::on_tick() {
  if (dead_)
    return;
  auto now = self_->clock().now();
  if (next_tick_ && *next_tick_ <= now) // else an earlier one, or a later one
    next_tick_.reset();
  if (next_to_load_ < members_.size())
    load_next();
  auto may = [this](std::size_t i) { return has_no_cut_under_way(i); };
  if (auto i = cuts_.due(now, may))
    cut(*i, true);
  fold_if_due(now);
  plan_tick();
}

/// A fold takes heads as of a durable cut, so it waits for one on its way.
void applier_state::fold_if_due(clock_type::time_point now) {
  if (auto i = folds_.due(now);
      i && !fold_under_way_ && has_no_cut_under_way(*i))
    fold(*i);
}

bool applier_state::has_no_cut_under_way(std::size_t i) const {
  return !members_[i].broken && !members_[i].store->cut_under_way();
}

/// Loads one replica more; those that are asked first load themselves.
void applier_state::load_next() {
  auto i = next_to_load_++;
  if (usable(i))
    folds_.waits(i, {members_[i].store->channels_to_fold(), false},
                 self_->clock().now());
}

/// Sends itself the next tick: none while there is nothing to do.
void applier_state::plan_tick() {
  auto now = self_->clock().now();
  // A fold that is due may wait for a cut; looking now and then is enough.
  auto soon = now + options_.cut_age / 64;
  std::optional<clock_type::time_point> at;
  if (next_to_load_ < members_.size())
    at = now;
  else if (cuts_.active() > 0)
    at = soon;
  if (auto fold = folds_.next(); fold && !at && !fold_under_way_)
    at = std::max(*fold, soon);
  if (!at || (next_tick_ && *next_tick_ <= *at))
    return;
  next_tick_ = *at;
  self_->delayed_send(static_cast<applier_actor>(self_), *at - now,
                      atom::tick::value);
}

// -- faults -------------------------------------------------------------------

/// Loads a replica that is asked for the first time.
bool applier_state::usable(std::size_t i) {
  auto& x = members_[i];
  if (dead_ || x.broken)
    return false;
  if (x.store->loaded())
    return true;
  auto done = x.store->load();
  if (!done)
    failed(i, done.error());
  return done && !dead_;
}

/// A damaged row costs its replica, a fault of the disk the process. Returns
/// what a reader hears.
errc applier_state::failed(std::size_t i, const error& why) {
  auto& x = members_[i];
  if (why.what == fault::corrupt && why.sqlite_code == 0) {
    log().error("[replica-damaged] group {} has a damaged row ({}), takes part "
                "no more",
                x.store->group(), why.context);
    set_aside(i);
    return errc::corrupt;
  }
  if (!std::exchange(dead_, true)) {
    log().critical("[disk-failed] reading failed ({}, sqlite {}, errno {}): {}",
                   to_string(why.what), why.sqlite_code, why.os_errno,
                   why.context);
    options_.fatal(why);
  }
  return errc::disk_failed;
}

/// Takes a replica out and has the store remember it.
void applier_state::set_aside(std::size_t i) {
  if (std::exchange(members_[i].broken, true))
    return;
  cuts_.sealed(i, self_->clock().now());
  folds_.forget(i);
  auto work = std::make_shared<cut_work>();
  work->what = state_change::kind::aside;
  work->group = members_[i].store->group();
  work->from = static_cast<applier_actor>(self_);
  self_->send(options_.writer, cut_work_ptr{std::move(work)});
}

/// The writer has noted a damaged replica; a reader may have found it.
void applier_state::on_aside(group_id group) {
  auto place = places_.find(group);
  if (place == places_.end())
    return;
  auto i = place->second;
  if (!std::exchange(members_[i].broken, true)) {
    cuts_.sealed(i, self_->clock().now());
    folds_.forget(i);
  }
  refuse_all(i);
}

std::string applier_state::on_status() const {
  auto line = [](const char* key, std::size_t x) {
    return std::string{key} + ' ' + std::to_string(x) + '\n';
  };
  std::size_t waiting = 0, channels = 0, broken = 0, journal = 0;
  for (auto& x : members_) {
    waiting += x.orders.size();
    channels += x.store->channels();
    journal += x.store->journal_bytes();
    broken += x.broken ? 1U : 0U;
  }
  return line("replicas", members_.size()) + line("damaged", broken)
         + line("waiting_orders", waiting) + line("channels", channels)
         + line("clean_bytes", store_ ? store_->clean_bytes() : 0)
         + line("journal_bytes", journal) + line("to_cut", cuts_.active())
         + line("under_way", under_way_.size());
}

} // namespace jindou::storage
