#include "actors/channel/subscriber_set.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

using namespace jindou;
using namespace jindou::actors;

namespace {

std::vector<std::string> uids(int first, int count) {
  std::vector<std::string> res;
  for (int i = 0; i < count; ++i)
    res.push_back("u" + std::to_string(first + i));
  return res;
}

std::set<std::string> all_of(const subscriber_set& xs) {
  std::set<std::string> res;
  for (auto& part : xs.parts())
    for (auto& uid : *part)
      EXPECT_TRUE(res.insert(uid).second) << uid << " stands twice";
  return res;
}

} // namespace

TEST(subscriber_set_test, holds_every_uid_once) {
  subscriber_set aut;
  aut.assign({"b", "a", "b"});
  EXPECT_EQ(aut.size(), 2u);
  EXPECT_TRUE(aut.contains("a"));
  EXPECT_FALSE(aut.contains("c"));
  EXPECT_EQ(aut.add({"a", "c", "c"}), 1u);
  EXPECT_EQ(aut.remove({"b", "x"}), 1u);
  EXPECT_EQ(all_of(aut), (std::set<std::string>{"a", "c"}));
}

TEST(subscriber_set_test, splits_long_lists_into_bounded_parts) {
  subscriber_set aut;
  aut.assign(uids(0, 5'000));
  EXPECT_EQ(aut.parts().size(), 50u);
  EXPECT_EQ(all_of(aut).size(), 5'000u);
}

TEST(subscriber_set_test, keeps_a_uid_in_its_part_while_others_come_and_go) {
  subscriber_set aut;
  aut.assign(uids(0, 1'000));
  auto part_of = [&](const std::string& uid) {
    for (std::size_t i = 0; i < aut.parts().size(); ++i)
      for (auto& x : *aut.parts()[i])
        if (x == uid)
          return i;
    return aut.parts().size();
  };
  auto before = part_of("u7");
  aut.add(uids(1'000, 3'000));
  aut.remove(uids(500, 100));
  EXPECT_EQ(part_of("u7"), before);
  aut.rebalance();
  EXPECT_GT(aut.parts().size(), 10u);
  EXPECT_EQ(all_of(aut).size(), 3'900u);
}

TEST(subscriber_set_test, leaves_parts_that_are_under_way_as_they_are) {
  subscriber_set aut;
  aut.assign({"a"});
  auto under_way = aut.parts().front();
  aut.add({"b"});
  EXPECT_EQ(under_way->size(), 1u);
  EXPECT_EQ(aut.parts().front()->size(), 2u);
}

TEST(subscriber_set_test, agrees_with_a_plain_set_under_random_changes) {
  auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 rng{seed};
  subscriber_set aut;
  std::set<std::string> model;
  for (int i = 0; i < 300; ++i) {
    auto xs = uids(static_cast<int>(rng() % 800), static_cast<int>(rng() % 40));
    if (rng() % 2 == 0) {
      aut.add(xs);
      model.insert(xs.begin(), xs.end());
    } else {
      aut.remove(xs);
      for (auto& x : xs)
        model.erase(x);
    }
    if (rng() % 20 == 0)
      aut.rebalance();
    ASSERT_EQ(aut.size(), model.size());
  }
  EXPECT_EQ(all_of(aut), model);
}
