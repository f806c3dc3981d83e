#include "storage/sqlite.hpp"
#include "tests/contract/same_state.hpp"
#include "tests/support/group_life.hpp"

#include <gtest/gtest.h>

#include <map>
#include <poll.h>
#include <set>
#include <sys/wait.h>
#include <tuple>
#include <unistd.h>

namespace jindou::test {

namespace {

using namespace storage;

/// Log and state of one data directory, as a node has them open.
struct open_store {
  start_report report;
  std::optional<log_store> log;
  std::unique_ptr<state_store> state;
  /// Where entries above the cut lie, by group.
  std::map<group_id, std::map<raft::log_index, position>> places;
  std::string fault;

  explicit open_store(const std::string& dir) {
    store_options options;
    options.dir = dir;
    options.reserve_bytes = 0;
    options.cache_kib = 1'024;
    options.data_groups = group_life::groups;
    options.checkpoint_pages = 16; // so that kills meet checkpoints, too
    auto opened = log_store::open(options, report);
    if (!opened) {
      fault = opened.error().context;
      return;
    }
    log.emplace(std::move(*opened));
    open_state(dir);
  }

  void open_state(const std::string& dir) {
    state_options options;
    options.path = dir + "/store.db";
    options.cache_kib = 1'024;
    auto opened = state_store::open(options, report);
    if (!opened) {
      fault = opened.error().context;
      return;
    }
    state = std::move(*opened);
    for (auto& x : report.replicas) {
      auto replica = state->find(x.row.group);
      if (replica == nullptr)
        fault = "replica in quarantine: " + x.quarantine_reason;
      else if (auto done = replica->load(); !done)
        fault = done.error().context;
      for (auto& t : x.tail)
        places[x.row.group][t.entry.index] = t.pos;
    }
  }

  const replica_start& start_of(group_id group) const {
    return report.replicas.at(group); // sorted; group 0 is the first
  }
};

// -- the process that is killed -----------------------------------------------

void insist(bool x, const std::string& what) {
  if (x)
    return;
  std::fprintf(stderr, "child: %s\n", what.c_str());
  ::_exit(3);
}

/// Applies what has been committed and is durable.
void apply_committed(open_store& store, group_life& life) {
  for (group_id g = 1; g <= group_life::groups; ++g) {
    auto replica = store.state->find(g);
    auto& log = life.log(g);
    for (auto i = replica->mark().applied + 1; i <= log.commit; ++i) {
      std::vector<slot_id> ignored;
      auto done
        = apply(*replica, log.records[i - 2], store.places[g][i], ignored);
      insist(static_cast<bool>(done), "apply");
    }
  }
}

/// Makes a cut of one replica and a fold step of another, sometimes.
void seal_some(open_store& store, std::mt19937_64& random,
               std::optional<state_change>& cut,
               std::optional<state_change>& fold) {
  auto pick = [&] {
    return store.state->find(static_cast<group_id>(1 + random() % 4));
  };
  auto to_cut = pick();
  if (to_cut->changed() && random() % 3 != 0)
    cut = to_cut->seal();
  auto to_fold = pick();
  if (to_fold == to_cut)
    return;
  if (!to_fold->folding() && to_fold->channels_to_fold() > 0)
    to_fold->begin_fold();
  if (to_fold->folding())
    fold = to_fold->next_fold_step();
}

void write_one(open_store& store, group_life& life, std::mt19937_64& random,
               int acks) {
  std::optional<state_change> cut, fold;
  seal_some(store, random, cut, fold);
  log_batch batch;
  batch.jobs = life.next();
  const log_batch* batches[] = {&batch};
  write_batch all;
  all.batches = batches;
  all.cut = cut ? &*cut : nullptr;
  all.fold = fold ? &*fold : nullptr;
  auto done = store.log->flush(all);
  insist(static_cast<bool>(done), "flush");
  insist(::write(acks, "a", 1) == 1, "acknowledge");
  for (auto& run : done->results[0].placed)
    for (std::uint32_t i = 0; i < run.count; ++i)
      store.places[run.group][run.first_index + i] = run.first + i;
  apply_committed(store, life);
  if (cut)
    store.state->find(cut->group)->done(state_change::kind::cut);
  if (fold)
    store.state->find(fold->group)->done(state_change::kind::fold);
  insist(static_cast<bool>(store.log->checkpoint_if_due()), "checkpoint");
}

[[noreturn]] void live(const std::string& dir, group_life life,
                       std::uint64_t seed, int acks) {
  open_store store{dir};
  insist(store.fault.empty(), store.fault);
  apply_committed(store, life);
  std::mt19937_64 random{seed};
  for (int i = 0; i < 2'000; ++i)
    write_one(store, life, random, acks);
  ::_exit(0);
}

// -- the process that kills and looks -----------------------------------------

/// Runs the other process until about `wanted` flushes were acknowledged,
/// kills it and returns how many really were.
std::size_t run_and_kill(const std::string& dir, const group_life& life,
                         std::mt19937_64& random) {
  int ends[2];
  if (::pipe(ends) != 0)
    std::abort();
  auto seed = random();
  auto wanted = random() % 25;
  auto child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    live(dir, life, seed, ends[1]);
  }
  ::close(ends[1]);
  std::size_t acks = 0;
  char byte;
  while (acks < wanted && ::read(ends[0], &byte, 1) == 1)
    ++acks;
  ::poll(nullptr, 0, static_cast<int>(random() % 20)); // anywhere in a flush
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the child failed by itself";
  while (::read(ends[0], &byte, 1) == 1)
    ++acks;
  ::close(ends[0]);
  return acks;
}

using rows = std::map<group_id, std::vector<std::pair<position, byte_vector>>>;

rows rows_on_disk(const std::string& dir) {
  auto db = connection::open({.path = dir + "/store.db"});
  EXPECT_TRUE(db);
  statement query{*db, "SELECT pos, rec FROM log ORDER BY pos"};
  rows res;
  for (;;) {
    auto more = query.step();
    EXPECT_TRUE(more);
    if (!more || !*more)
      return res;
    auto rec = query.blob(1);
    res[record::peek(rec).group].emplace_back(
      static_cast<position>(query.integer(0)),
      byte_vector{rec.begin(), rec.end()});
  }
}

/// The disk holds exactly these logs and votes.
bool holds(open_store& store, rows& disk, group_life& life) {
  for (group_id g = 1; g <= group_life::groups; ++g) {
    auto& log = life.log(g);
    if (store.start_of(g).row.hard_state != log.vote)
      return false;
    if (disk[g].size() != log.records.size())
      return false;
    for (std::size_t i = 0; i < log.records.size(); ++i) {
      auto there = byte_span{disk[g][i].second}.subspan(4); // the rep is local
      auto here = byte_span{log.records[i]}.subspan(4);
      if (as_text(there) != as_text(here))
        return false;
    }
  }
  return true;
}

/// Applies the log from its beginning, without cuts and without a disk.
class replay {
public:
  explicit replay(group_id group) : memory(mark_of(group), {}) {
    // nop
  }

