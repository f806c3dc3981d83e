#pragma once

#include "storage/apply.hpp"
#include "storage/log_store.hpp"
#include "storage/memory_tables.hpp"
#include "storage/state_store.hpp"
#include "tests/support/entry_maker.hpp"
#include "tests/support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace jindou::test {

/// Keeps one group in the tables and in their twin, in lockstep: every entry is
/// made durable, then applied to both; results must be equal.
class twin_driver {
public:
  static constexpr group_id group = 1;

  explicit twin_driver(storage::dedupe_limits limits = {}) {
    options.dir = folder.path();
    options.reserve_bytes = 0;
    options.cache_kib = 1'024;
    options.data_groups = 1;
    tables.dedupe = limits;
    tables.salt = 7;
    tables.cache_kib = 1'024;
    open();
  }

  /// Opens the store as after a crash and applies the tail.
  void open() {
    state.reset();
    log.reset();
    auto opened = storage::log_store::open(options, report);
    ASSERT_TRUE(opened) << opened.error().context;
    log.emplace(std::move(*opened));
    tables.path = folder.path() + "/store.db";
    auto read = storage::state_store::open(tables, report);
    ASSERT_TRUE(read) << read.error().context;
    state = std::move(*read);
    job_ = 0;
    auto& from = start();
    if (!memory)
      memory
        = std::make_unique<storage::memory_tables>(from.cut, tables.dedupe);
    ASSERT_TRUE(from.healthy()) << from.quarantine_reason;
    loaded = replica().load();
    if (loaded)
      for (auto& x : from.tail)
        apply_again(x);
  }

  const storage::replica_start& start() const {
    for (auto& x : report.replicas)
      if (x.row.group == group)
        return x;
    std::abort();
  }

  storage::replica_store& replica() {
    return *state->find(group);
  }

  /// Makes records durable and applies them to both.
  void run(std::vector<byte_vector> records) {
    log_batch batch;
    auto& job = batch.jobs.emplace_back();
    job.group = group;
    job.job = ++job_;
    for (auto& rec : records) {
      auto head = record::peek(rec);
      if (head.term > term_)
        job.vote = {term_ = head.term, 0}; // no entry without its term
      job.append.push_back(
        {head.index, head.term, head.kind, shared_bytes{std::move(rec)}});
    }
    const log_batch* batches[] = {&batch};
    storage::write_batch all;
    all.batches = batches;
    auto done = log->flush(all);
    ASSERT_TRUE(done) << done.error().context;
    auto pos = done->results.at(0).placed.at(0).first;
    for (auto& x : job.append)
      apply_both(x.bytes.span(), pos++);
  }

  void run(const command::any& x) {
    run(std::vector<byte_vector>{make(x)});
  }

  void write(const storage::state_change& x) {
    storage::write_batch all;
    (x.what == storage::state_change::kind::cut ? all.cut : all.fold) = &x;
    auto done = log->flush(all);
    ASSERT_TRUE(done) << done.error().context;
  }

  void cut() {
    write(replica().seal());
    replica().done(storage::state_change::kind::cut);
  }

  /// Writes one step of a fold; begins one if none is under way.
  void fold_step() {
    auto& x = replica();
    if (!x.folding() && x.channels_to_fold() > 0)
      x.begin_fold();
    if (!x.folding())
      return;
    write(x.next_fold_step());
    x.done(storage::state_change::kind::fold);
  }

  void fold() {
    do
      fold_step();
    while (replica().folding());
  }

  temp_folder folder;
  storage::store_options options;
  storage::state_options tables;
  storage::start_report report;
  std::optional<storage::log_store> log;
  std::unique_ptr<storage::state_store> state;
  std::unique_ptr<storage::memory_tables> memory;
  storage::result<void> loaded;
  entry_maker make{group, 2};

private:
  void apply_both(byte_span rec, position pos) {
    memory->keep(pos, {rec.begin(), rec.end()});
    std::vector<slot_id> there, here;
    auto x = storage::apply(replica(), rec, pos, there);
    ASSERT_TRUE(x) << x.error().context;
    auto y = storage::apply(*memory, rec, pos, here);
    ASSERT_TRUE(y);
    ASSERT_EQ(*x, *y);
    ASSERT_EQ(there, here);
  }

  void apply_again(const storage::tail_entry& x) {
    std::vector<slot_id> ignored;
    auto done = storage::apply(replica(), x.entry.bytes.span(), x.pos, ignored);
    ASSERT_TRUE(done) << done.error().context;
  }

  std::uint64_t job_ = 0;
  raft::term_t term_ = 1;
};

/// Makes random commands over few names, so that they meet often.
class random_commands {
public:
  explicit random_commands(std::uint64_t seed) : random(seed) {
    // nop
  }

  std::uint64_t below(std::uint64_t n) {
    return random() % n;
  }

  std::string uid() {
    return "u" + std::to_string(below(12));
  }

  channel_key channel() {
    auto type = static_cast<std::uint8_t>(1 + below(2));
    return {type, (type == 1 ? "u" : "g") + std::to_string(below(6))};
  }

  command::any operator()() {
    switch (below(16)) {
    default:
      return message();
    case 8:
      return command::channel_put{
        channel(), static_cast<std::uint32_t>(below(32)), below(2) == 0};
    case 9:
      return command::channel_disband{channel()};
    case 10:
      return members();
    case 11:
      return command::members_remove{channel(), list(), uids()};
    case 12:
      if (below(4) == 0)
        return command::members_clear{channel(), list()};
      return members();
    case 13:
      if (below(2) == 0)
        return command::user_put{uid(), "p" + uid()};
      return command::device_put{uid(), static_cast<std::uint8_t>(below(3)),
                                 static_cast<device_level>(below(2)), uid()};
    case 14:
      return conversation();
    case 15:
      if (below(2) == 0)
        return command::conversation_drop{uid(), channel()};
      return command::control_put{uid(), uid() + uid()};
    }
  }

  std::mt19937_64 random;

private:
  command::list list() {
    return static_cast<command::list>(below(3));
  }

  std::vector<std::string> uids() {
    std::vector<std::string> res(below(5));
    for (auto& x : res)
      x = uid();
    return res;
  }

  command::any members() {
    return command::members_add{channel(), list(), below(6) == 0, uids()};
  }

  command::any conversation() {
    command::conversation_put x;
    x.uid = uid();
    x.channel = channel();
    x.kind = static_cast<std::uint8_t>(below(2));
    x.read_to = below(9);
    x.deleted_at = below(9);
    x.how = static_cast<command::conversation_put::mode>(below(3));
    return x;
  }

  command::any message() {
    key_ = channel();
    from_ = uid();
    number_ = below(5) == 0 ? "" : "n" + std::to_string(below(400));
    payload_ = std::string(below(40), 'x');
    command::append_message x;
    x.message_id = ++message_id_;
    x.channel_type = key_.type;
    x.channel_id = key_.id;
    x.from_uid = from_;
    x.client_msg_no = number_;
    x.payload = payload_;
    if (below(10) == 0)
      x.flags = command::append_flags::no_duplicate_check;
    return x;
  }

  // What the views of a message point into.
  channel_key key_;
  std::string from_, number_, payload_;
  message_id message_id_ = 0;
};

} // namespace jindou::test
