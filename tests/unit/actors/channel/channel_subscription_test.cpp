#include "tests/unit/actors/channel/channel_fixture.hpp"

using namespace jindou;
using namespace jindou::actors;

namespace flags = command::channel_flags;

namespace {

using uids = std::vector<std::string>;
using sessions = std::vector<connection_id>;

} // namespace

class channel_subscription_test : public test::channel_fixture {
protected:
  const channel_key feed{channel_type::data, "feed"};
};

TEST_F(channel_subscription_test, pushes_to_the_session_and_to_no_other) {
  auto sub = subscribe("a", 7, feed);
  settle();
  EXPECT_EQ(sub->verdict, errc::none);
  EXPECT_TRUE(sub->kept);
  auto sent = settled(send("boss", feed, {message("1")}, true));
  EXPECT_EQ(sent->items[0].seq, 1u) << "stored like any message";
  EXPECT_EQ(pushed_uids(), uids{"a"});
  EXPECT_EQ(pushed_sessions(), sessions{7});
}

TEST_F(channel_subscription_test, answers_a_sub_before_what_is_sent_behind_it) {
  auto sub = subscribe("a", 7, feed);
  auto sent = send("boss", feed, {message("1")}, true);
  auto end = subscribe("a", 7, feed, false);
  auto later = send("boss", feed, {message("2")}, true);
  settle();
  EXPECT_EQ(sub->verdict, errc::none);
  EXPECT_EQ(end->verdict, errc::none);
  EXPECT_EQ(later->items[0].seq, 2u);
  // One turn is pushed together: to whom, the end of the turn decides.
  EXPECT_TRUE(pushed_uids().empty());
}

TEST_F(channel_subscription_test, stops_with_an_unsub_and_takes_it_only_once) {
  subscribe("a", 7, feed);
  auto first = subscribe("a", 7, feed, false);
  auto second = subscribe("a", 7, feed, false);
  settle();
  EXPECT_EQ(first->verdict, errc::none);
  EXPECT_FALSE(first->kept);
  EXPECT_EQ(second->verdict, errc::not_subscribed);
  settled(send("boss", feed, {message("1")}, true));
  EXPECT_TRUE(pushes.empty());
}

TEST_F(channel_subscription_test, takes_the_same_sub_twice_and_pushes_once) {
  subscribe("a", 7, feed);
  auto again = subscribe("a", 7, feed);
  settle();
  EXPECT_EQ(again->verdict, errc::none);
  settled(send("boss", feed, {message("1")}, true));
  EXPECT_EQ(pushed_sessions(), sessions{7});
}

TEST_F(channel_subscription_test, tells_sessions_of_one_user_apart) {
  subscribe("a", 7, feed);
  subscribe("a", 8, feed);
  subscribe("b", 9, feed);
  subscribe("a", 7, feed, false);
  settle();
  settled(send("boss", feed, {message("1")}, true));
  EXPECT_EQ(pushed_uids(), (uids{"a", "b"}));
  EXPECT_EQ(pushed_sessions(), (sessions{8, 9}));
}

TEST_F(channel_subscription_test,
       pushes_once_to_a_subscriber_that_listens_too) {
  group(feed, {"a"});
  subscribe("a", 7, feed);
  settle();
  settled(send("a", feed, {message("1")}));
  ASSERT_EQ(pushes.size(), 1u);
  EXPECT_EQ(pushes[0].only, nullptr) << "all sessions of a subscriber";
  settled(order(
    feed, command::members_remove{feed, command::list::subscriber, {"a"}}));
  pushes.clear();
  settled(send("boss", feed, {message("2")}, true));
  EXPECT_EQ(pushed_sessions(), sessions{7}) << "the session still listens";
}

TEST_F(channel_subscription_test, gives_no_right_to_send) {
  subscribe("a", 7, feed);
  settle();
  EXPECT_EQ(settled(send("a", feed, {message("1")}))->items[0].verdict,
            errc::not_subscribed);
}

TEST_F(channel_subscription_test, refuses_what_the_record_and_lists_forbid) {
  struct rule {
    const char* sentence;
    std::uint32_t flags;
    const char* denied;
    errc verdict;
  };
  constexpr rule rules[] = {
    {"a banned channel", flags::exists | flags::ban, "", errc::banned},
    {"a disbanded channel", flags::exists | flags::disband, "",
     errc::disbanded},
    {"a denied user", flags::exists, "a", errc::denied},
    {"another denied user", flags::exists, "b", errc::none},
    {"a channel without a record", 0, "", errc::none},
  };
  for (auto& x : rules) {
    SCOPED_TRACE(x.sentence);
    channel_key key{channel_type::data, x.sentence};
    script->channels[key].flags = x.flags;
    if (*x.denied != '\0')
      script->channels[key].denied = {x.denied};
    auto sub = subscribe("a", 7, key);
    settle();
    EXPECT_EQ(sub->verdict, x.verdict);
    EXPECT_EQ(sub->kept, x.verdict == errc::none);
  }
}

TEST_F(channel_subscription_test, lets_go_of_who_is_denied_later) {
  subscribe("a", 7, feed);
  subscribe("b", 8, feed);
  settled(
    order(feed, command::members_add{feed, command::list::deny, false, {"a"}}));
  settled(send("boss", feed, {message("1")}, true));
  EXPECT_EQ(pushed_uids(), uids{"b"});
  auto again = subscribe("a", 7, feed);
  settle();
  EXPECT_EQ(again->verdict, errc::denied);
}

