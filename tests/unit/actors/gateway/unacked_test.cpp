#include "actors/gateway/unacked.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <random>

using namespace jindou;
using actors::unacked;

namespace {

unacked_recv recv_at(message_id id, std::int64_t ms) {
  return {id, shared_bytes{byte_vector(3)}, ms, 1};
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
    EXPECT_TRUE(aut.remember(recv_at(id, 0)));
  EXPECT_FALSE(aut.remember(recv_at(4, 0)));
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
