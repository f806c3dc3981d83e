#include "tests/unit/actors/user/user_fixture.hpp"

#include <map>
#include <stdexcept>

using namespace jindou;
using namespace jindou::actors;

namespace flags = command::channel_flags;

class user_test : public test::user_fixture {};

namespace {

step refuse_poison(sending& x) {
  for (auto& item : x.items)
    if (item.payload == "poison")
      throw std::runtime_error{"poison"};
  return step::next();
}

} // namespace

TEST_F(user_test, accepts_the_right_token_and_gives_keys) {
  know("u", "t");
  auto s = log_in("u", "t");
  ASSERT_EQ(reason(*s), 1);
  auto ack = s->all<wire::connack_frame>()[0];
  EXPECT_EQ(ack.salt.size(), 16u);
  EXPECT_EQ(ack.server_version, 5);
  EXPECT_EQ(ack.node_id, 1u);
  EXPECT_TRUE(s->identity()->encrypted);
  EXPECT_TRUE(services->sessions->contains("u"));
}

TEST_F(user_test, refuses_wrong_and_missing_tokens_with_a_reason) {
  know("u", "t");
  EXPECT_EQ(reason(*log_in("u", "x")), 2);
  EXPECT_EQ(reason(*log_in("u", "")), 2);
  EXPECT_EQ(reason(*log_in("nobody", "t")), 2);
  EXPECT_FALSE(services->sessions->contains("u"));
  EXPECT_EQ(stats->value(counter::logins_refused), 3u);
}

TEST_F(user_test, refuses_a_banned_user_and_a_bad_key) {
  know("u", "t");
  script->users["u"].channel_flags = flags::ban;
  EXPECT_EQ(reason(*log_in("u", "t")), 19);
  know("v", "t");
  client.public_key = "c2hvcnQ=";
  EXPECT_EQ(reason(*log_in("v", "t")), 21);
}

TEST_F(user_test, asks_visitors_and_the_manager_for_no_device_record) {
  EXPECT_EQ(reason(*log_in("x___vstr", "")), 1);
  EXPECT_EQ(reason(*log_in("____manager", "root")), 1);
  EXPECT_EQ(reason(*log_in("____manager", "guess")), 2);
}

TEST_F(user_test, writes_what_a_version_4_and_a_version_2_client_can_read) {
  know("u", "t");
  auto old = log_in("u", "t", "d1", 2);
  EXPECT_FALSE(old->all<wire::connack_frame>(2)[0].has_server_version);
  auto mid = log_in("u", "t", "d2", 4);
  EXPECT_TRUE(mid->all<wire::connack_frame>(4)[0].has_server_version);
}

TEST_F(user_test, kicks_the_older_device_of_a_master) {
  know("u", "t", device_level::master);
  auto first = log_in("u", "t", "d1");
  auto second = log_in("u", "t", "d2");
  ASSERT_EQ(first->closes.size(), 1u);
  EXPECT_EQ(first->closes[0].first, 12);
  EXPECT_TRUE(second->closes.empty());
}

TEST_F(user_test, decrypts_submits_and_acknowledges_in_order) {
  know("u", "t");
  auto s = log_in("u", "t");
  auto& who = *s->identity();
  wire::cipher cipher;
  cipher.use(who.keys);
  std::vector<user_event> sends;
  std::deque<byte_vector> payloads;
  for (std::uint32_t i = 1; i <= 3; ++i) {
    auto f = plain_send("peer", "", i);
    auto& wire_text = payloads.emplace_back();
    cipher.encrypt(as_bytes(keep("text " + std::to_string(i))), wire_text);
    f.payload = as_text(wire_text);
    auto key = cipher.sign(wire::signed_text(f));
    f.msg_key = keep({key.data(), key.size()});
    sends.emplace_back(f);
  }
  deliver("u", s, std::move(sends));
  settle();
  ASSERT_EQ(submitted_to.size(), 1u);
  auto acks = s->all<wire::sendack_frame>();
  ASSERT_EQ(acks.size(), 3u);
  for (std::uint32_t i = 0; i < 3; ++i) {
    EXPECT_EQ(acks[i].client_seq, i + 1);
    EXPECT_EQ(acks[i].reason, 1);
  }
  EXPECT_EQ(s->answers, 3u);
}

TEST_F(user_test, answers_a_forged_message_with_9_and_takes_the_others) {
  know("u", "t");
  auto s = log_in("u", "t");
  deliver("u", s, {plain_send("peer", "not encrypted", 1)});
  settle();
  auto acks = s->all<wire::sendack_frame>();
  ASSERT_EQ(acks.size(), 1u);
  EXPECT_EQ(acks[0].reason, 9);
  EXPECT_NE(acks[0].message_id, 0);
  EXPECT_TRUE(submitted_to.empty());
}

