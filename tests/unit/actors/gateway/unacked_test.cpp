#include "actors/gateway/unacked.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <random>

using namespace jindou;
using actors::unacked;

namespace {

unacked_recv recv_at(message_id id, std::int64_t ms) {
  return {id, shared_bytes{byte_vector(3)}, ms, 3, 1};
}

/// RECVs of one push: they share a block.
std::vector<unacked_recv> push_of(message_id first, std::size_t n,
                                  std::size_t bytes) {
  shared_bytes block{byte_vector(n * bytes)};
  std::vector<unacked_recv> res;
  for (std::size_t i = 0; i < n; ++i)
    res.push_back({first + i, block.window(i * bytes, (i + 1) * bytes), 0,
                   static_cast<std::uint32_t>(block.size()), 0});
  return res;
}

std::vector<message_id> ids_of(const std::vector<unacked_recv>& xs) {
  std::vector<message_id> res;
  for (auto& x : xs)
    res.push_back(x.id);
  return res;
}

} // namespace

TEST(unacked_test, forgets_what_was_acknowledged_once) {
  unacked aut;
  aut.remember(recv_at(1, 10));
  aut.remember(recv_at(2, 10));
  EXPECT_TRUE(aut.acknowledge(2));
  EXPECT_FALSE(aut.acknowledge(2));
  EXPECT_FALSE(aut.acknowledge(3));
  EXPECT_FALSE(aut.acknowledge(0));
  EXPECT_TRUE(aut.acknowledge(1));
  EXPECT_EQ(aut.size(), 0u);
}

TEST(unacked_test, forgets_the_oldest_beyond_its_bound) {
  unacked aut{3};
  for (message_id id = 1; id <= 3; ++id)
    EXPECT_EQ(aut.remember(recv_at(id, 0)), 0u);
  EXPECT_EQ(aut.remember(recv_at(4, 0)), 1u);
  EXPECT_EQ(aut.size(), 3u);
  EXPECT_FALSE(aut.acknowledge(1));
  EXPECT_TRUE(aut.acknowledge(4));
}

TEST(unacked_test, takes_what_is_due_and_counts_the_attempt) {
  unacked aut;
  aut.remember(recv_at(1, 100));
  aut.remember(recv_at(2, 200));
  EXPECT_TRUE(aut.take_due(99, 1'000, 5).empty());
  auto due = aut.take_due(100, 1'000, 5);
  ASSERT_EQ(ids_of(due), (std::vector<message_id>{1}));
  EXPECT_EQ(due[0].attempts, 2);
  EXPECT_EQ(due[0].frame.size(), 3u);
  EXPECT_EQ(ids_of(aut.take_due(999, 2'000, 5)),
            (std::vector<message_id>{2})); // 1 was pushed again at 1000
  EXPECT_EQ(aut.size(), 2u);
}

TEST(unacked_test, drops_what_has_had_all_its_attempts) {
  unacked aut;
  for (message_id id = 1; id <= 40; ++id)
    aut.remember(recv_at(id, 0));
  aut.remember(recv_at(41, 500));
  EXPECT_EQ(aut.take_due(10, 20, 2).size(), 40u); // the second attempt
  EXPECT_TRUE(aut.take_due(30, 40, 2).empty());
  EXPECT_EQ(aut.size(), 1u);
  EXPECT_TRUE(aut.acknowledge(41));
}

TEST(unacked_test, agrees_with_a_plain_list) {
  std::mt19937 rng{20'261'125};
  unacked aut{20};
  std::deque<message_id> model;
  for (message_id id = 1; id <= 20'000; ++id) {
    if (model.size() == 20)
      model.pop_front();
    model.push_back(id);
    aut.remember(recv_at(id, static_cast<std::int64_t>(id)));
    for (auto n = rng() % 3; n > 0 && !model.empty(); --n) {
      auto at = rng() % 4 > 0 ? 0 : rng() % model.size();
      auto victim = model[at];
      EXPECT_TRUE(aut.acknowledge(victim));
      std::erase(model, victim);
    }
    ASSERT_EQ(aut.size(), model.size());
  }
  auto left = ids_of(aut.take_due(30'000, 30'000, 9));
  EXPECT_TRUE(std::equal(left.begin(), left.end(), model.begin(), model.end()));
}

TEST(unacked_test, counts_a_block_until_the_last_of_it_is_acknowledged) {
  unacked aut{100, 10'000};
  for (auto& x : push_of(1, 4, 100))
    aut.remember(x);
  for (auto& x : push_of(11, 2, 100))
    aut.remember(x);
  EXPECT_EQ(aut.bytes(), 600u);
  aut.acknowledge(2);
  aut.acknowledge(1);
  aut.acknowledge(4);
  EXPECT_EQ(aut.bytes(), 600u);
  aut.acknowledge(3);
  EXPECT_EQ(aut.bytes(), 200u);
  aut.acknowledge(12);
  aut.acknowledge(11);
  EXPECT_EQ(aut.bytes(), 0u);
}

TEST(unacked_test, forgets_the_oldest_blocks_beyond_their_bytes) {
  unacked aut{1'000, 1'000};
  for (message_id push = 0; push < 10; ++push)
    for (auto& x : push_of(1 + push * 10, 4, 100))
      aut.remember(x);
  EXPECT_EQ(aut.bytes(), 800u);
  EXPECT_EQ(aut.size(), 8u);
  EXPECT_FALSE(aut.acknowledge(71));
  EXPECT_TRUE(aut.acknowledge(81));
}

TEST(unacked_test, keeps_one_that_is_larger_than_the_bound) {
  unacked aut{1'000, 1'000};
  for (auto& x : push_of(1, 1, 5'000))
    EXPECT_EQ(aut.remember(x), 0u);
  EXPECT_EQ(aut.remember(recv_at(2, 0)), 1u);
  EXPECT_EQ(aut.bytes(), 3u);
}

TEST(unacked_test, loses_no_byte_in_any_order) {
  std::mt19937 rng{20'261'130};
  unacked aut{64, 1 << 20};
  message_id next = 1;
  for (auto round = 0; round < 5'000; ++round) {
    // Two pushes at once: their RECVs may lie between each other.
    auto a = push_of(next, 1 + rng() % 4, 10);
    auto b = push_of(next + 10, 1 + rng() % 4, 20);
    next += 20;
    while (!a.empty() || !b.empty()) {
      auto& from = b.empty() || (!a.empty() && rng() % 2 == 0) ? a : b;
      aut.remember(from.front());
      from.erase(from.begin());
    }
    for (auto n = rng() % 8; n > 0; --n)
      aut.acknowledge(next - rng() % 200);
  }
  for (message_id id = 1; id < next; ++id)
    aut.acknowledge(id);
  EXPECT_EQ(aut.size(), 0u);
  EXPECT_EQ(aut.bytes(), 0u);
}

TEST(unacked_test, leaves_due_what_is_too_much_at_once) {
  constexpr std::size_t bytes = 100 << 10;
  unacked aut{100, 100 * bytes};
  for (auto& x : push_of(1, 7, bytes))
    aut.remember(x);
  EXPECT_EQ(ids_of(aut.take_due(0, 10, 5)), (std::vector<message_id>{1, 2, 3}));
  EXPECT_EQ(ids_of(aut.take_due(0, 11, 5)), (std::vector<message_id>{4, 5, 6}));
  EXPECT_EQ(ids_of(aut.take_due(0, 12, 5)), (std::vector<message_id>{7}));
  EXPECT_TRUE(aut.take_due(0, 13, 5).empty());
}
