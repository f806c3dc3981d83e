#include "tests/contract/group_store.hpp"

#include "storage/sqlite.hpp"

#include <set>
#include <tuple>

namespace jindou::test {

using namespace storage;

store_options small_store(const std::string& dir, const std::string& vfs) {
  store_options res;
  res.dir = dir;
  res.vfs = vfs;
  res.reserve_bytes = 0;
  res.cache_kib = 1'024;
  res.data_groups = group_life::groups;
  res.checkpoint_pages = 16; // so that crashes meet checkpoints, too
  return res;
}

// -- life ---------------------------------------------------------------------

group_store::group_store(const store_options& options) {
  auto opened = log_store::open(options, report);
  if (!opened) {
    fault = opened.error();
    return;
  }
  log.emplace(std::move(*opened));
  open_state(options);
}

void group_store::open_state(const store_options& options) {
  state_options how;
  how.path = options.dir + "/store.db";
  how.vfs = options.vfs;
  how.cache_kib = 1'024;
  auto opened = state_store::open(how, report);
  if (!opened) {
    fault = opened.error();
    return;
  }
  state = std::move(*opened);
  for (auto& x : report.replicas) {
    auto replica = state->find(x.row.group);
    if (replica == nullptr)
      fault = {fault::corrupt, 0, 0, "quarantine: " + x.quarantine_reason};
    else if (auto done = replica->load(); !done)
      fault = done.error();
    for (auto& t : x.tail)
      places[x.row.group][t.entry.index] = t.pos;
  }
}

storage::result<void> group_store::apply_committed(group_life& life) {
  for (group_id g = 1; g <= group_life::groups; ++g) {
    auto replica = state->find(g);
    auto& to = life.log(g);
    for (auto i = replica->mark().applied + 1; i <= to.commit; ++i) {
      std::vector<slot_id> ignored;
      auto done = apply(*replica, to.records[i - 2], places[g][i], ignored);
      if (!done)
        return done.error();
    }
  }
  return {};
}

namespace {

/// Makes a cut of one replica and a fold step of another, sometimes.
void seal_some(group_store& store, std::mt19937_64& random,
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

} // namespace

storage::result<void>
group_store::write_one(group_life& life, std::mt19937_64& random,
                       const std::function<void()>& acknowledge) {
  std::optional<state_change> cut, fold;
  seal_some(*this, random, cut, fold);
  log_batch batch;
  batch.jobs = life.next();
  const log_batch* batches[] = {&batch};
  write_batch all;
  all.batches = batches;
  all.cut = cut ? &*cut : nullptr;
  all.fold = fold ? &*fold : nullptr;
  auto done = log->flush(all);
  if (!done)
    return done.error();
  acknowledge();
  for (auto& run : done->results[0].placed)
    for (std::uint32_t i = 0; i < run.count; ++i)
      places[run.group][run.first_index + i] = run.first + i;
  if (auto applied = apply_committed(life); !applied)
    return applied;
  if (cut)
    state->find(cut->group)->done(state_change::kind::cut);
  if (fold)
    state->find(fold->group)->done(state_change::kind::fold);
  auto moved = log->checkpoint_if_due();
  if (!moved)
    return moved.error();
  return {};
}

// -- looking ------------------------------------------------------------------

namespace {

using rows = std::map<group_id, std::vector<std::pair<position, byte_vector>>>;

rows rows_on_disk(const store_options& options) {
  auto db
    = connection::open({.path = options.dir + "/store.db", .vfs = options.vfs});
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
bool holds(group_store& store, rows& disk, group_life& life) {
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
  explicit replay(const replica_row& row) : memory(mark_of(row), {}) {
    // nop
  }

  void step(position pos, const byte_vector& rec) {
    memory.keep(pos, rec);
    std::vector<slot_id> ignored;
    auto done = apply(memory, rec, pos, ignored);
    ASSERT_TRUE(done);
    auto msg = command::decode_append(rec);
    if (!msg || done->error != errc::none || msg->client_msg_no.empty()
        || (msg->flags & command::append_flags::no_duplicate_check) != 0)
      return;
    std::tuple name{done->chan_no, std::string{msg->from_uid},
                    std::string{msg->client_msg_no}};
    if (done->duplicate)
      ASSERT_TRUE(stored_.contains(name)) << "no duplicate, yet called one";
    else
      ASSERT_TRUE(stored_.insert(name).second) << "stored twice";
  }

  memory_tables memory;

private:
  static cut_row mark_of(const replica_row& row) {
    cut_row res;
    res.rep = row.rep;
    res.members = {1, {{row.replica_id, 1, raft::member_role::voter}}};
    res.terms = {{1, 1}};
    return res;
  }

  std::set<std::tuple<chan_t, std::string, std::string>> stored_;
};

/// What the tables say is what a replay of the log says: as of the cut, and
/// after the committed part of the tail.
void expect_replayed(group_store& store, rows& disk, group_life& life,
                     group_id group) {
  auto& start = store.start_of(group);
  auto& tables = *store.state->find(group);
  replay other{start.row};
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

} // namespace

bool expect_whole(group_store& store, const store_options& options,
                  group_life& life, const group_life& after) {
  auto disk = rows_on_disk(options);
  auto kept = !holds(store, disk, life);
  if (kept) { // then the flush that was under way
    life = after;
    EXPECT_TRUE(holds(store, disk, life)) << "neither flush nor no flush";
  }
  for (group_id g = 1; g <= group_life::groups; ++g)
    if (!testing::Test::HasFatalFailure()
        && !testing::Test::HasNonfatalFailure())
      expect_replayed(store, disk, life, g);
  return kept;
}

void expect_sound_pages(const store_options& options) {
  auto db
    = connection::open({.path = options.dir + "/store.db", .vfs = options.vfs});
  ASSERT_TRUE(db) << db.error().context;
  statement check{*db, "PRAGMA integrity_check"};
  ASSERT_TRUE(check.step());
  ASSERT_EQ(check.text(0), "ok");
}

} // namespace jindou::test
