#include "messages/limits.hpp"
#include "tests/unit/actors/user/user_fixture.hpp"

using namespace jindou;
using namespace jindou::actors;

namespace {

using reasons = std::vector<int>;

const subscription& asked(const channel_delivery_ptr& x) {
  return std::get<subscription>(x->content);
}

} // namespace

class user_subscription_test : public test::user_fixture {
protected:
  user_subscription_test() {
    services->disable_encryption = true;
    know("u", "t");
    session = log_in("u", "t");
  }

  void ask(std::vector<user_event> events) {
    deliver("u", session, std::move(events));
    settle();
  }

  std::shared_ptr<test::recording_session> session;
};

TEST_F(user_subscription_test, asks_the_channel_and_answers_with_all_fields) {
  ask({sub("feed")});
  ASSERT_EQ(submitted_to.size(), 1u);
  auto& what = asked(submitted_to[0]);
  EXPECT_EQ(what.channel, (channel_key{7, "feed"}));
  EXPECT_EQ(what.uid, "u");
  EXPECT_EQ(what.session, session->id());
  EXPECT_TRUE(what.wanted);
  EXPECT_EQ(submitted_to[0]->places(), 1);
  auto acks = session->all<wire::suback_frame>();
  ASSERT_EQ(acks.size(), 1u);
  EXPECT_EQ(acks[0].sub_no, "no");
  EXPECT_EQ(acks[0].channel_id, "feed");
  EXPECT_EQ(acks[0].channel_type, 7);
  EXPECT_EQ(acks[0].action, 0);
  EXPECT_EQ(acks[0].reason, 1);
  EXPECT_TRUE(acks[0].flags.sync_once) << "flags are those of the SUB";
  EXPECT_EQ(session->answers, 1u) << "it counts in the window";
}

TEST_F(user_subscription_test, says_what_the_channel_says) {
  answer_submits = false;
  constexpr std::pair<errc, int> verdicts[] = {
    {errc::none, 1},    {errc::not_subscribed, 3}, {errc::denied, 4},
    {errc::banned, 19}, {errc::disbanded, 24},
  };
  reasons expected;
  for (auto [verdict, reason] : verdicts) {
    ask({sub("feed")});
    auto x = std::exchange(submitted_to, {}).front();
    std::get<subscription>(x->content).verdict = verdict;
    x->answer(errc::none);
    settle();
    expected.push_back(reason);
  }
  EXPECT_EQ(sub_reasons(*session), expected);
}

TEST_F(user_subscription_test, answers_for_a_channel_that_does_not) {
  answer_submits = false;
  for (auto outcome : {errc::busy, errc::lost, errc::stopping}) {
    ask({sub("feed")});
    std::exchange(submitted_to, {}).front()->answer(outcome);
    settle();
  }
  ask({sub("feed")});
  submitted_to.clear(); // dropped on its way
  settle();
  EXPECT_EQ(sub_reasons(*session), (reasons{22, 15, 15, 15}));
  EXPECT_EQ(session->answers, 4u);
}

TEST_F(user_subscription_test, asks_by_the_stored_id) {
  ask({sub("peer", channel_type::person), sub("bot", channel_type::agent),
       sub("g", channel_type::group)});
  ASSERT_EQ(submitted_to.size(), 3u);
  EXPECT_EQ(asked(submitted_to[0]).channel.id, person_channel_id("u", "peer"));
  EXPECT_EQ(asked(submitted_to[1]).channel.id, "u@bot");
  EXPECT_EQ(asked(submitted_to[2]).channel.id, "g");
  EXPECT_EQ(session->all<wire::suback_frame>()[0].channel_id, "peer")
    << "as the client gave it";
}

TEST_F(user_subscription_test, refuses_what_is_no_subscription) {
  std::string too_long(limits::name_bytes_max + 1, 'x');
  ask({sub(""), sub(keep(too_long)), sub("feed", 7, 2)});
  EXPECT_EQ(sub_reasons(*session), (reasons{3, 15, 23}));
  EXPECT_TRUE(submitted_to.empty());
  EXPECT_EQ(session->answers, 3u);
}

