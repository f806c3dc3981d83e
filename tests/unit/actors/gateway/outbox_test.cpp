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

} // namespace

TEST(outbox_test, wakes_once_per_burst) {
  outbox aut;
  aut.open({});
  EXPECT_EQ(aut.push(block(1), 100), verdict::wake);
  EXPECT_EQ(aut.push(block(2), 100), verdict::queued);
  EXPECT_FALSE(aut.mark());
  EXPECT_EQ(sizes_taken(aut), (sizes{1, 2}));
  EXPECT_EQ(aut.push(block(3), 100), verdict::wake);
}

TEST(outbox_test, counts_bytes_until_they_are_written) {
  outbox aut;
  aut.open({});
  EXPECT_EQ(aut.push(block(60), 100), verdict::wake);
  EXPECT_EQ(sizes_taken(aut), (sizes{60}));
  EXPECT_EQ(aut.push(block(41), 100), verdict::full);
  EXPECT_EQ(aut.push(block(101), 100), verdict::full);
  EXPECT_EQ(aut.bytes(), 60u);
  aut.written(60);
  EXPECT_EQ(aut.push(block(100), 100), verdict::wake);
}

TEST(outbox_test, holds_everything_back_until_it_is_opened) {
  outbox aut;
  EXPECT_EQ(aut.push(block(2), 100), verdict::queued);
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
  aut.push(block(1), 100);
  aut.take(frames);
  ASSERT_EQ(frames.size(), 2u);
  EXPECT_EQ(frames[1].size(), 1u);
}

TEST(outbox_test, drops_what_waits_and_takes_last_words_beyond_the_bound) {
  outbox aut;
  aut.open({});
  aut.push(block(70), 100);
  aut.drop_waiting();
  EXPECT_EQ(aut.bytes(), 0u);
  aut.push(block(90), 100);
  aut.push_last(block(20));
  aut.push_last({});
  EXPECT_EQ(sizes_taken(aut), (sizes{90, 20}));
  EXPECT_EQ(aut.bytes(), 110u);
}
