#include "storage/restore.hpp"
#include "tests/contract/power_campaign.hpp"

#include <fstream>

namespace jindou::test {

namespace {

using namespace storage;

/// A store that is copied while it is written to.
class store_backup_test : public testing::Test {
protected:
  store_backup_test() {
    for (int i = 0; i < 30; ++i)
      write_one();
  }

  void write_one() {
    auto after = life;
    auto done = store->write_one(after, random, [&] { life = after; });
    EXPECT_TRUE(done) << done.error().context;
  }

  /// Copies a page at a time, with a flush after each. Returns the flushes.
  int copy() {
    EXPECT_TRUE(make_copy_folder(backup));
    auto under_way = store->log->copy_to(copy_store_path(backup));
    EXPECT_TRUE(under_way);
    for (int flushes = 0;; ++flushes) {
      auto done = under_way->step(1);
      EXPECT_TRUE(done) << done.error().context;
      if (!done || *done)
        return flushes;
      if (flushes < 60)
        write_one();
    }
  }

  void seal() {
    auto sealed = seal_copy(backup, 5, [](auto, auto) { return true; });
    ASSERT_TRUE(sealed) << sealed.error().context;
    EXPECT_EQ(sealed->bytes, std::filesystem::file_size(backup + "/store.db"));
  }

  storage::result<restored_store> bring_back() {
    return restore(backup, target, [this](auto done, auto total) {
      EXPECT_LE(done, total);
      ++progress;
      return true;
    });
  }

  fault refusal() {
    auto res = bring_back();
    return res ? fault::none : res.error().what;
  }

  std::uint64_t seed = number_of("JINDOU_SEED", std::random_device{}());
  testing::ScopedTrace trace{__FILE__, __LINE__,
                             "JINDOU_SEED=" + std::to_string(seed)};
  std::mt19937_64 random{seed};
  temp_folder folder;
  temp_folder others;
  std::string backup = others.path() + "/backup";
  std::string target = others.path() + "/restored";
  store_options options = small_store(folder.path());
  std::optional<group_store> store{std::in_place, options};
  group_life life{seed};
  int progress = 0;
};

} // namespace

TEST_F(store_backup_test, restores_all_that_was_durable_when_the_copy_ended) {
  EXPECT_GT(copy(), 20);
  auto copied = life;
  seal();
  for (int i = 0; i < 5; ++i)
    write_one(); // not in the copy
  auto done = bring_back();
  ASSERT_TRUE(done) << done.error().context;
  EXPECT_NE(done->data_uuid, store->report.data_uuid);
  EXPECT_GT(progress, 0);
  store.reset();
  auto there = small_store(target);
  store.emplace(there);
  ASSERT_TRUE(store->open()) << store->fault.context;
  EXPECT_EQ(store->report.data_uuid, done->data_uuid);
  for (auto& x : store->report.replicas) {
    EXPECT_NE(x.row.replica_id, x.row.group + 1U);
    ASSERT_EQ(x.cut.members.all.size(), 1U);
    EXPECT_EQ(x.cut.members.all[0].id, x.row.replica_id);
    EXPECT_EQ(x.row.hard_state.vote, 0U);
    if (x.row.group >= 1 && x.row.group <= group_life::groups)
      copied.log(x.row.group).vote.vote = 0;
  }
  expect_whole(*store, there, copied, copied);
  expect_sound_pages(there);
  life = copied;
  for (int i = 0; i < 10; ++i)
    write_one(); // and goes on
}

TEST_F(store_backup_test, refuses_a_backup_that_is_not_whole) {
  copy();
  EXPECT_EQ(refusal(), fault::corrupt) << "without a manifest";
  seal();
  auto path = copy_store_path(backup);
  auto size = std::filesystem::file_size(path);
  std::fstream file{path, std::ios::in | std::ios::out | std::ios::binary};
  file.seekp(static_cast<std::streamoff>(size / 2));
  auto byte = static_cast<char>(file.peek() ^ 1);
  file.write(&byte, 1).flush();
  EXPECT_EQ(refusal(), fault::corrupt) << "with a changed byte";
  std::filesystem::resize_file(path, size - 1);
  EXPECT_EQ(refusal(), fault::corrupt) << "cut short";
  EXPECT_TRUE(std::filesystem::is_empty(target)) << "leaves nothing half";
}

TEST_F(store_backup_test, makes_new_directories_only) {
  copy();
  seal();
  EXPECT_EQ(make_copy_folder(backup).error().what, fault::foreign);
  std::filesystem::create_directory(target);
  std::ofstream{target + "/something"} << "of mine";
  EXPECT_EQ(refusal(), fault::foreign);
  std::filesystem::remove(target + "/something");
  EXPECT_EQ(refusal(), fault::none) << "an empty one will do";
  EXPECT_EQ(refusal(), fault::foreign);
}

TEST_F(store_backup_test, makes_no_new_store_where_a_restore_was_interrupted) {
  copy();
  seal();
  std::filesystem::create_directory(target);
  std::ofstream{target + "/store.restoring"} << "half";
  store.reset();
  store.emplace(small_store(target));
  EXPECT_FALSE(store->open());
  EXPECT_EQ(store->fault.what, fault::foreign);
  EXPECT_NE(store->fault.context.find("interrupted"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(target + "/store.db"));
}

TEST_F(store_backup_test, gives_up_when_it_is_told_to) {
  copy();
  auto sealed = seal_copy(backup, 5, [](auto, auto) { return false; });
  ASSERT_FALSE(sealed);
  EXPECT_EQ(refusal(), fault::corrupt) << "without a manifest";
  seal();
  EXPECT_FALSE(restore(backup, target, [](auto, auto) { return false; }));
  EXPECT_TRUE(std::filesystem::is_empty(target)) << "leaves nothing half";
}

TEST_F(store_backup_test, a_copy_that_is_given_up_does_the_store_no_harm) {
  ASSERT_TRUE(make_copy_folder(backup));
  {
    auto under_way = store->log->copy_to(copy_store_path(backup));
    ASSERT_TRUE(under_way);
    ASSERT_TRUE(under_way->step(1));
  }
  for (int i = 0; i < 10; ++i)
    write_one();
  store.reset();
  store.emplace(options);
  ASSERT_TRUE(store->open());
  expect_whole(*store, options, life, life);
}

TEST(copy_manifest_test, reads_what_it_writes) {
  copy_manifest x{123, 456, 789};
  auto back = parse_manifest(render(x));
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, x);
  for (auto bad : {"", "jindou-backup 2\nbytes 1\ncrc32c 1\nmade 1\n",
                   "jindou-backup 1\nbytes 1\ncrc32c 1\n",
                   "jindou-backup 1\nbytes x\ncrc32c 1\nmade 1\n",
                   "jindou-backup 1\nbytes 1\ncrc32c 1\nmade 1"})
    EXPECT_FALSE(parse_manifest(bad)) << bad;
}

} // namespace jindou::test
