#include "cluster/host.hpp"

#include "messages/assert.hpp"
#include "messages/record.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace jindou::cluster {

namespace {

std::vector<raft::entry> entries_of(std::vector<tail_record>& tail) {
  std::vector<raft::entry> res;
  res.reserve(tail.size());
  for (auto& x : tail)
    res.push_back(std::move(x.entry));
  return res;
}

/// Whether `ends` cuts the block into records that a store would take.
errc shape_of(const propose& what, const flush_limits& max) {
  if (!what.block || what.ends.empty()
      || what.ends.back() != what.block->size())
    return errc::invalid_argument;
  if (what.ends.size() > max.entries_max || what.block->size() > max.bytes_max)
    return errc::too_large;
  std::size_t start = 0;
  for (auto end : what.ends) {
    if (end < start + record::head_bytes)
      return errc::invalid_argument;
    if (end - start > limits::command_bytes_max)
      return errc::too_large;
    start = end;
  }
  return errc::none;
}

errc code_of(raft::refused why) {
  switch (why) {
  case raft::refused::no:
    return errc::none;
  case raft::refused::too_much:
    return errc::busy;
  case raft::refused::stale_term:
    return errc::not_leader;
  case raft::refused::not_leader: // and nobody else leads a group of one
  case raft::refused::not_ready:
    return errc::unavailable;
  }
  return errc::unavailable;
}

} // namespace

// -- life ---------------------------------------------------------------------

host::replica::replica(const raft::config& cfg, restored_group from)
    : core(cfg, from.state, entries_of(from.tail)), group(cfg.group) {
  for (const auto& x : from.tail)
    placed.push_back({group, x.entry.index, x.pos, 1});
}

host::host(host_limits limits, std::vector<restored_group> groups)
    : limits_(limits), queue_(limits.flush) {
  replicas_.reserve(groups.size());
  for (auto& x : groups) {
    auto group = x.state.group;
    raft::config cfg{group, x.state.self, limits_.core};
    replicas_.emplace_back(cfg, std::move(x));
    if (place_of_.size() <= group)
      place_of_.resize(group + 1);
    JINDOU_ASSERT(place_of_[group] == 0);
    place_of_[group] = static_cast<std::uint32_t>(replicas_.size());
    touch(replicas_.back());
  }
}

void host::close() {
  closed_ = true;
  for (const auto& x : std::exchange(inbox_, {}))
    refuse(*x, errc::stopping);
}

void host::abandon() {
  close();
  for (auto& x : replicas_)
    for (auto& who : std::exchange(x.origins, {}))
      out_.answers.push_back(
        {std::move(who.from),
         std::make_shared<const applied_batch>(
           applied_batch{who.request, errc::unknown, {}})});
}

bool host::idle() const {
  return inbox_.empty() && queue_.idle()
         && std::all_of(replicas_.begin(), replicas_.end(),
                        [](const replica& x) { return x.origins.empty(); });
}

// -- proposals ----------------------------------------------------------------

void host::enqueue(propose_ptr what) {
  if (closed_)
    return refuse(*what, errc::stopping);
  inbox_.push_back(std::move(what));
}

void host::flush(std::uint64_t now) {
  for (const auto& x : inbox_)
    work_off(x, now);
  inbox_.clear();
  pump();
}

void host::work_off(const propose_ptr& what, std::uint64_t now) {
  auto to = find(what->group);
  if (auto why = verdict(*what, to); why != errc::none)
    return refuse(*what, why);
  auto open = to->core.inspect();
  if (open.open_entries + what->ends.size() > limits_.round_entries_max
      || open.open_bytes + what->block->size() > limits_.round_bytes_max)
    drain(*to);
  stamp(*what, *to, now);
  auto count = static_cast<std::uint32_t>(what->ends.size());
  auto got = to->core.propose(to->core.term(), windows_);
  JINDOU_ASSERT(got.why == raft::refused::no);
  to->origins.push_back({what->from, what->request, got.first, count});
  out_.proposals += count;
  touch(*to);
}

errc host::verdict(const propose& what, replica* to) {
  if (auto why = shape_of(what, limits_.flush); why != errc::none)
    return why;
  if (to == nullptr)
    return errc::not_leader;
  if (store_full() || to->aside)
    return errc::unavailable;
  auto why = to->core.admits(to->core.term(), what.block->size());
  if (why != raft::refused::no)
    return code_of(why);
  if (unapplied_entries_ + what.ends.size() > limits_.unapplied_entries_max
      || unapplied_bytes_ + what.block->size() > limits_.unapplied_bytes_max)
    return errc::busy;
  return errc::none;
}

/// Fills the heads and then cuts the block into immutable windows.
void host::stamp(propose& what, replica& to, std::uint64_t now) {
  record::head h;
  h.group = to.group;
  h.kind = record::kind::command;
  h.index = to.core.last();
  h.term = to.core.term();
  h.log_time = std::max(now, to.core.log_time());
  windows_.clear();
  std::size_t start = 0;
  for (auto end : what.ends) {
    auto rec = std::span{*what.block}.subspan(start, end - start);
    auto built = record::peek(rec);
    h.op = built.op;
    h.flags = built.flags;
    ++h.index;
    record::stamp(rec, h);
    windows_.emplace_back(what.block, rec.data(), rec.size());
    start = end;
  }
}

void host::refuse(const propose& what, errc why) {
  out_.refused += what.ends.size();
  out_.answers.push_back({what.from, std::make_shared<const applied_batch>(
                                       applied_batch{what.request, why, {}})});
}

// -- the store ----------------------------------------------------------------

