#include "messages/reply.hpp"
#include "messages/result.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace jindou {

namespace {

result<std::string> name_of(int n) {
  if (n < 0)
    return errc::invalid_argument;
  return std::string(static_cast<std::size_t>(n), 'n');
}

result<void> check(bool good) {
  if (!good)
    return errc::denied;
  return {};
}

} // namespace

TEST(result_test, holds_a_value_or_an_error) {
  auto good = name_of(2);
  ASSERT_TRUE(good);
  EXPECT_EQ(*good, "nn");
  EXPECT_EQ(good->size(), 2U);
  auto bad = name_of(-1);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error(), errc::invalid_argument);
}

TEST(result_test, gives_its_value_away) {
  result<std::unique_ptr<int>> made{std::make_unique<int>(7)};
  auto taken = *std::move(made);
  EXPECT_EQ(*taken, 7);
}

TEST(result_test, tells_a_value_from_an_error_of_the_same_type) {
  result<errc, int> value{errc::busy};
  result<errc, int> error{3};
  EXPECT_TRUE(value);
  EXPECT_FALSE(error);
  EXPECT_EQ(error.error(), 3);
}

TEST(result_test, says_success_without_a_value) {
  EXPECT_TRUE(check(true));
  auto bad = check(false);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error(), errc::denied);
}

TEST(reply_test, is_answered_once_and_lost_when_it_is_dropped) {
  std::vector<std::string> got;
  auto note = [&got](result<int> x) {
    got.push_back(x ? std::to_string(*x) : std::string{to_string(x.error())});
  };
  auto answered = make_reply<int>(note);
  answered->answer(1);
  answered->answer(errc::busy);
  answered.reset();
  make_reply<int>(note).reset();
  EXPECT_EQ(got, (std::vector<std::string>{"1", "lost"}));
}

} // namespace jindou
