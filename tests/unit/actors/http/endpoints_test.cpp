#include "messages/channel_id.hpp"
#include "tests/unit/actors/http/fake_node.hpp"
#include "tests/unit/actors/http/http_fixture.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <string>
#include <thread>

using namespace jindou;
using namespace jindou::actors::http;
using namespace jindou::actors::http::test;
using namespace std::chrono_literals;

namespace {

constexpr auto ok_text = R"({"status":200})";

class endpoints_test : public http_fixture {
protected:
  endpoints_test() {
    options.node = node.functions();
  }

  ~endpoints_test() override {
    listener.reset(); // before the node that it calls
  }

  static std::string failed(std::string_view text) {
    return R"({"msg":")" + std::string{text} + R"(","status":400})";
  }

  void expect_ok(std::string_view path, std::string_view body) {
    auto got = post(path, body);
    EXPECT_EQ(got.status, 200u) << path << " " << got.body;
    EXPECT_EQ(got.body, ok_text) << path;
  }

  void expect_failure(std::string_view path, std::string_view body,
                      std::string_view text) {
    auto got = post(path, body);
    EXPECT_EQ(got.status, 400u) << path << " " << body;
    EXPECT_EQ(got.body, failed(text)) << path << " " << body;
  }

  /// Returns when nobody can connect any more.
  void await_closed_port() {
    auto port = listener->api_port();
    try {
      while (true)
        raw_client{port};
    } catch (const boost::system::system_error&) {
      // refused
    }
  }

  /// What the only order so far wants first.
  template <class Command>
  const Command& first_command(std::size_t i = 0) {
    return std::get<Command>(node.order().commands.at(i));
  }

  fake_node node;
};

struct posting {
  std::string_view path;
  std::string_view body;
};

/// One good body for each POST that goes to the pools.
constexpr posting good_postings[] = {
  {"/user/token", R"({"uid":"u1","token":"t"})"},
  {"/channel", R"({"channel_id":"g","channel_type":2})"},
  {"/channel/info", R"({"channel_id":"g","channel_type":2})"},
  {"/channel/delete", R"({"channel_id":"g","channel_type":2})"},
  {"/channel/subscriber_add", R"({"channel_id":"g","subscribers":["a"]})"},
  {"/channel/subscriber_remove",
   R"({"channel_id":"g","channel_type":2,"subscribers":["a"]})"},
  {"/channel/subscriber_remove_all", R"({"channel_id":"g","channel_type":2})"},
  {"/channel/blacklist_add",
   R"({"channel_id":"g","channel_type":2,"uids":["a"]})"},
  {"/channel/blacklist_set",
   R"({"channel_id":"g","channel_type":2,"uids":["a"]})"},
  {"/channel/blacklist_remove",
   R"({"channel_id":"g","channel_type":2,"uids":["a"]})"},
  {"/channel/blacklist_remove_all", R"({"channel_id":"g","channel_type":2})"},
  {"/channel/whitelist_add",
   R"({"channel_id":"g","channel_type":2,"uids":["a"]})"},
  {"/channel/whitelist_set",
   R"({"channel_id":"g","channel_type":2,"uids":["a"]})"},
  {"/channel/whitelist_remove",
   R"({"channel_id":"g","channel_type":2,"uids":["a"]})"},
  {"/channel/whitelist_remove_all", R"({"channel_id":"g","channel_type":2})"},
  {"/message/send", R"({"channel_id":"g","channel_type":2,"payload":"aGk="})"},
  {"/channel/messagesync",
   R"({"login_uid":"a","channel_id":"g","channel_type":2,"limit":10})"},
};

} // namespace

// -- what holds for all of them -----------------------------------------------

TEST_F(endpoints_test, answer_200_when_the_pools_did_it) {
  for (const auto& x : good_postings)
    EXPECT_EQ(post(x.path, x.body).status, 200u) << x.path;
}

TEST_F(endpoints_test, refuse_bodies_that_are_not_json) {
  for (const auto& x : good_postings)
    for (auto body : {"", "{", "[]", R"({"channel_id":1,"uid":1})"})
      EXPECT_EQ(post(x.path, body).status, 400u) << x.path << " " << body;
  EXPECT_TRUE(node.channels.empty());
  EXPECT_TRUE(node.users.empty());
}