TEST_F(channel_subscription_test, tells_others_whether_they_receive_anyway) {
  struct rule {
    const char* sentence;
    std::uint8_t type;
    std::string id; // the stored one
    const char* uid;
    errc verdict;
  };
  const rule rules[] = {
    {"a member of a group", 2, "g", "m", errc::none},
    {"a stranger to a group", 2, "g", "x", errc::not_subscribed},
    {"a member, of its command channel", 2, "g____cmd", "m", errc::none},
    {"one end of a person channel", 1, person_channel_id("m", "n"), "n",
     errc::none},
    {"nobody else", 1, person_channel_id("m", "n"), "x", errc::not_subscribed},
    {"an agent", 11, "m@bot", "bot", errc::none},
    {"not another user", 11, "m@bot", "x", errc::not_subscribed},
    {"a visitor of the service", 3, "v|1", "v", errc::none},
    {"a member of the service", 3, "v|1", "m", errc::none},
    {"not another visitor", 3, "v|1", "w", errc::not_subscribed},
    {"a visitor", 10, "v", "v", errc::none},
    {"not its neighbour", 10, "v", "w", errc::not_subscribed},
    {"a community that was never made", 4, "c", "m", errc::not_subscribed},
    {"a listener of a live channel", 9, "l", "m", errc::not_subscribed},
  };
  group({2, "g"}, {"m"});
  group({3, "v|1"}, {"m"});
  for (auto& x : rules) {
    SCOPED_TRACE(x.sentence);
    for (auto wanted : {true, false}) {
      auto sub = subscribe(x.uid, 7, {x.type, x.id}, wanted);
      settle();
      EXPECT_EQ(sub->verdict, x.verdict);
      EXPECT_FALSE(sub->kept);
    }
  }
  settled(send("m", {2, "g"}, {message("1")}));
  EXPECT_TRUE(pushed_sessions().empty()) << "nobody is pushed to twice";
}

TEST_F(channel_subscription_test, keeps_the_order_behind_a_view_under_way) {
  group(feed, {"m"});
  auto sub = subscribe("a", 7, feed);
  auto sent = send("m", feed, {message("1")});
  settle();
  EXPECT_EQ(sub->verdict, errc::none);
  EXPECT_EQ(sent->items[0].verdict, errc::none);
  EXPECT_EQ(script->reads, 1u) << "one view serves both";
  EXPECT_EQ(pushed_uids(), (uids{"a", "m"}));
}

TEST_F(channel_subscription_test, answers_15_when_its_view_cannot_be_read) {
  script->read_error = errc::unavailable;
  auto sub = subscribe("a", 7, feed);
  settle();
  EXPECT_EQ(sub->verdict, errc::unavailable);
  EXPECT_FALSE(sub->kept);
  script->read_error = errc::none;
  auto again = subscribe("a", 7, feed);
  settle();
  EXPECT_EQ(again->verdict, errc::none);
}

TEST_F(channel_subscription_test,
       answers_busy_beyond_its_queue_but_takes_ends) {
  subscribe("a", 7, feed);
  settle();
  script->hold = true;
  settled(order(feed, command::members_add{feed,
                                           command::list::subscriber,
                                           false,
                                           {"m"}})); // waits for the log
  std::vector<std::shared_ptr<subscription>> all;
  for (connection_id i = 100; i < 220; ++i)
    all.push_back(subscribe("b", i, feed));
  auto end = subscribe("a", 7, feed, false, 0);
  settle();
  auto busy = std::count_if(all.begin(), all.end(),
                            [](auto& x) { return x->verdict == errc::busy; });
  EXPECT_EQ(busy, 21);
  EXPECT_EQ(end->verdict, errc::lost) << "not answered yet";
  script->hold = false;
  test::release(*script);
  settle();
  EXPECT_EQ(end->verdict, errc::none);
}

TEST_F(channel_subscription_test, answers_what_a_killed_channel_leaves_behind) {
  script->hold = true;
  settled(order(feed, command::channel_put{feed, flags::exists, false}));
  auto sub = subscribe("a", 7, feed);
  settle();
  channels->for_each(
    [&](auto&, auto& r) { self->send_exit(r.handle, caf::exit_reason::kill); });
  settle();
  EXPECT_EQ(sub->verdict, errc::lost);
}

TEST_F(channel_subscription_test, stays_in_memory_while_somebody_listens) {
  subscribe("a", 7, feed);
  settle();
  remind_idle_ones();
  EXPECT_EQ(channels->size(), 1u);
  subscribe("a", 7, feed, false, 0);
  settle();
  remind_idle_ones();
  EXPECT_EQ(channels->size(), 0u);
}

TEST_F(channel_subscription_test, cuts_a_thousand_sessions_into_parts) {
  for (connection_id i = 1; i <= 1'000; ++i) {
    subscribe("u" + std::to_string(i), i, feed);
    if (i % 100 == 0)
      settle(); // as many as its queue holds
  }
  settled(send("boss", feed, {message("1")}, true));
  EXPECT_EQ(pushed_sessions().size(), 1'000u);
  EXPECT_EQ(pushes.size(), 10u);
}
