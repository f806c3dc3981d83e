#include "actors/gateway/session_table.hpp"
#include "tests/unit/actors/gateway/fake_session.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <thread>

using namespace jindou;
using actors::session_table;
using test::fake_session;

namespace {

std::vector<session_ptr> sessions_of(const session_table& table,
                                     std::string_view uid) {
  std::vector<session_ptr> res;
  table.append_sessions(uid, res);
  return res;
}

} // namespace

TEST(session_table_test, finds_the_sessions_of_a_user_in_order_of_login) {
  session_table table;
  auto phone = std::make_shared<fake_session>("wukong");
  auto web = std::make_shared<fake_session>("wukong");
  auto other = std::make_shared<fake_session>("bajie");
  table.add(phone);
  table.add(other);
  table.add(web);
  EXPECT_EQ(sessions_of(table, "wukong"),
            (std::vector<session_ptr>{phone, web}));
  EXPECT_EQ(sessions_of(table, "bajie"), (std::vector<session_ptr>{other}));
  EXPECT_TRUE(sessions_of(table, "").empty());
  EXPECT_EQ(table.user_count(), 2u);
  EXPECT_EQ(table.session_count(), 3u);
}

TEST(session_table_test, appends_behind_what_is_there) {
  session_table table;
  auto a = std::make_shared<fake_session>("a");
  auto b = std::make_shared<fake_session>("b");
  table.add(a);
  table.add(b);
  std::vector<session_ptr> res;
  table.append_sessions("b", res);
  table.append_sessions("a", res);
  EXPECT_EQ(res, (std::vector<session_ptr>{b, a}));
}

TEST(session_table_test, removes_a_session_once) {
  session_table table;
  auto a = std::make_shared<fake_session>("a");
  auto twin = std::make_shared<fake_session>("a");
  table.add(a);
  table.add(twin);
  EXPECT_TRUE(table.remove(a));
  EXPECT_FALSE(table.remove(a));
  EXPECT_TRUE(table.contains("a"));
  EXPECT_TRUE(table.remove(twin));
  EXPECT_FALSE(table.contains("a"));
  EXPECT_EQ(table.user_count(), 0u);
  EXPECT_EQ(table.session_count(), 0u);
}

TEST(session_table_test, does_not_keep_a_removed_session_alive) {
  session_table table;
  auto a = std::make_shared<fake_session>("a");
  std::weak_ptr<fake_session> watch = a;
  table.add(a);
  table.remove(a);
  a.reset();
  EXPECT_TRUE(watch.expired());
}

TEST(session_table_test, visits_every_session_and_allows_removal_meanwhile) {
  session_table table;
  constexpr std::size_t n = 1'000;
  for (std::size_t i = 0; i < n; ++i)
    table.add(std::make_shared<fake_session>("user" + std::to_string(i)));
  std::set<session_ptr> seen;
  table.for_each([&](const session_ptr& x) {
    seen.insert(x);
    EXPECT_TRUE(table.remove(x));
  });
  EXPECT_EQ(seen.size(), n);
  EXPECT_EQ(table.session_count(), 0u);
}

TEST(session_table_test, keeps_its_counts_under_many_threads) {
  session_table table;
  auto work = [&](int t) {
    for (int i = 0; i < 2'000; ++i) {
      auto x = std::make_shared<fake_session>("u" + std::to_string(i % 50));
      table.add(x);
      EXPECT_FALSE(sessions_of(table, x->identity()->uid).empty());
      if (i % 2 == t % 2) {
        EXPECT_TRUE(table.remove(x));
      }
    }
  };
  std::thread one{work, 0};
  std::thread two{work, 1};
  one.join();
  two.join();
  EXPECT_EQ(table.session_count(), 2'000u);
  EXPECT_EQ(table.user_count(), 50u);
}