TEST_F(endpoints_test, say_when_a_queue_is_full) {
  node.delivery_error = errc::busy;
  for (const auto& x : good_postings)
    expect_failure(x.path, x.body, "busy");
}

TEST_F(endpoints_test, say_when_an_actor_ended_before_it_answered) {
  node.delivery_error = errc::lost;
  for (const auto& x : good_postings)
    if (x.path != "/user/token")
      expect_failure(x.path, x.body, "lost");
}

TEST_F(endpoints_test, say_when_the_outcome_is_not_known_in_time) {
  options.times.request = 30ms;
  node.silent = true;
  for (const auto& x : good_postings)
    expect_failure(x.path, x.body, "unknown");
  raw_client client{api()};
  client.write(text("GET", "/channel/whitelist?channel_id=g", ""));
  EXPECT_EQ(client.read().body, failed("unknown"));
}

TEST_F(endpoints_test, bear_answers_that_come_after_the_caller_has_gone) {
  options.times.request = 20ms;
  node.silent = true;
  expect_failure("/channel", good_postings[1].body, "unknown");
  node.channels.at(0)->answer(errc::none);
  EXPECT_EQ(get("/health").status, 200u);
  listener->stop();
  node.channels.clear(); // answers `lost` to a loop that has ended
}

TEST_F(endpoints_test, finish_a_call_under_way_when_the_node_stops) {
  node.silent = true;
  raw_client client{api()};
  client.write(text("POST", "/message/send", good_postings[15].body));
  for (bool there = false; !there; std::this_thread::yield()) {
    std::lock_guard guard{node.mx};
    there = !node.channels.empty();
  }
  std::thread stopping{[this] { listener->stop(); }};
  await_closed_port();
  {
    std::lock_guard guard{node.mx};
    node.channels.front()->answer(errc::none);
  }
  auto got = client.read();
  stopping.join();
  EXPECT_EQ(got.status, 200u);
  EXPECT_NE(got.head.find("Connection: close"), std::string::npos);
}

TEST_F(endpoints_test, count_requests_and_errors) {
  post("/channel", "{");
  post("/channel", good_postings[1].body);
  get("/nowhere");
  EXPECT_EQ(options.counters->value(counter::http_requests), 3u);
  EXPECT_EQ(options.counters->value(counter::http_errors), 2u);
}

// -- users --------------------------------------------------------------------

TEST_F(endpoints_test, user_token_becomes_an_event_of_the_user) {
  expect_ok("/user/token", R"({"uid":"u1","token":"t1","device_flag":2,)"
                           R"("device_level":1})");
  ASSERT_EQ(node.users.size(), 1u);
  const auto& batch = node.users[0]->content;
  EXPECT_EQ(batch.uid, "u1");
  EXPECT_EQ(batch.from, nullptr);
  const auto& event = std::get<set_token>(batch.events.at(0));
  EXPECT_EQ(event.device_flag, 2);
  EXPECT_EQ(event.level, device_level::master);
  EXPECT_EQ(event.token, "t1");
}

TEST_F(endpoints_test, user_token_stores_nothing_for_banned_users) {
  channel_key record{channel_type::person, "u1"};
  node.views[record].flags = command::channel_flags::ban;
  EXPECT_EQ(post("/user/token", R"({"uid":"u1","token":"t"})").body,
            R"({"status":19})");
  node.views[record].flags = command::channel_flags::disband;
  auto got = post("/user/token", R"({"uid":"u1","token":"t"})");
  EXPECT_EQ(got.status, 200u);
  EXPECT_EQ(got.body, R"({"status":24})");
  node.views[record].flags = command::channel_flags::send_ban;
  expect_ok("/user/token", R"({"uid":"u1","token":"t"})");
  EXPECT_EQ(node.users.size(), 1u);
}

