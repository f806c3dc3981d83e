#include "tests/unit/actors/channel/channel_fixture.hpp"

#include <stdexcept>
#include <utility>

using namespace jindou;
using namespace jindou::actors;

namespace flags = command::channel_flags;

using test::outcome;

class channel_test : public test::channel_fixture {};

namespace {

bool failed_once = false;

step refuse_poison(distribution& x) {
  for (auto& item : x.batch().items)
    if (item.payload == "poison")
      throw std::runtime_error{"poison"};
  return step::next();
}

step build_and_fail_once(distribution& x) {
  auto res = channel_state::build_records(x);
  if (!std::exchange(failed_once, true))
    throw std::runtime_error{"half way"};
  return res;
}

} // namespace

TEST_F(channel_test, gives_places_in_order_and_pushes_to_subscribers) {
  group(g, {"a", "b"});
  auto first = send("a", g, {message("1"), message("2")});
  auto second = send("b", g, {message("3")});
  settle();
  ASSERT_EQ(first->answers, 1);
  EXPECT_EQ(first->items[0].seq, 1u);
  EXPECT_EQ(first->items[1].seq, 2u);
  EXPECT_EQ(second->items[0].seq, 3u);
  EXPECT_LT(first->items[1].message_id, second->items[0].message_id);
  EXPECT_EQ(pushed_texts(), (std::vector<std::string>{"1", "2", "3"}));
  EXPECT_EQ(*pushes[0].receivers, (std::vector<std::string>{"a", "b"}));
}

TEST_F(channel_test, answers_strangers_and_pushes_nothing) {
  group(g, {"a"});
  auto res = send("x", g, {message("1")});
  settle();
  ASSERT_EQ(res->answers, 1);
  EXPECT_EQ(res->items[0].verdict, errc::not_subscribed);
  EXPECT_NE(res->items[0].message_id, 0u);
  EXPECT_EQ(res->items[0].seq, 0u);
  EXPECT_TRUE(pushes.empty());
  EXPECT_TRUE(script->proposals.empty());
}

TEST_F(channel_test, answers_a_channel_that_was_never_made_like_a_stranger) {
  auto res = send("a", {2, "never"}, {message("1")});
  settle();
  EXPECT_EQ(res->items[0].verdict, errc::not_subscribed);
}

TEST_F(channel_test, refuses_all_senders_of_a_banned_channel) {
  group(g, {"a"});
  script->channels[g].flags = flags::exists | flags::ban;
  auto client = send("a", g, {message("1")});
  auto http = send("a", g, {message("2")}, true);
  settle();
  EXPECT_EQ(client->items[0].verdict, errc::banned);
  EXPECT_EQ(http->items[0].verdict, errc::banned);
}

TEST_F(channel_test, pushes_messages_that_are_not_to_be_stored_without_a_seq) {
  group(g, {"a"});
  auto res = send("a", g, {message("1"), message("2", true), message("3")});
  settle();
  EXPECT_EQ(res->items[0].seq, 1u);
  EXPECT_EQ(res->items[1].seq, 0u);
  EXPECT_EQ(res->items[1].verdict, errc::none);
  EXPECT_EQ(res->items[2].seq, 2u);
  EXPECT_EQ(pushed_texts(), (std::vector<std::string>{"1", "2", "3"}));
}

TEST_F(channel_test, pushes_every_message_with_the_stream_it_names) {
  group(g, {"a", "b"});
  std::vector<submit_item> items{message("1"), message("2", true), message("3"),
                                 message("4", true)};
  items[1].stream_no = "passing";
  items[2].stream_no = "stored";
  settled(send("a", g, items));
  settled(send("a", g, {message("5")}));
  std::vector<std::string> streams;
  for (auto& x : pushes)
    for (auto& item : x.content->items)
      streams.push_back(item.stream_no);
  EXPECT_EQ(streams,
            (std::vector<std::string>{"", "passing", "stored", "", ""}));
}

