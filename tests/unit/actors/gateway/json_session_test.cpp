#include "tests/unit/actors/gateway/gateway_fixture.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>

using namespace jindou;
using namespace jindou::test;

namespace {

using json = nlohmann::json;

json connect_request_of(const std::string& uid) {
  return {{"id", "c"}, {"method", "connect"}, {"params", {{"uid", uid}}}};
}

json send_request(const std::string& id, const std::string& payload = "aGk=") {
  return {{"id", id},
          {"method", "send"},
          {"params",
           {{"channelId", "peer"}, {"channelType", 1}, {"payload", payload}}}};
}

json sub_request_of(const std::string& id, const std::string& method) {
  return {
    {"id", id},
    {"method", method},
    {"params", {{"subNo", "s"}, {"channelId", "feed"}, {"channelType", 7}}}};
}

json ping_request(const std::string& id) {
  return {{"id", id}, {"method", "ping"}};
}

/// A client that speaks texts over TCP or WebSocket.
class json_client : public test_client {
public:
  using test_client::test_client;

  void say(const json& x) {
    say_raw(x.dump());
  }

  void say_raw(const std::string& text) {
    if (websocket)
      send_message(0x81, as_bytes(text));
    else
      send(as_bytes(text));
  }

  /// The next text; null when the server has closed.
  json hear() {
    if (!websocket)
      return json::parse(read_text(), nullptr, false);
    auto [first, payload] = read_message();
    if (first == 0x88 || payload.empty())
      return {};
    EXPECT_EQ(first, 0x81u);
    return json::parse(payload);
  }

  void enter(const std::string& uid) {
    say(connect_request_of(uid));
    auto ack = hear();
    EXPECT_EQ(ack["id"], "c");
    EXPECT_EQ(ack["result"]["reasonCode"], 1);
  }

  bool websocket = false;
};

using json_session_test = gateway_fixture;

} // namespace

TEST_F(json_session_test, answers_requests_with_their_ids) {
  start();
  json_client client{door->tcp_address()};
  client.enter("wukong");
  client.say_raw(send_request("x").dump() + ping_request("y").dump()
                 + send_request("z").dump());
  auto answer = client.hear();
  EXPECT_EQ(answer["id"], "x");
  EXPECT_EQ(answer["result"]["reasonCode"], 1);
  EXPECT_EQ(client.hear(), (json{{"jsonrpc", "2.0"}, {"id", "y"}}));
  EXPECT_EQ(client.hear()["id"], "z");
  std::lock_guard guard{mx};
  auto& login = std::get<connect_request>(batches[0]->content.events[0]);
  EXPECT_TRUE(login.json_rpc);
}

TEST_F(json_session_test, answers_subscriptions_with_their_ids) {
  start();
  json_client client{door->tcp_address()};
  client.enter("wukong");
  client.say_raw(sub_request_of("a", "subscribe").dump()
                 + ping_request("b").dump()
                 + sub_request_of("c", "unsubscribe").dump());
  EXPECT_EQ(client.hear(), (json{{"jsonrpc", "2.0"},
                                 {"id", "a"},
                                 {"result",
                                  {{"subNo", "s"},
                                   {"channelId", "feed"},
                                   {"channelType", 7},
                                   {"action", 0},
                                   {"reasonCode", 1}}}}));
  EXPECT_EQ(client.hear()["id"], "b");
  auto end = client.hear();
  EXPECT_EQ(end["id"], "c");
  EXPECT_EQ(end["result"]["action"], 1);
}

TEST_F(json_session_test, reads_texts_byte_by_byte) {
  start();
  json_client client{door->tcp_address()};
  auto text
    = " \r\n" + connect_request_of("wukong").dump() + send_request("x").dump();
  for (auto c : text)
    client.say_raw({c});
  EXPECT_EQ(client.hear()["id"], "c");
  EXPECT_EQ(client.hear()["id"], "x");
}

