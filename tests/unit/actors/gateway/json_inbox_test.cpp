#include "actors/gateway/json_inbox.hpp"
#include "messages/limits.hpp"

#include <gtest/gtest.h>

#include <string>

using namespace jindou;
using actors::json_inbox;
using actors::open_requests;

namespace {

constexpr std::size_t plenty = 1'000;

std::string send_text(const std::string& id) {
  return R"({"id":")" + id
         + R"(","method":"send","params":{"channelId":"c","channelType":1,)"
           R"("payload":"aGk="}})";
}

std::string ping_text(const std::string& id) {
  return R"({"id":")" + id + R"(","method":"ping"})";
}

const std::string connect_text
  = R"({"id":"c1","method":"connect","params":{"uid":"u","deviceId":"d"}})";

json_inbox::batch cut_all(json_inbox& x, const std::string& text,
                          std::size_t sends = plenty,
                          std::size_t others = plenty) {
  return x.cut(as_bytes(text), sends, others);
}

const wire::send_frame& send_at(const json_inbox::batch& x, std::size_t i) {
  return std::get<wire::send_frame>(x.cut.events.at(i));
}

} // namespace

TEST(json_inbox_test, cuts_the_connect_with_its_id) {
  json_inbox x;
  for (std::size_t n = 0; n < connect_text.size(); ++n) {
    auto part = x.cut_connect(as_bytes(connect_text.substr(0, n)));
    ASSERT_EQ(part.verdict, errc::none);
    ASSERT_FALSE(part.connect);
  }
  auto first = x.cut_connect(as_bytes(connect_text + " {"));
  ASSERT_TRUE(first.connect);
  EXPECT_EQ(first.connect->uid, "u");
  EXPECT_EQ(first.connect->version, wire::latest_version);
  EXPECT_EQ(first.id, "c1");
  EXPECT_EQ(first.taken, connect_text.size());
}

TEST(json_inbox_test, refuses_what_is_no_connect_first) {
  for (auto& text :
       {send_text("1"), ping_text("1"), std::string{"{}"}, std::string{"{x}"},
        std::string{R"({"method":"connect","params":{"uid":"u"}})"},
        R"({"id":")" + std::string(257, 'i')
          + R"(","method":"connect","params":{"uid":"u"}})"}) {
    json_inbox x;
    EXPECT_EQ(x.cut_connect(as_bytes(text)).verdict, errc::malformed) << text;
  }
}

TEST(json_inbox_test, numbers_sends_and_keeps_their_ids) {
  json_inbox x;
  auto text = send_text("a") + "\r\n" + ping_text("p") + send_text("b")
              + R"({"method":"recvack","params":{"messageId":"7"}} )";
  auto got = cut_all(x, text);
  ASSERT_EQ(got.cut.events.size(), 4u);
  EXPECT_EQ(send_at(got, 0).client_seq, 1u);
  EXPECT_EQ(send_at(got, 0).payload, "hi");
  EXPECT_EQ(send_at(got, 2).client_seq, 2u);
  EXPECT_EQ(std::get<wire::recvack_frame>(got.cut.events[3]).message_id, 7);
  ASSERT_EQ(got.requests.size(), 3u);
  EXPECT_EQ(got.requests[0].number, 1u);
  EXPECT_EQ(got.requests[0].id, "a");
  EXPECT_EQ(got.requests[1].number, 0u);
  EXPECT_EQ(got.requests[1].id, "p");
  EXPECT_EQ(got.requests[2].id, "b");
  EXPECT_EQ(got.taken, text.size());
  EXPECT_EQ(got.cut.sends, 2u);
  EXPECT_FALSE(got.cut.more);
  EXPECT_EQ(send_at(cut_all(x, send_text("c")), 0).client_seq, 3u);
}

TEST(json_inbox_test, numbers_subscriptions_among_the_sends) {
  json_inbox x;
  auto sub = [](const std::string& id, const std::string& method) {
    return R"({"id":")" + id + R"(","method":")" + method
           + R"(","params":{"subNo":"s","channelId":"f","channelType":7}})";
  };
  auto text = send_text("a") + sub("b", "subscribe") + sub("c", "unsubscribe");
  auto got = cut_all(x, text + send_text("d"), 3);
  EXPECT_TRUE(got.cut.more) << "they count in the window";
  EXPECT_EQ(got.cut.sends, 3u);
  ASSERT_EQ(got.cut.events.size(), 3u);
  auto& begin = std::get<sub_request>(got.cut.events[1]);
  EXPECT_EQ(begin.number, 2u);
  EXPECT_EQ(begin.frame.sub_no, "s");
  EXPECT_EQ(begin.frame.channel_id, "f");
  EXPECT_EQ(begin.frame.channel_type, 7);
  EXPECT_EQ(begin.frame.action, wire::sub_action::subscribe);
  auto& end = std::get<sub_request>(got.cut.events[2]);
  EXPECT_EQ(end.number, 3u);
  EXPECT_EQ(end.frame.action, wire::sub_action::unsubscribe);
  ASSERT_EQ(got.requests.size(), 3u);
  EXPECT_EQ(got.requests[1].number, 2u);
  EXPECT_EQ(got.requests[1].id, "b");
}

