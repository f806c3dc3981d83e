#include "actors/channel/listener_set.hpp"
#include "messages/hash.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

using namespace jindou;
using namespace jindou::actors;

namespace {

std::string name(connection_id i) {
  return "u" + std::to_string(i);
}

std::multiset<connection_id>
sessions_of(const std::vector<listener_set::part>& parts) {
  std::multiset<connection_id> res;
  for (auto& x : parts)
    res.insert(x.sessions->begin(), x.sessions->end());
  return res;
}

/// Which part holds each uid.
std::map<std::string, std::size_t>
places_of(const std::vector<listener_set::part>& parts) {
  std::map<std::string, std::size_t> res;
  for (std::size_t i = 0; i < parts.size(); ++i)
    for (auto& uid : *parts[i].uids)
      EXPECT_TRUE(res.emplace(uid, i).second) << uid << " stands twice";
  return res;
}

} // namespace

TEST(listener_set_test, holds_every_session_once) {
  listener_set x;
  subscriber_set nobody;
  EXPECT_TRUE(x.empty());
  x.add(1, "a");
  x.add(1, "a");
  x.add(2, "a");
  EXPECT_EQ(x.size(), 2u);
  EXPECT_EQ(sessions_of(x.parts(nobody, true)),
            (std::multiset<connection_id>{1, 2}));
  EXPECT_TRUE(x.remove(1));
  EXPECT_FALSE(x.remove(1));
  EXPECT_EQ(sessions_of(x.parts(nobody, true)),
            (std::multiset<connection_id>{2}));
}

TEST(listener_set_test, leaves_out_who_is_a_subscriber) {
  listener_set x;
  subscriber_set members;
  members.assign({"a"});
  x.add(1, "a");
  x.add(2, "b");
  EXPECT_EQ(sessions_of(x.parts(members, true)),
            (std::multiset<connection_id>{2}));
  members.remove({"a"});
  x.touch();
  EXPECT_EQ(sessions_of(x.parts(members, true)),
            (std::multiset<connection_id>{1, 2}));
}

TEST(listener_set_test, removes_all_sessions_of_a_user) {
  listener_set x;
  subscriber_set nobody;
  x.add(1, "a");
  x.add(2, "a");
  x.add(3, "b");
  x.remove_users([](std::string_view uid) { return uid == "a"; });
  EXPECT_EQ(sessions_of(x.parts(nobody, true)),
            (std::multiset<connection_id>{3}));
}

TEST(listener_set_test, keeps_parts_short_and_uids_in_their_part) {
  listener_set x;
  subscriber_set nobody;
  for (connection_id i = 1; i <= 1'000; ++i)
    x.add(i, name(i));
  auto before = x.parts(nobody, true);
  EXPECT_EQ(before.size(), 10u);
  EXPECT_EQ(sessions_of(before).size(), 1'000u);
  for (auto& part : before) {
    EXPECT_TRUE(std::is_sorted(part.sessions->begin(), part.sessions->end()));
    EXPECT_LT(part.uids->size(), 200u);
  }
  auto places = places_of(before);
  for (connection_id i = 1'001; i <= 2'000; ++i)
    x.add(i, name(i));
  for (auto& [uid, place] : places_of(x.parts(nobody, false))) {
    auto was = places.find(uid);
    EXPECT_TRUE(was == places.end() || was->second == place)
      << uid << " moved while a push is under way";
  }
  x.touch();
  EXPECT_EQ(x.parts(nobody, true).size(), 20u);
}

TEST(listener_set_test, shares_its_parts_until_something_changes) {
  listener_set x;
  subscriber_set nobody;
  x.add(1, "a");
  auto first = x.parts(nobody, true)[0].uids;
  EXPECT_EQ(x.parts(nobody, true)[0].uids, first);
  x.add(2, "b");
  EXPECT_NE(x.parts(nobody, true)[0].uids, first);
}
