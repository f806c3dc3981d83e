#include "actors/gateway/late_line.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

using namespace std::chrono_literals;

namespace jindou::actors {

namespace {

class late_line_test : public testing::Test {
protected:
  using line = late_line<std::shared_ptr<std::string>>;
  using work = line::work;

  void put(const char* who, work what = work::read) {
    late.put(std::make_shared<std::string>(who), what);
  }

  /// Serves for `budget` when each piece of work takes `cost`.
  void serve(std::chrono::nanoseconds budget, std::chrono::nanoseconds cost) {
    late.serve(
      budget, [this] { return now; },
      [&](const std::string& who, work what) {
        now += cost;
        served.push_back(who + (what == work::read ? " reads" : " writes"));
        if (who == "comes back")
          put("later");
      });
  }

  line late;
  std::chrono::nanoseconds now{1h};
  std::vector<std::string> served;
};

} // namespace

TEST_F(late_line_test, serves_in_the_order_in_which_they_came) {
  put("a");
  put("b", work::flush);
  put("a", work::flush);
  serve(1ms, 1us);
  EXPECT_EQ(served,
            (std::vector<std::string>{"a reads", "b writes", "a writes"}));
  EXPECT_TRUE(late.empty());
}

TEST_F(late_line_test, stops_when_its_time_is_over) {
  for (auto who : {"a", "b", "c", "d"})
    put(who);
  serve(100us, 60us);
  EXPECT_EQ(served.size(), 2U);
  EXPECT_FALSE(late.empty());
}

TEST_F(late_line_test, serves_one_even_if_that_takes_too_long) {
  put("a");
  put("b");
  serve(100us, 1s);
  EXPECT_EQ(served, std::vector<std::string>{"a reads"});
  serve(0us, 0us);
  EXPECT_EQ(served.size(), 2U);
}

TEST_F(late_line_test, lets_who_comes_meanwhile_wait_behind_the_others) {
  put("comes back");
  put("b");
  serve(1ms, 1us);
  EXPECT_EQ(served, (std::vector<std::string>{"comes back reads", "b reads",
                                              "later reads"}));
}

} // namespace jindou::actors
