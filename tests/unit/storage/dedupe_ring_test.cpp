#include "storage/dedupe_ring.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <random>

namespace jindou::storage {

namespace {

std::vector<std::uint32_t> found(const dedupe_ring& ring, std::uint64_t hash) {
  dedupe_ring::candidates out;
  auto n = ring.find(hash, out);
  return {out.begin(), out.begin() + n};
}

using seqs = std::vector<std::uint32_t>;

} // namespace

TEST(dedupe_ring_test, finds_what_was_added) {
  dedupe_ring ring{{}, 1};
  ring.add({10, 0, 1});
  ring.add({11, 0, 2});
  EXPECT_EQ(found(ring, 10), (seqs{1}));
  EXPECT_EQ(found(ring, 11), (seqs{2}));
  EXPECT_EQ(found(ring, 12), seqs{});
}

TEST(dedupe_ring_test, names_the_newest_of_equal_hashes_first) {
  dedupe_ring ring{{}, 1};
  for (std::uint32_t seq = 1; seq <= 3; ++seq) {
    ring.add({10, 0, seq});
    ring.add({100ULL + seq, 0, seq});
  }
  EXPECT_EQ(found(ring, 10), (seqs{3, 2, 1}));
}

TEST(dedupe_ring_test, names_at_most_eight) {
  dedupe_ring ring{{}, 1};
  for (std::uint32_t seq = 1; seq <= 20; ++seq)
    ring.add({10, 0, seq});
  EXPECT_EQ(found(ring, 10), (seqs{20, 19, 18, 17, 16, 15, 14, 13}));
}

TEST(dedupe_ring_test, forgets_the_oldest_when_full) {
  dedupe_ring ring{{.records_max = 3}, 1};
  for (std::uint32_t seq = 1; seq <= 5; ++seq)
    ring.add({1 + seq % 2, 0, seq});
  EXPECT_EQ(ring.size(), 3U);
  EXPECT_EQ(ring.first(), 2U);
  EXPECT_EQ(found(ring, 1), (seqs{4}));
  EXPECT_EQ(found(ring, 2), (seqs{5, 3}));
}

TEST(dedupe_ring_test, forgets_by_log_time) {
  dedupe_ring ring{{.age_s_max = 100}, 1};
  ring.add({10, 1'000, 1});
  ring.add({11, 1'001, 2});
  ring.expire(1'100);
  EXPECT_EQ(found(ring, 10), (seqs{1}));
  ring.expire(1'101);
  EXPECT_EQ(found(ring, 10), seqs{});
  EXPECT_EQ(found(ring, 11), (seqs{2}));
}

TEST(dedupe_ring_test, survives_a_log_time_that_stands_still_or_falls) {
  dedupe_ring ring{{.age_s_max = 100}, 1};
  ring.add({10, 1'000, 1});
  ring.expire(10);
  EXPECT_EQ(found(ring, 10), (seqs{1}));
}

TEST(dedupe_ring_test, continues_at_a_stored_ordinal) {
  dedupe_ring ring{{.records_max = 4}, 1};
  ring.restart(0xfffffffeULL);
  for (std::uint32_t seq = 1; seq <= 6; ++seq)
    ring.add({seq, 0, seq});
  EXPECT_EQ(ring.first(), 0x100000000ULL);
  EXPECT_EQ(ring.next(), 0x100000004ULL);
  EXPECT_EQ(found(ring, 2), seqs{});
  EXPECT_EQ(found(ring, 3), (seqs{3}));
  EXPECT_EQ(ring.at(ring.first()).seq, 3U);
}

TEST(dedupe_ring_test, holds_former_records_until_the_last_one_is_forgotten) {
  dedupe_ring ring{{.records_max = 3, .age_s_max = 100}, 1};
  EXPECT_FALSE(ring.holds_former());
  ring.add({10, 1'000, 1});
  ring.add({11, 1'001, 2});
  ring.mark_former();
  ring.add({12, 1'001, 3});
  ring.add({13, 1'001, 4}); // the first gives way
  EXPECT_TRUE(ring.holds_former());
  ring.expire(1'101);
  EXPECT_TRUE(ring.holds_former());
  ring.add({14, 1'101, 5});
  EXPECT_FALSE(ring.holds_former());
  EXPECT_EQ(found(ring, 12), (seqs{3}));
}

TEST(dedupe_ring_test, holds_no_former_records_behind_a_restart) {
  dedupe_ring ring{{}, 1};
  ring.add({10, 0, 1});
  ring.mark_former();
  ring.restart(0);
  ring.add({10, 0, 1});
  EXPECT_FALSE(ring.holds_former());
}

TEST(dedupe_ring_test, equals_a_plain_list) {
  auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::minstd_rand random{seed};
  for (auto max : {1U, 5U, 64U, 300U}) {
    dedupe_limits limits{.records_max = max, .age_s_max = 50};
    dedupe_ring ring{limits, random()};
    std::deque<dedupe_record> list;
    std::uint32_t now = 1;
    for (std::uint32_t i = 1; i < 5'000; ++i) {
      now
        += random() % 100 == 0 ? 40U : static_cast<std::uint32_t>(random() % 2);
      ring.expire(now);
      while (!list.empty() && now - list.front().log_time_s > 50)
        list.pop_front();
      dedupe_record x{1 + random() % 100, now, i};
      seqs expected;
      for (auto r = list.rbegin(); r != list.rend() && expected.size() < 8; ++r)
        if (r->hash == x.hash)
          expected.push_back(r->seq);
      ASSERT_EQ(found(ring, x.hash), expected) << "record " << i;
      ring.add(x);
      list.push_back(x);
      if (list.size() > max)
        list.pop_front();
      ASSERT_EQ(ring.size(), list.size());
    }
  }
}

} // namespace jindou::storage