TEST_F(channel_test, stores_without_pushing_when_asked_to) {
  group(g, {"a"});
  auto res = send("a", g, {message("1")}, true, event_type::store);
  settle();
  EXPECT_EQ(res->items[0].seq, 1u);
  EXPECT_TRUE(pushes.empty());
}

TEST_F(channel_test, lets_nothing_overtake_a_batch_that_waits_for_the_log) {
  group(g, {"a"});
  script->hold = true;
  auto first = send("a", g, {message("1")});
  settle();
  auto passing = send("a", g, {message("2", true)});
  auto second = send("a", g, {message("3")});
  settle();
  EXPECT_EQ(first->answers + passing->answers + second->answers, 0);
  EXPECT_EQ(script->held.size(), 2u) << "the second one is proposed at once";
  script->hold = false;
  test::release(*script);
  settle();
  EXPECT_EQ(first->answers + passing->answers + second->answers, 3);
  EXPECT_EQ(pushed_texts(), (std::vector<std::string>{"1", "2", "3"}));
}

TEST_F(channel_test, pushes_large_messages_one_after_the_other) {
  group(g, {"a", "b"});
  std::string large(200'000, 'x');
  auto one = message("0");
  one.payload = large;
  send("a", g, {one});
  send("a", g, {message("1")});
  send("b", g, {one, message("2")});
  settle();
  std::vector<std::size_t> sizes;
  for (auto& p : pushes)
    sizes.push_back(p.content->items.size());
  EXPECT_EQ(sizes, (std::vector<std::size_t>{2, 2}));
  EXPECT_EQ(pushed_texts(), (std::vector<std::string>{large, "1", large, "2"}));
}

TEST_F(channel_test,
       keeps_orders_to_a_command_channel_off_the_lists_of_its_base) {
  group(g, {"a"});
  channel_key commands{g.type, g.id + "____cmd"};
  send("a", commands, {message("1")});
  settle();
  command::members_add add;
  add.channel = commands;
  add.list = command::list::subscriber;
  add.uids = {"stranger"};
  order(commands, add);
  settle();
  auto res = send("stranger", commands, {message("2")});
  settle();
  EXPECT_EQ(res->items[0].verdict, errc::not_subscribed);
}

TEST_F(channel_test, proposes_and_pushes_what_one_turn_brings_as_one) {
  group(g, {"a", "b"});
  auto first = send("a", g, {message("1"), message("2", true)});
  auto stranger = send("z", g, {message("x")});
  auto second = send("b", g, {message("3"), message("4")});
  settle();
  ASSERT_EQ(script->proposals.size(), 1u);
  EXPECT_EQ(script->proposals[0]->ends.size(), 3u);
  EXPECT_EQ(first->answers + stranger->answers + second->answers, 3);
  EXPECT_EQ(first->items[0].seq, 1u);
  EXPECT_EQ(first->items[1].seq, 0u);
  EXPECT_EQ(stranger->items[0].verdict, errc::not_subscribed);
  EXPECT_EQ(second->items[0].seq, 2u);
  EXPECT_EQ(second->items[1].seq, 3u);
  ASSERT_EQ(pushes.size(), 1u);
  EXPECT_EQ(pushed_texts(), (std::vector<std::string>{"1", "2", "3", "4"}));
  EXPECT_EQ(pushes[0].content->items[2].stored.body.from_uid, "b");
}

TEST_F(channel_test, refuses_all_that_one_proposal_held_when_the_log_does) {
  group(g, {"a", "b"});
  script->refuse = errc::busy;
  auto first = send("a", g, {message("1")});
  auto second = send("b", g, {message("2")});
  settle();
  EXPECT_EQ(script->proposals.size(), 1u);
  EXPECT_EQ(first->items[0].verdict, errc::busy);
  EXPECT_EQ(second->items[0].verdict, errc::busy);
  EXPECT_TRUE(pushes.empty());
}

TEST_F(channel_test,
       proposes_a_turn_in_parts_that_a_round_of_the_log_can_hold) {
  group(g, {"a"});
  std::string big(limits::proposal_batch_bytes_max / 3, 'x');
  std::vector<std::shared_ptr<outcome>> sent;
  for (int i = 0; i < 4; ++i) {
    auto one = message(big);
    one.client_msg_no = {};
    sent.push_back(send("a", g, {one}));
  }
  settle();
  EXPECT_EQ(script->proposals.size(), 4u);
  for (std::size_t i = 0; i < sent.size(); ++i)
    EXPECT_EQ(sent[i]->items[0].seq, i + 1);
  EXPECT_EQ(pushed_texts().size(), 4u);
}

TEST_F(channel_test, leaves_nothing_behind_whatever_ends_a_turn) {
  group(g, {"a"});
  settle();
  auto first = send("a", g, {message("1")});
  channels->for_each([&](auto&, auto& r) {
    self->send(r.handle, atom::status::value);
    self->send(r.handle, atom::idle::value);
  });
  settle();
  EXPECT_EQ(first->answers, 1);
  EXPECT_EQ(pushed_texts(), std::vector<std::string>{"1"});
}

TEST_F(channel_test, sets_aside_a_batch_that_fails_twice_and_goes_on) {
  auto chain = std::make_shared<handler_chain<distribution>>(
    event_type::distribute, *stats);
  chain->add("poison", &refuse_poison)
    .add("view", &channel_state::check_view)
    .add("store", &channel_state::build_records)
    .add("replicate", &channel_state::replicate)
    .add("post_process", &channel_state::post_process);
  shared->distribute = chain;
  group(g, {"a"});
  auto before = send("a", g, {message("1")});
  auto bad = send("a", g, {message("poison")});
  auto after = send("a", g, {message("2")});
  settle();
  EXPECT_EQ(before->items[0].seq, 1u);
  EXPECT_EQ(bad->answers, 1);
  EXPECT_EQ(bad->items[0].verdict, errc::quarantined);
  EXPECT_NE(bad->items[0].message_id, 0u);
  EXPECT_EQ(after->items[0].seq, 2u);
  EXPECT_EQ(pushed_texts(), (std::vector<std::string>{"1", "2"}));
  ASSERT_EQ(set_aside.size(), 1u);
  EXPECT_EQ(set_aside[0].actor, "channel 2:g");
  EXPECT_FALSE(set_aside[0].body.empty());
}

TEST_F(channel_test, passes_a_batch_whose_handler_fails_only_once) {
  auto chain = std::make_shared<handler_chain<distribution>>(
    event_type::distribute, *stats);
  chain->add("view", &channel_state::check_view)
    .add("store", &build_and_fail_once)
    .add("replicate", &channel_state::replicate)
    .add("post_process", &channel_state::post_process);
  shared->distribute = chain;
  failed_once = false;
  group(g, {"a"});
  auto first = send("a", g, {message("1"), message("2")});
  auto second = send("a", g, {message("3")});
  settle();
  EXPECT_TRUE(failed_once);
  EXPECT_EQ(first->items[1].seq, 2u);
  EXPECT_EQ(second->items[0].seq, 3u);
  EXPECT_EQ(pushed_texts(), (std::vector<std::string>{"1", "2", "3"}));
  EXPECT_TRUE(set_aside.empty());
}

TEST_F(channel_test, answers_rate_limited_beyond_the_rate_of_its_clients) {
  shared->send_rate = std::make_shared<live_rate>(rate{1, 2});
  group(g, {"a"});
  auto s = std::make_shared<test::recording_session>(1, io);
  auto batch_from_client = [&] {
    return send("a", g, {message("x")}, false, event_type::distribute, s);
  };
  EXPECT_EQ(settled(batch_from_client())->items[0].verdict, errc::none);
  EXPECT_EQ(settled(batch_from_client())->items[0].verdict, errc::none);
  EXPECT_EQ(settled(batch_from_client())->items[0].verdict, errc::rate_limited);
  EXPECT_EQ(settled(send("a", g, {message("x")}, true))->items[0].verdict,
            errc::none)
    << "HTTP is trusted";
  now += 1'000;
  EXPECT_EQ(settled(batch_from_client())->items[0].verdict, errc::none);
}

TEST_F(channel_test, asks_the_other_person_and_again_when_its_lists_change) {
  channel_key ab{1, person_channel_id("a", "b")};
  auto first = send("a", ab, {message("1")});
  settle();
  EXPECT_EQ(first->items[0].verdict, errc::none);
  script->persons[{"b", "a"}].denied = true;
  slots->versions->raise(slot_of(hash_of_channel(1, "b")));
  auto second = send("a", ab, {message("2")});
  settle();
  EXPECT_EQ(second->items[0].verdict, errc::denied);
  auto back = send("b", ab, {message("3")});
  settle();
  EXPECT_EQ(back->items[0].verdict, errc::none);
}

TEST_F(channel_test, makes_the_conversations_with_the_first_message_only) {
  channel_key ab{1, person_channel_id("a", "b")};
  send("a", ab, {message("1")});
  settle();
  EXPECT_EQ(script->proposals.size(), 3u);
  send("a", ab, {message("2")});
  settle();
  EXPECT_EQ(script->proposals.size(), 4u);
}

TEST_F(channel_test, obeys_an_order_from_the_next_message_on) {
  group(g, {"a"});
  auto before = send("b", g, {message("1")});
  auto add = order(
    g, command::members_add{g, command::list::subscriber, false, {"b"}});
  auto after = send("b", g, {message("2")});
  auto ban = order(g, command::channel_put{g, flags::ban, false});
  auto banned = send("b", g, {message("3")});
  settle();
  EXPECT_EQ(before->items[0].verdict, errc::not_subscribed);
  EXPECT_EQ(add->answers, 1);
  EXPECT_EQ(after->items[0].verdict, errc::none);
  EXPECT_EQ(ban->error, errc::none);
  EXPECT_EQ(banned->items[0].verdict, errc::banned);
}

TEST_F(channel_test, proposes_a_long_order_in_parts_that_follow_each_other) {
  group(g, {"a"});
  auto members = [this](std::vector<std::string> uids) {
    return command::any{command::members_add{g, command::list::subscriber,
                                             false, std::move(uids)}};
  };
  auto before = send("b", g, {message("1")});
  std::vector<std::string> many(250, std::string(900, 'x'));
  std::vector commands(30, members(many));
  commands.push_back(members({"b"}));
  auto long_one = order(g, commands);
  auto after = send("b", g, {message("1")});
  settle();
  EXPECT_EQ(before->items[0].verdict, errc::not_subscribed);
  EXPECT_EQ(long_one->answers, 1);
  EXPECT_EQ(long_one->error, errc::none);
  EXPECT_EQ(after->items[0].verdict, errc::none) << "b is in the last part";
  ASSERT_EQ(script->proposals.size(), 4U); // three parts and the message
  for (auto& x : script->proposals)
    EXPECT_LE(x->block->size(), limits::flush_bytes_max);
}

TEST_F(channel_test, ends_a_long_order_at_the_first_part_that_is_refused) {
  group(g, {"a"});
  script->refuse = errc::busy;
  std::vector<std::string> uids(250, std::string(900, 'x'));
  command::any part
    = command::members_add{g, command::list::subscriber, false, uids};
  auto res = order(g, std::vector(15, part));
  settle();
  EXPECT_EQ(res->answers, 1);
  EXPECT_EQ(res->error, errc::busy);
  EXPECT_EQ(script->proposals.size(), 1U);
}

TEST_F(channel_test, answers_unknown_when_the_log_is_silent_too_long) {
  group(g, {"a"});
  script->hold = true;
  auto res = send("a", g, {message("1")});
  settle();
  now += 6'000;
  channels->for_each(
    [&](auto&, auto& r) { self->send(r.handle, atom::tick::value); });
  settle();
  ASSERT_EQ(res->answers, 1);
  EXPECT_EQ(res->items[0].verdict, errc::unknown);
  test::release(*script);
  settle();
  EXPECT_EQ(res->answers, 1) << "never twice";
  EXPECT_EQ(pushed_texts().size(), 1u) << "it stands in the log: push it";
}

TEST_F(channel_test, passes_on_the_refusal_of_the_log) {
  group(g, {"a"});
  script->refuse = errc::busy;
  auto res = send("a", g, {message("1")});
  settle();
  EXPECT_EQ(res->items[0].verdict, errc::busy);
  EXPECT_TRUE(pushes.empty());
}

TEST_F(channel_test, answers_unavailable_when_its_view_cannot_be_read) {
  script->read_error = errc::unavailable;
  auto res = send("a", g, {message("1")});
  settle();
  EXPECT_EQ(res->items[0].verdict, errc::unavailable);
  script->read_error = errc::none;
  group(g, {"a"});
  auto again = send("a", g, {message("2")});
  settle();
  EXPECT_EQ(again->items[0].verdict, errc::none);
}

TEST_F(channel_test, sends_commands_to_the_subscribers_of_the_channel_itself) {
  group(g, {"a", "b"});
  channel_key cmd{2, command_channel_id("g")};
  send("a", cmd, {message("1")}, true);
  settle();
  ASSERT_EQ(pushes.size(), 1u);
  EXPECT_EQ(pushes[0].receivers->size(), 2u);
  group(g, {"a", "b", "c"});
  slots->versions->raise(slot_of(hash_of_channel(2, "g")));
  send("a", cmd, {message("2")}, true);
  settle();
  ASSERT_EQ(pushes.size(), 2u);
  EXPECT_EQ(pushes[1].receivers->size(), 3u);
}

TEST_F(channel_test, refuses_what_its_queue_cannot_hold) {
  group(g, {"a"});
  script->hold = true;
  std::vector<std::shared_ptr<outcome>> all;
  for (int i = 0; i < 120; ++i)
    all.push_back(send("a", g, {message("x")}));
  settle();
  auto busy = 0;
  for (auto& x : all)
    busy += x->error == errc::busy ? 1 : 0;
  EXPECT_EQ(busy, 20);
  EXPECT_EQ(stats->value(counter::channel_queue_full), 20u);
  test::release(*script);
  settle();
  for (auto& x : all)
    EXPECT_EQ(x->answers, 1);
}

TEST_F(channel_test, answers_what_a_killed_channel_leaves_behind) {
  group(g, {"a"});
  script->hold = true;
  auto res = send("a", g, {message("1")});
  settle();
  channels->for_each(
    [&](auto&, auto& r) { self->send_exit(r.handle, caf::exit_reason::kill); });
  settle();
  EXPECT_EQ(res->answers, 1);
  EXPECT_EQ(res->error, errc::lost);
  script->hold = false;
  auto next = send("a", g, {message("2")});
  settle();
  EXPECT_EQ(next->error, errc::none);
}

TEST_F(channel_test, retires_only_when_nothing_is_under_way) {
  group(g, {"a"});
  script->hold = true;
  send("a", g, {message("1")});
  settle();
  auto probe = [&] {
    channels->for_each(
      [&](auto&, auto& r) { self->send(r.handle, atom::idle::value); });
    settle();
  };
  probe();
  EXPECT_EQ(channels->size(), 1u);
  test::release(*script);
  settle();
  probe();
  EXPECT_EQ(channels->size(), 0u);
}