TEST_F(endpoints_test, user_token_says_when_the_record_cannot_be_read) {
  node.fetch_error = errc::unavailable;
  expect_failure("/user/token", R"({"uid":"u1","token":"t"})", "unavailable");
  EXPECT_TRUE(node.users.empty());
}

// -- channels -----------------------------------------------------------------

TEST_F(endpoints_test, channel_puts_record_subscribers_and_conversations) {
  channel_key g{2, "g1"};
  node.views[g].last_seq = 41;
  expect_ok("/channel",
            R"({"channel_id":"g1","channel_type":2,"large":1,"ban":1,)"
            R"("reset":1,"subscribers":["a","b"]})");
  EXPECT_EQ(node.order().event, event_type::channel_create);
  EXPECT_EQ(node.order().channel, g);
  ASSERT_EQ(node.order().commands.size(), 2u);
  namespace bits = command::channel_flags;
  auto put = first_command<command::channel_put>();
  EXPECT_EQ(put.channel, g);
  EXPECT_EQ(put.flags, bits::exists | bits::large | bits::ban);
  EXPECT_FALSE(put.only_if_missing);
  auto add = first_command<command::members_add>(1);
  EXPECT_TRUE(add.reset);
  EXPECT_EQ(add.list, command::list::subscriber);
  EXPECT_EQ(add.uids, (std::vector<std::string>{"a", "b"}));
  ASSERT_EQ(node.proposals.size(), 2u);
  EXPECT_EQ(node.proposals[1].first, "b");
  auto chat = std::get<command::conversation_put>(node.proposals[1].second);
  EXPECT_EQ(chat.uid, "b");
  EXPECT_EQ(chat.channel, g);
  EXPECT_EQ(chat.read_to, 41u);
  EXPECT_EQ(chat.how, command::conversation_put::mode::overwrite);
}

TEST_F(endpoints_test, channel_says_when_apply_refuses) {
  node.applied_error = errc::too_large;
  expect_failure("/channel", good_postings[1].body, "too_large");
}

TEST_F(endpoints_test, channel_info_overwrites_the_flags_only) {
  expect_ok("/channel/info", R"({"channel_id":"u1","channel_type":1,)"
                             R"("send_ban":1,"subscribers":["x"]})");
  EXPECT_EQ(node.order().event, event_type::channel_update);
  ASSERT_EQ(node.order().commands.size(), 1u);
  auto put = first_command<command::channel_put>();
  EXPECT_EQ(put.flags,
            command::channel_flags::exists | command::channel_flags::send_ban);
  EXPECT_TRUE(node.proposals.empty());
}

TEST_F(endpoints_test, channel_delete_disbands_and_bears_a_missing_record) {
  node.applied_error = errc::not_found;
  expect_ok("/channel/delete", R"({"channel_id":"g","channel_type":2})");
  EXPECT_EQ(first_command<command::channel_disband>().channel.id, "g");
  EXPECT_EQ(
    post("/channel/delete", R"({"channel_id":"g","channel_type":1})").status,
    400u);
}