TEST_F(user_test, submits_the_stream_that_a_message_names) {
  services->disable_encryption = true;
  know("u", "t");
  auto s = log_in("u", "t", "d", 4);
  auto named = plain_send("v", "part", 1);
  named.stream_no = "stream";
  auto long_name = plain_send("v", "part", 2);
  std::string name(limits::name_bytes_max + 1, 's');
  long_name.stream_no = name;
  answer_submits = false; // an answer takes the messages along
  deliver("u", s, {named, long_name});
  settle();
  ASSERT_EQ(submitted_to.size(), 1u);
  auto& items = std::get<submit_batch>(submitted_to[0]->content).items;
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].stream_no, "stream");
}

TEST_F(user_test, splits_a_read_by_channel_and_keeps_the_order_inside) {
  services->disable_encryption = true;
  know("u", "t");
  auto s = log_in("u", "t");
  deliver("u", s,
          {plain_send("a", "1", 1), plain_send("b", "2", 2),
           plain_send("a", "3", 3)});
  settle();
  ASSERT_EQ(submitted_to.size(), 2u);
  EXPECT_EQ(s->all<wire::sendack_frame>().size(), 3u);
}

TEST_F(user_test, submits_what_one_turn_brings_of_a_session_as_one) {
  services->disable_encryption = true;
  know("u", "t");
  auto s = log_in("u", "t");
  outcomes.clear();
  deliver("u", s, {plain_send("a", "1", 1), plain_send("a", "2", 2)});
  deliver("u", s, {plain_send("a", "3", 3)});
  deliver("u", s, {plain_send("a", "4", 4), wire::ping_frame{}});
  settle();
  ASSERT_EQ(submitted_to.size(), 1u);
  EXPECT_EQ(std::get<submit_batch>(submitted_to[0]->content).frames.size(), 0u)
    << "the views point into the batches that are held";
  auto acks = s->all<wire::sendack_frame>();
  ASSERT_EQ(acks.size(), 4u);
  for (std::uint32_t i = 0; i < 4; ++i)
    EXPECT_EQ(acks[i].client_seq, i + 1);
  EXPECT_EQ(s->all<wire::pong_frame>().size(), 1u);
  EXPECT_EQ(outcomes, (std::vector<errc>{errc::none, errc::none, errc::none}));
}

TEST_F(user_test, answers_pings_that_follow_each_other_as_one_block) {
  services->disable_encryption = true;
  know("u", "t");
  auto s = log_in("u", "t");
  auto before = s->appends;
  wire::ping_frame ping;
  deliver("u", s, {ping, ping, ping, plain_send("a", "1", 1), ping});
  settle();
  EXPECT_EQ(s->all<wire::pong_frame>().size(), 4u);
  EXPECT_EQ(s->appends - before, 3u); // three PONGs, a SENDACK, a PONG
}