TEST(json_inbox_test, drops_a_faulty_text_and_goes_on) {
  json_inbox x;
  auto got = cut_all(x, R"({"id":"1","method":"dance","params":{}}{"a":}junk)"
                          + send_text("2"));
  ASSERT_EQ(got.refused.size(), 3u);
  EXPECT_EQ(got.refused[0].id, "1");
  EXPECT_EQ(got.refused[0].message, "jsonrpc: unknown method: dance");
  EXPECT_EQ(got.refused[1].id, "");
  EXPECT_EQ(got.refused[2].id, "");
  ASSERT_EQ(got.cut.events.size(), 1u);
  EXPECT_EQ(got.cut.verdict, errc::none);
}

TEST(json_inbox_test, stops_where_the_window_ends) {
  json_inbox x;
  auto text = send_text("1") + send_text("2") + send_text("3");
  auto got = cut_all(x, text, 2);
  EXPECT_EQ(got.cut.events.size(), 2u);
  EXPECT_TRUE(got.cut.more);
  auto rest = text.substr(got.taken);
  got = cut_all(x, rest, 0);
  EXPECT_TRUE(got.cut.more);
  EXPECT_TRUE(got.cut.events.empty());
  EXPECT_EQ(got.taken, 0u);
  got = cut_all(x, rest, 1);
  EXPECT_EQ(got.cut.events.size(), 1u);
  EXPECT_FALSE(got.cut.more);
}

TEST(json_inbox_test, bounds_texts_pings_and_ids) {
  json_inbox x;
  std::string many;
  for (std::size_t i = 0; i <= limits::frames_per_batch_max; ++i)
    many += "{}";
  auto got = cut_all(x, many);
  EXPECT_EQ(got.refused.size(), limits::frames_per_batch_max);
  EXPECT_TRUE(got.cut.more);

  got = cut_all(x, ping_text("1") + ping_text("2"), plenty, 1);
  EXPECT_EQ(got.cut.events.size(), 1u);
  ASSERT_EQ(got.refused.size(), 1u);
  EXPECT_EQ(got.refused[0].id, "2");

  got = cut_all(x, send_text(std::string(257, 'i')));
  EXPECT_TRUE(got.cut.events.empty());
  ASSERT_EQ(got.refused.size(), 1u);
  EXPECT_EQ(got.refused[0].id, "");

  auto deep = std::string(65, '[') + std::string(65, ']');
  got = cut_all(x, R"({"id":"1","method":"ping","params":)" + deep + "}");
  ASSERT_EQ(got.refused.size(), 1u);
  EXPECT_EQ(got.refused[0].message, "jsonrpc: nested too deeply");
}

TEST(json_inbox_test, ends_at_a_text_without_end) {
  json_inbox x;
  auto got = cut_all(x, ping_text("1") + '{'
                          + std::string(wire::jsonrpc::text_bytes_max, ' '));
  EXPECT_EQ(got.cut.events.size(), 1u);
  EXPECT_EQ(got.cut.verdict, errc::too_large);
  ASSERT_EQ(got.refused.size(), 1u);
}

TEST(json_inbox_test, ends_where_the_client_says_good_bye) {
  json_inbox x;
  auto got = cut_all(
    x, send_text("1")
         + R"({"id":"2","method":"disconnect","params":{"reasonCode":0}})"
         + send_text("3"));
  EXPECT_EQ(got.cut.events.size(), 1u);
  EXPECT_EQ(got.cut.verdict, errc::stopping);
}

TEST(json_inbox_test, refuses_a_second_login) {
  json_inbox x;
  auto got = cut_all(x, connect_text);
  ASSERT_EQ(got.refused.size(), 1u);
  EXPECT_EQ(got.refused[0].id, "c1");
}

TEST(json_inbox_test, lets_no_blanks_pile_up) {
  json_inbox x;
  auto got = cut_all(x, ping_text("1") + "\n");
  EXPECT_EQ(got.taken, ping_text("1").size() + 1);
  EXPECT_EQ(cut_all(x, " \t\r\n ").taken, 5u);
  EXPECT_EQ(cut_all(x, ping_text("2")).cut.events.size(), 1u);
}

TEST(open_requests_test, gives_each_id_back_once) {
  open_requests x;
  x.add({0, "connect"});
  x.add({1, "one"});
  x.add({2, "two"});
  x.add({0, "ping"});
  EXPECT_EQ(x.room(), open_requests::others_max - 2);
  EXPECT_EQ(x.take(2), "two");
  EXPECT_EQ(x.take(2), "");
  EXPECT_EQ(x.take(0), "connect");
  EXPECT_EQ(x.take(0), "ping");
  EXPECT_EQ(x.take(0), "");
  EXPECT_EQ(x.take(1), "one");
  EXPECT_EQ(x.size(), 0u);
}