  void step(position pos, const byte_vector& rec) {
    memory.keep(pos, rec);
    std::vector<slot_id> ignored;
    auto done = apply(memory, rec, pos, ignored);
    ASSERT_TRUE(done);
    auto msg = command::decode_append(rec);
    if (!msg || done->error != errc::none || done->duplicate
        || msg->client_msg_no.empty()
        || (msg->flags & command::append_flags::no_duplicate_check) != 0)
      return;
    std::tuple name{done->chan_no, std::string{msg->from_uid},
                    std::string{msg->client_msg_no}};
    ASSERT_TRUE(stored_.insert(name).second) << "stored twice";
  }

  memory_tables memory;

private:
  static cut_row mark_of(group_id group) {
    cut_row res;
    res.rep = static_cast<rep_t>(group + 1);
    res.members = {1, {{group + 1, 1, raft::member_role::voter}}};
    res.terms = {{1, 1}};
    return res;
  }

  std::set<std::tuple<chan_t, std::string, std::string>> stored_;
};

/// What the tables say is what a replay of the log says: as of the cut, and
/// after the committed part of the tail.
void expect_replayed(open_store& store, rows& disk, group_life& life,
                     group_id group) {
  auto& start = store.start_of(group);
  auto& tables = *store.state->find(group);
  replay other{group};
  auto at = [&](raft::log_index i) -> auto& {
    return disk[group][i - 2];
  };
  ASSERT_LE(start.cut.applied, life.log(group).commit);
  ASSERT_EQ(start.tail.size(), life.log(group).last() - start.cut.applied);
  for (raft::log_index i = 2; i <= start.cut.applied; ++i)
    ASSERT_NO_FATAL_FAILURE(other.step(at(i).first, at(i).second));
  ASSERT_NO_FATAL_FAILURE(expect_same_state(tables, other.memory));
  for (auto i = start.cut.applied + 1; i <= life.log(group).commit; ++i) {
    ASSERT_NO_FATAL_FAILURE(other.step(at(i).first, at(i).second));
    std::vector<slot_id> ignored;
    auto done = apply(tables, at(i).second, at(i).first, ignored);
    ASSERT_TRUE(done) << done.error().context;
  }
  ASSERT_NO_FATAL_FAILURE(expect_same_state(tables, other.memory));
}

void expect_sound_pages(const std::string& dir) {
  auto db = connection::open({.path = dir + "/store.db"});
  ASSERT_TRUE(db);
  statement check{*db, "PRAGMA integrity_check"};
  ASSERT_TRUE(check.step());
  ASSERT_EQ(check.text(0), "ok");
}

} // namespace

TEST(store_kill9_test, loses_nothing_acknowledged_and_splits_no_flush) {
  auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random{seed};
  temp_folder folder;
  group_life life{seed};
  std::size_t acknowledged = 0, unacknowledged_kept = 0;
  constexpr int rounds = 40;
  for (int round = 0; round < rounds; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    auto acks = run_and_kill(folder.path(), life, random);
    acknowledged += acks;
    for (; acks > 0; --acks)
      std::ignore = life.next();
    open_store store{folder.path()};
    ASSERT_EQ(store.fault, "");
    auto disk = rows_on_disk(folder.path());
    if (!holds(store, disk, life)) { // then the flush that was under way
      std::ignore = life.next();
      ++unacknowledged_kept;
      ASSERT_TRUE(holds(store, disk, life));
    }
    for (group_id g = 1; g <= group_life::groups; ++g)
      ASSERT_NO_FATAL_FAILURE(expect_replayed(store, disk, life, g));
    if (round % 10 == 9) {
      ASSERT_NO_FATAL_FAILURE(expect_sound_pages(folder.path()));
    }
  }
  std::printf("seed %u: %zu flushes acknowledged, %zu of %d kills met a flush "
              "that was kept all the same\n",
              seed, acknowledged, unacknowledged_kept, rounds);
  EXPECT_GT(acknowledged, 0U);
}

} // namespace jindou::test