TEST_F(user_subscription_test, bounds_the_channels_of_a_session) {
  services->subscriptions_max = 2;
  ask({sub("a"), sub("b"), sub("c"), sub("a")});
  EXPECT_EQ(sub_reasons(*session), (reasons{1, 1, 22, 1}));
  ask({unsub("a"), sub("c")});
  EXPECT_EQ(sub_reasons(*session), (reasons{1, 1, 22, 1, 1, 22}))
    << "there is room as soon as the channel has let go";
  ask({sub("c")});
  EXPECT_EQ(sub_reasons(*session).back(), 1);
  auto other = log_in("u", "t", "e");
  deliver("u", other, {sub("d")});
  settle();
  EXPECT_EQ(sub_reasons(*other), reasons{1}) << "each session has its own";
}

TEST_F(user_subscription_test, counts_no_channel_that_keeps_no_session) {
  services->subscriptions_max = 1;
  for (int i = 0; i < 5; ++i)
    ask({sub("g", channel_type::group), unsub("g", channel_type::group)});
  EXPECT_EQ(sub_reasons(*session), reasons(10, 1));
  ask({session_closed{}});
  EXPECT_EQ(submitted_to.size(), 10u) << "there is nothing to end";
}

TEST_F(user_subscription_test, ends_nothing_that_was_never_begun) {
  ask({unsub("feed")});
  EXPECT_EQ(sub_reasons(*session), reasons{3});
  EXPECT_TRUE(submitted_to.empty());
}

TEST_F(user_subscription_test, tells_every_channel_when_the_session_ends) {
  auto other = log_in("u", "t", "e");
  deliver("u", other, {sub("a")});
  ask({sub("a"), sub("b"), unsub("b")});
  answer_submits = false;
  ask({sub("c")});
  auto under_way = submitted_to.back();
  submitted_to.clear();
  ask({session_closed{}});
  ASSERT_EQ(submitted_to.size(), 2u);
  for (auto& x : submitted_to) {
    EXPECT_FALSE(asked(x).wanted);
    EXPECT_EQ(asked(x).session, session->id());
    EXPECT_EQ(x->places(), 0) << "a full queue cannot refuse it";
  }
  EXPECT_EQ(asked(submitted_to[0]).channel.id, "a");
  EXPECT_EQ(asked(submitted_to[1]).channel.id, "c");
}

TEST_F(user_subscription_test, answers_once_though_the_user_is_killed) {
  answer_submits = false;
  ask({sub("feed")});
  users->for_each(
    [&](auto&, auto& r) { self->send_exit(r.handle, caf::exit_reason::kill); });
  settle();
  EXPECT_TRUE(sub_reasons(*session).empty());
  accept(submitted_to[0]);
  settle();
  EXPECT_EQ(sub_reasons(*session), reasons{1});
}

TEST_F(user_subscription_test, stays_while_a_sub_has_no_answer) {
  answer_submits = false;
  ask({sub("feed"), session_closed{}});
  auto probe = [&] {
    users->for_each(
      [&](auto&, auto& r) { self->send(r.handle, atom::idle::value); });
    settle();
    return users->size();
  };
  EXPECT_EQ(probe(), 1u);
  for (auto& x : std::exchange(submitted_to, {}))
    accept(x);
  settle();
  EXPECT_EQ(probe(), 0u);
}

TEST_F(user_subscription_test, counts_events_and_refusals_by_name) {
  ask({sub("feed"), sub(""), unsub("feed"), unsub("other")});
  auto& subs = stats->handler(event_type::sub, "subscribe");
  auto& unsubs = stats->handler(event_type::unsub, "unsubscribe");
  EXPECT_EQ(subs.events(), 2u);
  EXPECT_EQ(subs.errors(), 1u);
  EXPECT_EQ(unsubs.events(), 2u);
  EXPECT_EQ(unsubs.errors(), 1u);
}