void host::flushed(const flush_result& result) {
  if (result.error != errc::none) {
    ticks_to_retry_ = limits_.retry_ticks;
    queue_.failed();
    return;
  }
  for (const auto& x : result.finished)
    if (auto to = find(x.group); to != nullptr)
      to->finished = std::max(to->finished, x.job);
  for (const auto& run : result.placed) {
    auto to = find(run.group);
    JINDOU_ASSERT(to != nullptr);
    to->placed.push_back(run);
  }
  for (const auto& x : queue_.succeeded()) {
    auto to = find(x.group);
    JINDOU_ASSERT(x.job <= to->finished);
    JINDOU_ASSERT(x.job == to->core.persisted_job() + 1); // H1
    to->core.persisted(x.job);
    touch(*to);
  }
  if (queue_.full())
    hand_over_again(); // one was accepted: try the next at once
  pump();
}

void host::hand_over_again() {
  auto notes = queue_.again();
  if (!notes)
    return;
  log_batch batch;
  for (const auto& x : *notes) {
    log_job job;
    job.group = x.group;
    job.job = x.job;
    job.vote = x.vote;
    for (std::uint32_t i = 0; i < x.count; ++i) {
      job.append.push_back(find(x.group)->core.entry_at(x.first + i));
      batch.bytes += job.append.back().bytes.size();
    }
    batch.entries += x.count;
    batch.jobs.push_back(std::move(job));
  }
  out_.write.push_back(std::move(batch));
}

void host::pump() {
  for (auto x : dirty_) {
    x->dirty = false;
    drain(*x);
  }
  dirty_.clear();
  while (auto batch = queue_.next())
    out_.write.push_back(std::move(*batch));
}

void host::drain(replica& x) {
  auto got = x.core.take();
  for (auto& job : got.persist)
    queue_.add(std::move(job));
  if (got.apply.first != 0)
    order(x, got.apply);
  for (const auto& e : got.events) {
    if (e.what == raft::event::what::ready && !x.aside && !x.ready) {
      x.ready = true;
      ++ready_;
    }
    out_.events.push_back({x.group, e});
  }
}

// -- applying -----------------------------------------------------------------

void host::order(replica& x, raft::apply_range range) {
  auto res = std::make_shared<apply_order>();
  res->group = x.group;
  res->first = range.first;
  res->items.reserve(range.last - range.first + 1);
  for (auto i = range.first; i <= range.last; ++i) {
    JINDOU_ASSERT(!x.placed.empty());
    auto& run = x.placed.front();
    JINDOU_ASSERT(i >= run.first_index && i - run.first_index < run.count);
    auto offset = i - run.first_index;
    res->items.push_back({x.core.entry_at(i).bytes, run.first + offset});
    if (offset + 1 == run.count)
      x.placed.pop_front();
  }
  while (!x.origins.empty() && x.origins.front().first <= range.last) {
    auto& who = x.origins.front();
    // A commit covers whole jobs, and a proposal is inside one job.
    JINDOU_ASSERT(who.first >= range.first);
    JINDOU_ASSERT(who.first + who.count - 1 <= range.last);
    res->origins.push_back({std::move(who.from), who.request,
                            static_cast<std::uint32_t>(who.first - range.first),
                            who.count});
    x.origins.pop_front();
  }
  out_.apply.push_back(std::move(res));
}

void host::applied(group_id group, raft::log_index index) {
  auto to = find(group);
  JINDOU_ASSERT(to != nullptr);
  to->core.applied(index);
  touch(*to);
  pump();
}

void host::set_aside(group_id group) {
  auto to = find(group);
  if (to == nullptr || std::exchange(to->aside, true))
    return;
  ++aside_;
  if (to->ready)
    --ready_;
  touch(*to); // nobody will apply what it holds
}

// -- time ---------------------------------------------------------------------

void host::tick(std::uint64_t now) {
  for (auto& x : replicas_) {
    x.core.tick(now);
    touch(x);
  }
  if (queue_.full() && queue_.in_flight() == 0) {
    if (ticks_to_retry_ > 0) {
      --ticks_to_retry_;
    } else {
      ticks_to_retry_ = limits_.retry_ticks;
      hand_over_again();
    }
  }
  pump();
}

// -- the rest -----------------------------------------------------------------

host::replica* host::find(group_id group) {
  if (group >= place_of_.size() || place_of_[group] == 0)
    return nullptr;
  return &replicas_[place_of_[group] - 1];
}

/// Counts what a core holds after it was told something (unsigned arithmetic:
/// the difference may be negative; what is set aside holds back nobody), and
/// remembers to ask it what it wants.
void host::touch(replica& x) {
  auto entries = x.aside ? 0 : x.core.last() - x.core.applied_index();
  auto bytes = x.aside ? 0 : x.core.unapplied_bytes();
  unapplied_entries_ += entries - std::exchange(x.entries, entries);
  unapplied_bytes_ += bytes - std::exchange(x.bytes, bytes);
  if (!x.dirty) {
    x.dirty = true;
    dirty_.push_back(&x);
  }
}

host::output host::take() {
  return std::exchange(out_, {});
}

std::string host::describe() const {
  auto line = [](std::string_view name, auto value) {
    return std::string{name} + ' ' + std::to_string(value) + '\n';
  };
  auto res = line("groups", groups()) + line("ready", ready_)
             + line("unapplied_entries", unapplied_entries_)
             + line("flushes_in_flight", queue_.in_flight())
             + line("flushes_waiting", queue_.waiting())
             + line("store_full", queue_.full() ? 1 : 0);
  for (const auto& x : replicas_) {
    auto v = x.core.inspect();
    auto name = "group." + std::to_string(x.group) + '.';
    res += line(name + "term", v.term) + line(name + "applied", v.applied)
           + line(name + "commit", v.commit) + line(name + "last", v.last);
  }
  return res;
}

} // namespace jindou::cluster
