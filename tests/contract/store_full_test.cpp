#include "tests/contract/power_campaign.hpp"

namespace jindou::test {

namespace {

using namespace storage;

/// A store on a disk that fills up.
class store_full_test : public testing::Test {
protected:
  store_full_test() {
    for (int i = 0; i < 10; ++i)
      EXPECT_TRUE(write_one());
  }

  storage::result<void> write_one() {
    after = life;
    return store->write_one(after, random, [this] { life = after; });
  }

  /// Writes until the disk is full and `refusals` flushes were refused.
  /// Nothing of a refused one may be there, neither now nor later.
  void fill(int refusals) {
    disk.quota(disk.used() + 300'000);
    for (int i = 0; i < 400 && refusals > 0; ++i) {
      auto done = flush_one();
      if (done)
        continue;
      ASSERT_EQ(done.error().what, fault::full) << done.error().context;
      --refusals;
    }
    ASSERT_EQ(refusals, 0) << "the disk did not fill";
  }

  /// A flush of entries alone, as the log writer makes it in a full store;
  /// a checkpoint without room is no error either.
  storage::result<void> flush_one() {
    after = life;
    log_batch batch;
    batch.jobs = after.next();
    const log_batch* batches[] = {&batch};
    write_batch all;
    all.batches = batches;
    auto done = store->log->flush(all);
    if (!done)
      return done.error();
    life = after;
    for (auto& run : done->results[0].placed)
      for (std::uint32_t i = 0; i < run.count; ++i)
        store->places[run.group][run.first_index + i] = run.first + i;
    auto moved = store->log->checkpoint_if_due();
    EXPECT_TRUE(moved || moved.error().what == fault::full);
    return store->apply_committed(life);
  }

  storage::result<void> vote(std::uint64_t for_whom) {
    log_batch batch;
    auto& job = batch.jobs.emplace_back();
    job.group = 1;
    auto& log = life.log(1);
    log.vote = {log.make.head().term, for_whom};
    job.vote = log.vote;
    const log_batch* batches[] = {&batch};
    write_batch all;
    all.batches = batches;
    auto done = store->log->flush(all);
    if (!done)
      return done.error();
    return {};
  }

  /// Reads every message of every channel.
  std::size_t read_all() {
    std::size_t res = 0;
    for (group_id g = 1; g <= group_life::groups; ++g) {
      auto& replica = *store->state->find(g);
      for (storage::chan_t i = 1; i < replica.mark().next_chan; ++i) {
        auto c = replica.find(i);
        EXPECT_TRUE(c && *c != nullptr);
        for (message_seq seq = 1; seq <= (*c)->head.last_seq; ++seq) {
          auto at = replica.locate(**c, seq);
          EXPECT_TRUE(at);
          auto rec = replica.record_at(*at);
          EXPECT_TRUE(rec && record::read(*rec));
          ++res;
        }
      }
    }
    return res;
  }

  /// A power cut and a start: refused as long as the disk is full, else whole.
  void expect_whole_after_restart() {
    store.reset();
    disk.cut_power();
    disk.power_on();
    store.emplace(options);
    if (!store->open()) { // a start needs room to empty the log
      ASSERT_EQ(store->fault.what, fault::full) << store->fault.context;
      store.reset();
      disk.quota(std::nullopt);
      store.emplace(options);
    }
    ASSERT_TRUE(store->open()) << store->fault.context;
    EXPECT_FALSE(expect_whole(*store, options, life, life));
    expect_sound_pages(options);
  }

  std::uint64_t seed = number_of("JINDOU_SEED", std::random_device{}());
  testing::ScopedTrace trace{__FILE__, __LINE__,
                             "JINDOU_SEED=" + std::to_string(seed)};
  std::mt19937_64 random{seed};
  sim_disk disk{seed};
  sim_vfs_ptr vfs = register_vfs(disk);
  temp_folder folder;
  store_options options = small_store(folder.path(), disk.vfs());
  std::optional<group_store> store{std::in_place, options};
  group_life life{seed};
  group_life after = life;
};

} // namespace

TEST_F(store_full_test, refuses_flushes_and_goes_on_reading) {
  auto before = read_all();
  ASSERT_NO_FATAL_FAILURE(fill(5));
  EXPECT_GT(read_all(), before);
  ASSERT_NO_FATAL_FAILURE(expect_whole_after_restart());
}

TEST_F(store_full_test, goes_on_by_itself_when_there_is_room_again) {
  ASSERT_NO_FATAL_FAILURE(fill(5));
  disk.quota(std::nullopt);
  for (int i = 0; i < 20; ++i)
    ASSERT_TRUE(flush_one());
  for (int i = 0; i < 20; ++i)
    ASSERT_TRUE(write_one());
  ASSERT_NO_FATAL_FAILURE(expect_whole_after_restart());
}

TEST_F(store_full_test, a_full_disk_may_lose_power_too) {
  ASSERT_NO_FATAL_FAILURE(fill(1));
  ASSERT_NO_FATAL_FAILURE(expect_whole_after_restart());
  disk.quota(std::nullopt);
  for (int i = 0; i < 20; ++i)
    ASSERT_TRUE(write_one());
  ASSERT_NO_FATAL_FAILURE(expect_whole_after_restart());
}

// What the reserve of the data directory is for: a little room is enough for
// votes.
TEST_F(store_full_test, writes_votes_with_the_room_of_the_reserve) {
  ASSERT_NO_FATAL_FAILURE(fill(3));
  disk.quota(disk.used() + 1'000'000);
  for (std::uint64_t i = 1; i <= 3; ++i)
    ASSERT_TRUE(vote(i));
  ASSERT_NO_FATAL_FAILURE(expect_whole_after_restart());
}

} // namespace jindou::test