TEST_F(json_session_test, writes_one_text_per_websocket_message) {
  start();
  json_client client{door->ws_address()};
  client.upgrade();
  client.websocket = true;
  client.enter("wukong");
  client.say_raw(send_request("x", std::string(400, 'A')).dump()
                 + send_request("y").dump());
  EXPECT_EQ(client.hear()["id"], "x");
  EXPECT_EQ(client.hear()["id"], "y");
  wire::recv_frame recv;
  std::string payload(100'000, 'p');
  recv.payload = payload;
  auto to = session_of("wukong");
  to->send(actors::encoded_frame(*to->identity(), true, recv), to);
  auto heard = client.hear();
  EXPECT_EQ(heard["method"], "recv");
  EXPECT_FALSE(heard.contains("id"));
  EXPECT_EQ(heard["params"]["payload"].get<std::string>().size(), 133'336u);
}

TEST_F(json_session_test, stays_open_after_faulty_texts) {
  start();
  json_client client{door->tcp_address()};
  client.enter("wukong");
  client.say_raw(R"({"id":"1","method":"dance","params":{}} nonsense {"a":})");
  EXPECT_EQ(client.hear()["error"]["message"],
            "jsonrpc: unknown method: dance");
  EXPECT_FALSE(client.hear().contains("id"));
  EXPECT_TRUE(client.hear().contains("error"));
  client.say(send_request("2"));
  EXPECT_EQ(client.hear()["id"], "2");
  EXPECT_EQ(count(counter::json_texts_refused), 3u);
}

TEST_F(json_session_test, keeps_the_choice_of_the_first_data) {
  start();
  test_client binary{door->tcp_address()};
  binary.login("binary");
  binary.send(as_bytes(send_request("x").dump()));
  EXPECT_TRUE(binary.read()); // a brace is a PING with flags
  json_client client{door->tcp_address()};
  client.enter("text");
  client.send(bytes_of(send_of(1)));
  EXPECT_TRUE(client.hear().contains("error"));
}

TEST_F(json_session_test, answers_a_refused_login_with_an_error) {
  start();
  on_batch = [](const user_delivery_ptr& x) {
    auto login
      = std::holds_alternative<connect_request>(x->content.events.front());
    x->answer(login ? errc::busy : errc::none);
  };
  for (auto websocket : {false, true}) {
    json_client client{websocket ? door->ws_address() : door->tcp_address()};
    if (websocket)
      client.upgrade();
    client.websocket = websocket;
    client.say(connect_request_of("wukong"));
    auto answer = client.hear();
    EXPECT_EQ(answer["id"], "c");
    EXPECT_EQ(answer["error"]["code"], 0);
    EXPECT_EQ(answer["error"]["message"], "connect refused: reasonCode 22");
    EXPECT_FALSE(answer.contains("result"));
    if (!websocket) {
      EXPECT_EQ(client.read_all(), "");
    }
  }
}

TEST_F(json_session_test, answers_for_a_user_that_takes_nothing) {
  start();
  on_batch = [this](const user_delivery_ptr& x) {
    if (x->content.from->identity()
        && !std::holds_alternative<session_closed>(x->content.events.front()))
      x->answer(errc::busy);
    else
      answer(x);
  };
  json_client client{door->tcp_address()};
  client.enter("wukong");
  client.say_raw(ping_request("p").dump() + send_request("s").dump());
  EXPECT_EQ(client.hear()["id"], "p");
  auto answer = client.hear();
  EXPECT_EQ(answer["id"], "s");
  EXPECT_EQ(answer["result"]["reasonCode"], 22);
}

TEST_F(json_session_test, closes_without_a_word_before_the_login) {
  start();
  auto wordless = [this](const std::string& text) {
    test_client client{door->tcp_address()};
    client.send(as_bytes(text));
    return client.read_all();
  };
  EXPECT_EQ(wordless(send_request("1").dump()), "");
  EXPECT_EQ(wordless("{\"a\"}"), "");
  EXPECT_EQ(wordless(connect_request_of("a@b").dump()), "");
  EXPECT_EQ(wordless('{' + std::string(66'000, ' ')), "");
  EXPECT_TRUE(batches.empty());
}

TEST_F(json_session_test, tells_of_a_disconnect_and_obeys_one) {
  start();
  json_client client{door->tcp_address()};
  client.enter("wukong");
  session_of("wukong")->close(wire::reason::connect_kick, "elsewhere",
                              std::chrono::milliseconds{0});
  auto heard = client.hear();
  EXPECT_EQ(heard["method"], "disconnect");
  EXPECT_EQ(heard["params"]["reasonCode"], 12);
  EXPECT_EQ(heard["params"]["reason"], "elsewhere");
  EXPECT_EQ(client.read_all(), "");

  json_client other{door->tcp_address()};
  other.enter("bajie");
  other.say_raw(
    send_request("s").dump()
    + R"({"id":"d","method":"disconnect","params":{"reasonCode":0}})");
  EXPECT_EQ(other.hear()["id"], "s"); // what was sent before is answered
  EXPECT_EQ(other.read_all(), "");
}

TEST_F(json_session_test, closes_who_sends_nothing_but_faulty_texts) {
  start();
  json_client client{door->tcp_address()};
  client.enter("wukong");
  std::string faults;
  for (auto i = 0; i < 90; ++i)
    faults += "{}";
  client.say_raw(faults + send_request("1").dump() + faults);
  client.say(send_request("2"));
  auto refused = 0;
  for (auto heard = client.hear(); heard.value("id", "") != "2";
       heard = client.hear())
    refused += heard.contains("error") ? 1 : 0;
  EXPECT_EQ(refused, 180);
  for (auto i = 0; i < 100; ++i)
    client.say_raw(faults);
  while (!client.read_text().empty())
    continue; // at most what was said before the end
  EXPECT_EQ(count(counter::protocol_errors), 1u);
  EXPECT_LT(count(counter::json_texts_refused), 180u + 300u) << "of 9,000";
}

TEST_F(json_session_test, closes_at_a_text_without_end) {
  start();
  json_client client{door->tcp_address()};
  client.enter("wukong");
  client.say_raw('{' + std::string(wire::jsonrpc::text_bytes_max, ' '));
  EXPECT_EQ(client.hear()["error"]["message"], "jsonrpc: text too long");
  EXPECT_EQ(client.read_all(), "");
}

TEST_F(json_session_test, honours_the_window) {
  options.bounds.session_window = 4;
  start();
  std::vector<user_delivery_ptr> pending;
  on_batch = [&](const user_delivery_ptr& x) {
    if (!std::holds_alternative<wire::send_frame>(x->content.events.front()))
      return answer(x);
    std::lock_guard guard{mx};
    pending.push_back(x);
  };
  json_client client{door->tcp_address()};
  client.enter("wukong");
  std::string text;
  for (auto i = 1; i <= 9; ++i)
    text += send_request(std::to_string(i)).dump();
  client.say_raw(text);
  wait_until([&] { return batches.size() == 2; });
  EXPECT_EQ(batches[1]->content.events.size(), 4u);
  for (std::size_t i = 0, heard = 0; heard < 9; ++i) {
    user_delivery_ptr next;
    wait_until([&] {
      next = pending.size() > i ? pending[i] : nullptr;
      return next != nullptr;
    });
    answer(next);
    for (auto& e : next->content.events) {
      EXPECT_TRUE(std::holds_alternative<wire::send_frame>(e));
      EXPECT_EQ(client.hear()["id"], std::to_string(++heard));
    }
  }
}

TEST_F(json_session_test, can_be_switched_off) {
  options.json_rpc = false;
  start();
  json_client client{door->tcp_address()};
  client.say(connect_request_of("wukong"));
  EXPECT_EQ(client.read_all(), "");
  test_client binary{door->tcp_address()};
  binary.login("wukong");
}
