#include "messages/delivery.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace jindou {

namespace {

using answers = std::vector<std::pair<std::string, errc>>;

delivery_ptr<std::string> make(answers& to, std::int64_t places = 1) {
  return std::make_shared<delivery<std::string>>(
    "batch", places,
    [&to](std::string& content, errc e) { to.emplace_back(content, e); });
}

} // namespace

TEST(delivery_test, hands_its_content_and_the_outcome_back) {
  answers got;
  auto d = make(got);
  EXPECT_FALSE(d->answered());
  d->content += " handled";
  d->answer(errc::busy);
  EXPECT_TRUE(d->answered());
  EXPECT_EQ(got, (answers{{"batch handled", errc::busy}}));
}

TEST(delivery_test, is_answered_only_once) {
  answers got;
  auto d = make(got);
  d->answer(errc::none);
  d->answer(errc::busy);
  d.reset();
  EXPECT_EQ(got, (answers{{"batch", errc::none}}));
}

TEST(delivery_test, is_answered_lost_when_it_is_dropped) {
  answers got;
  auto d = make(got);
  auto second = d;
  d.reset();
  EXPECT_TRUE(got.empty());
  second.reset();
  EXPECT_EQ(got, (answers{{"batch", errc::lost}}));
}

TEST(delivery_test, is_answered_lost_when_a_handler_throws) {
  answers got;
  auto handle
    = [](delivery_ptr<std::string>) { throw std::runtime_error{"handler"}; };
  EXPECT_THROW(handle(make(got)), std::runtime_error);
  EXPECT_EQ(got, (answers{{"batch", errc::lost}}));
}

TEST(delivery_test, keeps_its_places_until_it_is_destroyed) {
  answers got;
  auto where = std::make_shared<lease>();
  ASSERT_EQ(where->enter(3, 10), lease::door::open);
  auto d = make(got, 3);
  d->hold(where);
  d->answer(errc::none);
  EXPECT_EQ(where->depth(), 3);
  EXPECT_FALSE(where->retire());
  d.reset();
  EXPECT_EQ(where->depth(), 0);
  EXPECT_TRUE(where->retire());
}

TEST(delivery_test, answers_before_it_gives_its_places_back) {
  auto where = std::make_shared<lease>();
  ASSERT_EQ(where->enter(2, 10), lease::door::open);
  std::int64_t depth_at_answer = 0;
  {
    delivery<int> d{0, 2,
                    [&](int&, errc) { depth_at_answer = where->depth(); }};
    d.hold(where);
  }
  EXPECT_EQ(depth_at_answer, 2);
  EXPECT_EQ(where->depth(), 0);
}

TEST(delivery_test, may_be_answered_from_its_own_answer) {
  int calls = 0;
  delivery<int>* self = nullptr;
  delivery<int> d{0, 1, [&](int&, errc) {
                    ++calls;
                    self->answer(errc::none);
                  }};
  self = &d;
  d.answer(errc::none);
  EXPECT_EQ(calls, 1);
}

} // namespace jindou