TEST_F(user_test, hands_on_large_messages_in_several_batches) {
  services->disable_encryption = true;
  know("u", "t");
  auto s = log_in("u", "t");
  auto large = std::string(100'000, 'x');
  answer_submits = false;
  deliver("u", s,
          {plain_send("a", large, 1), plain_send("b", "2", 2),
           plain_send("a", large, 3), plain_send("a", large, 4),
           plain_send("a", "5", 5)});
  settle();
  std::vector<std::size_t> sizes;
  std::vector<std::uint32_t> order;
  for (auto& x : submitted_to) {
    auto& batch = std::get<submit_batch>(x->content);
    sizes.push_back(batch.items.size());
    for (auto& item : batch.items)
      order.push_back(item.client_seq);
  }
  EXPECT_EQ(sizes, (std::vector<std::size_t>{2, 1, 2}));
  EXPECT_EQ(order, (std::vector<std::uint32_t>{1, 3, 2, 4, 5}));
  for (auto& x : submitted_to)
    accept(x);
  settle();
  EXPECT_EQ(s->all<wire::sendack_frame>().size(), 5u);
}

TEST_F(user_test, keeps_the_order_of_sessions_and_of_other_events_in_a_turn) {
  services->disable_encryption = true;
  know("u", "t");
  auto s = log_in("u", "t");
  auto other = log_in("u", "t", "e");
  outcomes.clear();
  answer_submits = false;
  deliver("u", s, {plain_send("a", "1", 1)});
  deliver("u", other, {plain_send("a", "2", 1)});
  deliver("u", s, {wire::ping_frame{}, plain_send("a", "3", 2)});
  deliver("u", s, {plain_send("a", "4", 3)});
  settle();
  ASSERT_EQ(submitted_to.size(), 3u);
  auto texts_of = [&](std::size_t i) {
    std::string res;
    for (auto& x : std::get<submit_batch>(submitted_to[i]->content).items)
      res += x.payload;
    return res;
  };
  EXPECT_EQ(texts_of(0), "1");
  EXPECT_EQ(texts_of(1), "2");
  EXPECT_EQ(texts_of(2), "34");
  EXPECT_EQ(outcomes.size(), 4u);
  for (auto& x : submitted_to)
    accept(x);
  settle();
  EXPECT_EQ(s->all<wire::sendack_frame>().size(), 3u);
  EXPECT_EQ(other->all<wire::sendack_frame>().size(), 1u);
}

TEST_F(user_test, answers_the_whole_turn_when_it_dies_in_front_of_its_view) {
  services->disable_encryption = true;
  know("u", "t");
  auto s = log_in("u", "t");
  outcomes.clear();
  services->slots->versions->raise(slot_of(hash_of_user("u")));
  deliver("u", s, {plain_send("a", "1", 1)});
  deliver("u", s, {plain_send("a", "2", 2)});
  sched.try_run_once(); // asks for its view
  users->for_each(
    [&](auto&, auto& r) { self->send_exit(r.handle, caf::exit_reason::kill); });
  settle();
  EXPECT_EQ(outcomes, (std::vector<errc>{errc::lost, errc::lost}));
}

TEST_F(user_test, sets_aside_the_message_that_fails_twice_and_no_other) {
  services->disable_encryption = true;
  auto chain
    = std::make_shared<handler_chain<sending>>(event_type::on_send, *stats);
  chain->add("permission", &user_state::check_send_ban)
    .add("poison", &refuse_poison)
    .add("submit", &user_state::submit);
  services->on_send = chain;
  know("u", "t");
  auto s = log_in("u", "t");
  outcomes.clear();
  deliver("u", s, {plain_send("a", "1", 1), plain_send("a", "poison", 2)});
  deliver("u", s, {plain_send("b", "3", 3), wire::ping_frame{}});
  settle();
  auto acks = s->all<wire::sendack_frame>();
  ASSERT_EQ(acks.size(), 3u);
  for (auto& ack : acks)
    EXPECT_EQ(ack.reason, ack.client_seq == 2 ? 15 : 1) << ack.client_seq;
  ASSERT_EQ(set_aside.size(), 1u);
  EXPECT_EQ(set_aside[0].actor, "user u");
  EXPECT_EQ(set_aside[0].reason, "poison");
  auto kept = wire::decode(set_aside[0].body, wire::latest_version);
  ASSERT_TRUE(std::holds_alternative<wire::decoded>(kept));
  auto& frame = std::get<wire::decoded>(kept).frame;
  EXPECT_EQ(std::get<wire::send_frame>(frame).payload, "poison");
  EXPECT_EQ(stats->value(counter::events_quarantined), 1u);
  EXPECT_EQ(stats->value(counter::events_retried), 3u);
  EXPECT_EQ(s->all<wire::pong_frame>().size(), 1u) << "the user goes on";
  EXPECT_EQ(outcomes, (std::vector<errc>{errc::none, errc::none}));
}

TEST_F(user_test, answers_everything_once_when_a_submit_fails_half_way) {
  services->disable_encryption = true;
  know("u", "t");
  auto s = log_in("u", "t");
  int calls = 0;
  services->submit = [&](const channel_delivery_ptr& x) {
    if (++calls == 2)
      throw std::runtime_error{"second channel"};
    submitted_to.push_back(x);
    accept(x);
  };
  deliver("u", s,
          {plain_send("a", "1", 1), plain_send("b", "2", 2),
           plain_send("c", "3", 3)});
  settle();
  EXPECT_EQ(calls, 3) << "nothing is handed on twice";
  std::map<std::uint32_t, int> reasons;
  for (auto& ack : s->all<wire::sendack_frame>())
    EXPECT_TRUE(reasons.emplace(ack.client_seq, ack.reason).second);
  EXPECT_EQ(reasons, (std::map<std::uint32_t, int>{{1, 1}, {2, 15}, {3, 1}}));
}

TEST_F(user_test, answers_22_to_what_passes_the_rate_of_a_user) {
  services->disable_encryption = true;
  services->send_rate = std::make_shared<live_rate>(rate{2, 0});
  know("u", "t");
  auto s = log_in("u", "t");
  deliver("u", s,
          {plain_send("a", "1", 1), plain_send("a", "2", 2),
           plain_send("a", "3", 3)});
  settle();
  now += 500;
  deliver("u", s, {plain_send("a", "4", 4)});
  settle();
  auto acks = s->all<wire::sendack_frame>();
  ASSERT_EQ(acks.size(), 4u);
  for (auto& ack : acks)
    EXPECT_EQ(ack.reason, ack.client_seq == 3 ? 22 : 1) << ack.client_seq;
  EXPECT_EQ(stats->value(counter::sends_rate_limited), 1u);
}

TEST_F(user_test, shares_the_rate_of_an_address_among_its_users) {
  services->disable_encryption = true;
  services->address_rates = std::make_shared<rate_table>(rate{1, 1}, 10);
  know("u", "t");
  know("v", "t");
  auto first = log_in("u", "t");
  auto second = log_in("v", "t");
  deliver("u", first, {plain_send("a", "1", 1)});
  deliver("v", second, {plain_send("a", "2", 1)});
  settle();
  EXPECT_EQ(first->all<wire::sendack_frame>()[0].reason, 1);
  EXPECT_EQ(second->all<wire::sendack_frame>()[0].reason, 22);
}

TEST_F(user_test, obeys_a_send_ban_as_soon_as_it_is_applied) {
  services->disable_encryption = true;
  know("u", "t");
  auto s = log_in("u", "t");
  deliver("u", s, {plain_send("a", "1", 1)});
  settle();
  script->users["u"].channel_flags = flags::send_ban;
  services->slots->versions->raise(slot_of(hash_of_channel(1, "u")));
  deliver("u", s, {plain_send("a", "2", 2)});
  settle();
  auto acks = s->all<wire::sendack_frame>();
  ASSERT_EQ(acks.size(), 2u);
  EXPECT_EQ(acks[0].reason, 1);
  EXPECT_EQ(acks[1].reason, 25);
}

TEST_F(user_test, answers_15_when_its_own_record_cannot_be_read) {
  services->disable_encryption = true;
  know("u", "t");
  auto s = log_in("u", "t");
  script->read_error = errc::unavailable;
  services->slots->versions->raise(slot_of(hash_of_user("u")));
  deliver("u", s, {plain_send("a", "1", 1)});
  settle();
  ASSERT_EQ(s->all<wire::sendack_frame>().size(), 1u);
  EXPECT_EQ(s->all<wire::sendack_frame>()[0].reason, 15);
}

TEST_F(user_test, answers_ping_and_forgets_what_is_acknowledged) {
  know("u", "t");
  auto s = log_in("u", "t");
  s->remember({7, {}, 0, 0});
  wire::recvack_frame ack;
  ack.message_id = 7;
  deliver("u", s, {wire::ping_frame{}, ack});
  settle();
  EXPECT_EQ(s->all<wire::pong_frame>().size(), 1u);
  EXPECT_TRUE(s->remembered.empty());
}

TEST_F(user_test, writes_a_token_and_ends_the_sessions_of_a_master) {
  know("u", "t");
  auto s = log_in("u", "t");
  auto answers = 0;
  set_token order{0, device_level::master, "new", {}};
  order.answer = make_reply<void>([&](result<void> x) {
    EXPECT_TRUE(bool(x));
    ++answers;
  });
  deliver("u", nullptr, {order});
  settle();
  EXPECT_EQ(answers, 1);
  EXPECT_EQ(script->proposals.size(), 1u);
  ASSERT_EQ(s->closes.size(), 1u);
  EXPECT_EQ(s->closes[0].first, 12);
}

TEST_F(user_test, stays_while_it_has_a_session_or_an_unanswered_send) {
  services->disable_encryption = true;
  answer_submits = false;
  know("u", "t");
  auto s = log_in("u", "t");
  auto probe = [&] {
    users->for_each(
      [&](auto&, auto& r) { self->send(r.handle, atom::idle::value); });
    settle();
    return users->size();
  };
  EXPECT_EQ(probe(), 1u);
  deliver("u", s, {plain_send("a", "1", 1)});
  deliver("u", s, {session_closed{}});
  settle();
  EXPECT_FALSE(services->sessions->contains("u"));
  EXPECT_EQ(probe(), 1u) << "a send is under way";
  accept(submitted_to[0]);
  submitted_to.clear();
  settle();
  EXPECT_EQ(probe(), 0u);
}

TEST_F(user_test, tells_the_client_even_when_the_user_has_been_killed) {
  services->disable_encryption = true;
  answer_submits = false;
  know("u", "t");
  auto s = log_in("u", "t");
  deliver("u", s, {plain_send("a", "1", 1)});
  settle();
  users->for_each(
    [&](auto&, auto& r) { self->send_exit(r.handle, caf::exit_reason::kill); });
  settle();
  accept(submitted_to[0]);
  submitted_to.clear();
  settle();
  EXPECT_EQ(s->all<wire::sendack_frame>().size(), 1u);
}
