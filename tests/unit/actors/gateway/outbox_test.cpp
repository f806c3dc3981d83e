#include "actors/gateway/outbox.hpp"

#include <gtest/gtest.h>

using namespace jindou;
using actors::outbox;
using verdict = actors::outbox::verdict;

namespace {

shared_bytes block(std::size_t n) {
  return shared_bytes{byte_vector(n)};
}

std::vector<std::size_t> sizes_taken(outbox& x) {
  std::vector<shared_bytes> frames;
  x.take(frames);
  std::vector<std::size_t> res;
  for (auto& f : frames)
    res.push_back(f.size());
  return res;
}

using sizes = std::vector<std::size_t>;

constexpr auto cost = outbox::block_cost;

} // namespace

TEST(outbox_test, wakes_once_per_burst) {
  outbox aut;
  aut.open({});
  EXPECT_EQ(aut.push(block(1), 1'000), verdict::wake);
  EXPECT_EQ(aut.push(block(2), 1'000), verdict::queued);
  EXPECT_FALSE(aut.mark());
  EXPECT_EQ(sizes_taken(aut), (sizes{1, 2}));
  EXPECT_EQ(aut.push(block(3), 1'000), verdict::wake);
}

TEST(outbox_test, weighs_blocks_until_they_are_written) {
  constexpr auto most = 100 + 2 * cost;
  outbox aut;
  aut.open({});
  EXPECT_EQ(aut.push(block(60), most), verdict::wake);
  EXPECT_EQ(sizes_taken(aut), (sizes{60}));
  EXPECT_EQ(aut.push(block(41), most), verdict::full);
  EXPECT_EQ(aut.weight(), 60 + cost);
  aut.written(50, 0);
  EXPECT_EQ(aut.weight(), 10 + cost);
  aut.written(10, 1);
  EXPECT_EQ(aut.weight(), 0u);
  EXPECT_EQ(aut.push(block(100), most), verdict::wake);
}

TEST(outbox_test, bounds_small_blocks_by_what_keeps_them) {
  outbox aut;
  aut.open({});
  std::size_t n = 0;
  while (aut.push(block(1), 100 * cost) != verdict::full)
    ++n;
  EXPECT_EQ(n, 99u);
}

TEST(outbox_test, has_room_for_one_block_of_any_size) {
  outbox aut;
  aut.open({});
  EXPECT_EQ(aut.push(block(5'000), 1'000), verdict::wake);
  EXPECT_EQ(aut.push(block(1), 1'000), verdict::full);
  EXPECT_EQ(sizes_taken(aut), (sizes{5'000}));
  EXPECT_EQ(aut.push(block(1), 1'000), verdict::full);
  aut.written(5'000, 1);
  EXPECT_EQ(aut.push(block(1), 1'000), verdict::wake);
}

TEST(outbox_test, holds_everything_back_until_it_is_opened) {
  outbox aut;
  EXPECT_EQ(aut.push(block(2), 1'000), verdict::queued);
  EXPECT_TRUE(aut.mark());
  EXPECT_EQ(sizes_taken(aut), sizes{});
  aut.open(block(1));
  EXPECT_TRUE(aut.mark());
  EXPECT_EQ(sizes_taken(aut), (sizes{1, 2}));
}

TEST(outbox_test, takes_behind_what_is_still_being_written) {
  outbox aut;
  aut.open({});
  std::vector<shared_bytes> frames{block(9)};
  aut.push(block(1), 1'000);
  aut.take(frames);
  ASSERT_EQ(frames.size(), 2u);
  EXPECT_EQ(frames[1].size(), 1u);
}

TEST(outbox_test, drops_what_waits_and_takes_last_words_beyond_the_bound) {
  outbox aut;
  aut.open({});
  aut.push(block(70), 1'000);
  aut.drop_waiting();
  EXPECT_EQ(aut.weight(), 0u);
  aut.push(block(90), 1'000);
  aut.push_last(block(20));
  aut.push_last({});
  EXPECT_EQ(sizes_taken(aut), (sizes{90, 20}));
  EXPECT_EQ(aut.weight(), 110 + 2 * cost);
}