TEST_F(endpoints_test, subscriber_add_makes_a_missing_record_of_a_group) {
  expect_ok("/channel/subscriber_add",
            R"({"channel_id":"g","subscribers":["a"," ","b"]})");
  EXPECT_EQ(node.order().channel, (channel_key{2, "g"}));
  EXPECT_TRUE(first_command<command::channel_put>().only_if_missing);
  auto add = first_command<command::members_add>(1);
  EXPECT_FALSE(add.reset);
  EXPECT_EQ(add.uids, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(node.proposals.size(), 2u);
}

TEST_F(endpoints_test, subscribers_of_live_channels_get_no_conversation) {
  expect_ok("/channel/subscriber_add",
            R"({"channel_id":"g","channel_type":9,"subscribers":["a"]})");
  expect_ok("/channel/subscriber_remove",
            R"({"channel_id":"g","channel_type":9,"subscribers":["a"]})");
  EXPECT_TRUE(node.proposals.empty());
}

TEST_F(endpoints_test, subscriber_remove_drops_conversations) {
  expect_ok("/channel/subscriber_remove",
            R"({"channel_id":"g","channel_type":2,"subscribers":["a"]})");
  auto gone = first_command<command::members_remove>();
  EXPECT_EQ(gone.uids, (std::vector<std::string>{"a"}));
  ASSERT_EQ(node.proposals.size(), 1u);
  auto drop = std::get<command::conversation_drop>(node.proposals[0].second);
  EXPECT_EQ(drop.channel, (channel_key{2, "g"}));
}

TEST_F(endpoints_test, subscriber_remove_all_keeps_conversations) {
  expect_ok("/channel/subscriber_remove_all",
            R"({"channel_id":"g","channel_type":2})");
  auto clear = first_command<command::members_clear>();
  EXPECT_EQ(clear.list, command::list::subscriber);
  EXPECT_EQ(node.order().event, event_type::subscriber_remove);
  EXPECT_TRUE(node.proposals.empty());
}

TEST_F(endpoints_test, a_long_list_travels_as_several_commands) {
  std::string body = R"({"channel_id":"g","reset":1,"subscribers":["u0")";
  for (int i = 1; i < 600; ++i)
    body += ",\"u" + std::to_string(i) + "\"";
  expect_ok("/channel/subscriber_add", body + "]}");
  ASSERT_EQ(node.order().commands.size(), 4u);
  auto first = first_command<command::members_add>(1);
  auto last = first_command<command::members_add>(3);
  EXPECT_TRUE(first.reset);
  EXPECT_EQ(first.uids.size(), limits::uids_per_command_max);
  EXPECT_FALSE(last.reset);
  EXPECT_EQ(last.uids.size(), 100u);
  EXPECT_EQ(node.proposals.size(), 600u);
}

// -- deny and allow lists -----------------------------------------------------

TEST_F(endpoints_test, denying_drops_conversations_and_forgiving_opens_them) {
  expect_ok("/channel/blacklist_add",
            R"({"channel_id":"g","channel_type":2,"uids":["a"]})");
  auto add = first_command<command::members_add>();
  EXPECT_EQ(add.list, command::list::deny);
  EXPECT_FALSE(add.reset);
  EXPECT_TRUE(std::holds_alternative<command::conversation_drop>(
    node.proposals.at(0).second));
  expect_ok("/channel/blacklist_remove",
            R"({"channel_id":"g","channel_type":2,"uids":["a"]})");
  auto open = std::get<command::conversation_put>(node.proposals.at(1).second);
  EXPECT_EQ(open.how, command::conversation_put::mode::if_missing);
}

TEST_F(endpoints_test, denying_people_leaves_conversations_alone) {
  for (auto path : {"/channel/blacklist_add", "/channel/blacklist_set",
                    "/channel/blacklist_remove"})
    expect_ok(path, R"({"channel_id":"u1","channel_type":1,"uids":["a"]})");
  EXPECT_TRUE(node.proposals.empty());
  EXPECT_EQ(node.order().channel, (channel_key{1, "u1"}));
}

TEST_F(endpoints_test, a_list_set_to_nobody_is_emptied) {
  expect_ok("/channel/whitelist_set", R"({"channel_id":"g","channel_type":2})");
  EXPECT_EQ(first_command<command::members_clear>().list, command::list::allow);
  expect_ok("/channel/whitelist_set",
            R"({"channel_id":"g","channel_type":2,"uids":["a"]})");
  auto set = std::get<command::members_add>(node.order(1).commands.at(0));
  EXPECT_TRUE(set.reset);
}

TEST_F(endpoints_test, allowing_a_person_opens_the_conversation) {
  expect_ok("/channel/whitelist_add",
            R"({"channel_id":"u1","channel_type":1,"uids":["u2","u1"]})");
  auto add = first_command<command::members_add>();
  EXPECT_EQ(add.uids.size(), 2u);
  ASSERT_EQ(node.proposals.size(), 1u);
  auto open = std::get<command::conversation_put>(node.proposals[0].second);
  EXPECT_EQ(open.uid, "u2");
  EXPECT_EQ(open.channel, (channel_key{1, person_channel_id("u1", "u2")}));
}

TEST_F(endpoints_test, whitelist_shows_its_uids_or_null) {
  EXPECT_EQ(get("/channel/whitelist?channel_id=g&channel_type=2").body, "null");
  node.views[{2, "g"}].allowed = {"a", "b"};
  auto got = get("/channel/whitelist?channel_id=g&channel_type=2");
  auto shown = nlohmann::json::parse(got.body);
  ASSERT_EQ(shown.size(), 2u);
  EXPECT_EQ(shown[0]["uid"], "a");
  EXPECT_TRUE(shown[0]["id"].is_number_unsigned());
  EXPECT_EQ(get("/channel/whitelist?channel_type=2").status, 400u);
  EXPECT_EQ(get("/channel/whitelist?channel_id=g&channel_type=x").status, 400u);
  EXPECT_EQ(get("/channel/whitelist?channel_id=g&channel_type=256").status,
            400u);
}

// -- messages -----------------------------------------------------------------

TEST_F(endpoints_test, message_send_answers_id_and_number) {
  auto got = post("/message/send",
                  R"({"header":{"red_dot":1},"from_uid":"u1","channel_id":)"
                  R"("u2","channel_type":1,"payload":"aGk=","expire":60,)"
                  R"("client_msg_no":"n1"})");
  EXPECT_EQ(got.body, R"({"status":200,"data":{"message_id":9007199254740993,)"
                      R"("client_msg_no":"n1"}})");
  const auto& batch = node.submitted_batch();
  EXPECT_EQ(batch.channel, (channel_key{1, person_channel_id("u1", "u2")}));
  EXPECT_EQ(batch.channel_id, "u2");
  EXPECT_EQ(batch.from_uid, "u1");
  EXPECT_TRUE(batch.system_device);
  EXPECT_EQ(batch.from, nullptr);
  ASSERT_EQ(batch.items.size(), 1u);
  EXPECT_EQ(batch.items[0].payload, "hi");
  EXPECT_EQ(batch.items[0].client_msg_no, "n1");
  EXPECT_EQ(batch.items[0].expire, 60u);
  EXPECT_TRUE(batch.items[0].flags.red_dot);
}

TEST_F(endpoints_test, message_send_makes_a_number_of_its_own) {
  std::string last;
  for (int i = 0; i < 2; ++i) {
    auto got = nlohmann::json::parse(
      post("/message/send", good_postings[15].body).body);
    auto number = got["data"]["client_msg_no"].get<std::string>();
    EXPECT_EQ(number.size(), 33u);
    EXPECT_EQ(number.back(), '0');
    EXPECT_EQ(number.find_first_not_of("0123456789abcdef"), std::string::npos);
    EXPECT_NE(number, last);
    last = number;
  }
}

TEST_F(endpoints_test, message_send_hides_refusals_but_not_failures) {
  for (auto e : {errc::banned, errc::disbanded}) {
    node.verdict = e;
    EXPECT_EQ(post("/message/send", good_postings[15].body).status, 200u);
  }
  for (auto e :
       {errc::busy, errc::unavailable, errc::not_leader, errc::unknown}) {
    node.verdict = e;
    expect_failure("/message/send", good_postings[15].body, to_string(e));
  }
}

TEST_F(endpoints_test, message_send_to_a_list_answers_ok_only) {
  expect_ok("/message/send", R"({"header":{"sync_once":1},"payload":"aGk=",)"
                             R"("subscribers":["u1","u2"]})");
  EXPECT_EQ(node.submitted_batch().channel,
            (channel_key{8, "17922244540036557902____cmd"}));
}

TEST_F(endpoints_test, message_sendbatch_serves_whom_it_can) {
  auto got = post("/message/sendbatch",
                  R"({"from_uid":"s","subscribers":["a","b@c","d"],)"
                  R"("payload":"aGk="})");
  EXPECT_EQ(got.body, R"({"fail_uids":["b@c"],)"
                      R"("reason":["the uid must not contain @, # or &"]})");
  ASSERT_EQ(node.channels.size(), 2u);
  EXPECT_EQ(node.submitted_batch(1).channel_id, "d");
  EXPECT_EQ(node.submitted_batch(1).channel.id, person_channel_id("s", "d"));
  node.verdict = errc::busy;
  EXPECT_EQ(post("/message/sendbatch",
                 R"({"from_uid":"s","subscribers":["a"],"payload":"aGk="})")
              .body,
            R"({"fail_uids":["a"],"reason":["busy"]})");
}

TEST_F(endpoints_test, message_sendbatch_stops_when_nothing_is_answered) {
  options.times.request = 30ms;
  node.silent = true;
  std::string body = R"({"from_uid":"s","payload":"aGk=","subscribers":["u0")";
  for (int i = 1; i < 300; ++i)
    body += ",\"u" + std::to_string(i) + "\"";
  auto got
    = nlohmann::json::parse(post("/message/sendbatch", body + "]}").body);
  EXPECT_EQ(got["fail_uids"].size(), 300u);
  EXPECT_EQ(got["reason"][0], "unknown");
  EXPECT_EQ(got["reason"][299], "not tried");
  std::lock_guard guard{node.mx};
  EXPECT_EQ(node.channels.size(), 256u);
}

TEST_F(endpoints_test, max_message_seq_is_0_for_a_channel_never_used) {
  EXPECT_EQ(get("/channel/max_message_seq?channel_id=g&channel_type=2").body,
            R"({"message_seq":0})");
  node.views[{1, person_channel_id("u1", "u2")}].last_seq = 12;
  auto query = "/channel/max_message_seq?channel_id=u2&channel_type=1";
  EXPECT_EQ(get(query + std::string{"&login_uid=u1"}).body,
            R"({"message_seq":12})");
  EXPECT_EQ(get(query).status, 400u);
}

TEST_F(endpoints_test, messagesync_asks_for_less_when_all_is_too_large) {
  node.rows_readable = 3;
  node.stored.last_seq = 9;
  for (message_seq seq : {8, 9}) {
    node.stored.messages.emplace_back();
    node.stored.messages.back().seq = seq;
  }
  auto got = nlohmann::json::parse(
    post("/channel/messagesync",
         R"({"login_uid":"a","channel_id":"g","channel_type":2,"limit":8})")
      .body);
  EXPECT_EQ(got["messages"].size(), 2u);
  EXPECT_EQ(got["more"], 1);
  EXPECT_EQ(node.channels.size(), 3u);
  node.rows_readable = 0;
  expect_failure("/channel/messagesync", good_postings[16].body, "too_large");
}

TEST_F(endpoints_test, messagesync_echoes_an_empty_range_of_a_used_channel) {
  auto sync = [this](const std::string& channel) {
    return post("/channel/messagesync",
                R"({"login_uid":"u","channel_type":2,"start_message_seq":4,)"
                R"("end_message_seq":8,"limit":5,"channel_id":")"
                  + channel + R"("})");
  };
  node.views[{channel_type::group, "used"}].last_seq = 7;
  EXPECT_EQ(sync("used").body,
            R"({"start_message_seq":4,"end_message_seq":8,"more":0,)"
            R"("messages":[]})");
  EXPECT_EQ(sync("never").body,
            R"({"start_message_seq":0,"end_message_seq":0,"more":0,)"
            R"("messages":[]})");
  node.fetch_error = errc::unavailable;
  EXPECT_NE(sync("used").status, 200u);
}

TEST_F(endpoints_test, messagesync_reads_the_stored_channel) {
  node.stored.last_seq = 7;
  auto got = post("/channel/messagesync",
                  R"({"login_uid":"u1","channel_id":"u2","channel_type":1,)"
                  R"("start_message_seq":3,"pull_mode":1,"limit":2})");
  EXPECT_EQ(got.body, R"({"start_message_seq":3,"end_message_seq":0,"more":0,)"
                      R"("messages":[]})");
  auto& asked = std::get<history_request>(node.channels.at(0)->content).range;
  EXPECT_EQ(asked.channel.id, person_channel_id("u1", "u2"));
  EXPECT_EQ(asked.first, 3u);
  EXPECT_EQ(asked.limit, 2u);
}
