#include "actors/user/subscriptions.hpp"

#include <gtest/gtest.h>

using namespace jindou;
using namespace jindou::actors;

namespace {

subscription sub(connection_id session, std::string id) {
  return {{channel_type::data, std::move(id)}, "u", session, true};
}

subscription unsub(connection_id session, std::string id) {
  auto x = sub(session, std::move(id));
  x.wanted = false;
  return x;
}

/// The answer of a channel that now keeps the session or not.
subscribed decided(subscription x, bool kept) {
  x.kept = kept;
  return {std::move(x), true};
}

subscribed undecided(subscription x) {
  x.verdict = errc::busy;
  return {std::move(x), false};
}

constexpr std::size_t most = 3;

} // namespace

TEST(subscriptions_test, gives_back_what_a_session_holds_when_it_ends) {
  subscriptions x;
  EXPECT_EQ(x.hand_on(sub(1, "a"), most), errc::none);
  EXPECT_EQ(x.hand_on(sub(1, "b"), most), errc::none);
  EXPECT_EQ(x.hand_on(sub(2, "a"), most), errc::none);
  x.settle(decided(sub(1, "a"), true));
  auto ended = x.take(1);
  ASSERT_EQ(ended.size(), 2u) << "the one that is under way, too";
  EXPECT_EQ(ended[0].id, "a");
  EXPECT_EQ(ended[1].id, "b");
  EXPECT_EQ(x.size(), 1u);
  x.settle(decided(sub(1, "b"), true)); // comes too late
  EXPECT_EQ(x.size(), 1u);
}

TEST(subscriptions_test, bounds_each_session_alone) {
  subscriptions x;
  for (auto* id : {"a", "b", "c"})
    EXPECT_EQ(x.hand_on(sub(1, id), most), errc::none);
  EXPECT_EQ(x.hand_on(sub(1, "d"), most), errc::busy);
  EXPECT_EQ(x.hand_on(sub(1, "a"), most), errc::none) << "has it already";
  EXPECT_EQ(x.hand_on(sub(2, "d"), most), errc::none);
}

TEST(subscriptions_test, forgets_what_is_refused_and_makes_room) {
  subscriptions x;
  for (auto* id : {"a", "b", "c"})
    x.hand_on(sub(1, id), most);
  x.settle(decided(sub(1, "b"), false));
  x.settle(undecided(sub(1, "c")));
  EXPECT_EQ(x.size(), 1u);
  EXPECT_EQ(x.hand_on(sub(1, "d"), most), errc::none);
}

TEST(subscriptions_test, ends_only_what_it_knows) {
  subscriptions x;
  EXPECT_EQ(x.hand_on(unsub(1, "a"), most), errc::not_subscribed);
  x.hand_on(sub(1, "a"), most);
  EXPECT_EQ(x.hand_on(unsub(1, "a"), most), errc::none);
  x.settle(decided(sub(1, "a"), true));
  EXPECT_EQ(x.size(), 1u);
  x.settle(decided(unsub(1, "a"), false));
  EXPECT_EQ(x.size(), 0u);
}

TEST(subscriptions_test, keeps_what_a_channel_holds_though_a_repeat_is_lost) {
  subscriptions x;
  x.hand_on(sub(1, "a"), most);
  x.settle(decided(sub(1, "a"), true));
  x.hand_on(sub(1, "a"), most);
  x.settle(undecided(sub(1, "a")));
  x.hand_on(unsub(1, "a"), most);
  x.settle(undecided(unsub(1, "a")));
  EXPECT_EQ(x.take(1).size(), 1u);
}

TEST(subscriptions_test, waits_for_all_answers_before_it_forgets) {
  subscriptions x;
  x.hand_on(sub(1, "a"), most);
  x.hand_on(unsub(1, "a"), most);
  x.hand_on(sub(1, "a"), most);
  x.settle(decided(sub(1, "a"), true));
  x.settle(decided(unsub(1, "a"), false));
  EXPECT_EQ(x.size(), 1u) << "the second SUB is still under way";
  x.settle(decided(sub(1, "a"), true));
  EXPECT_EQ(x.take(1).size(), 1u);
}
