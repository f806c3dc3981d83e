#include "messages/wire/json_text.hpp"
#include "messages/wire/jsonrpc.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace jindou::wire::jsonrpc {

namespace {

std::string fixed_number() {
  return "made";
}

/// The refusal of `text`, or "" when it is accepted.
std::string refused(std::string_view text) {
  auto read = decode(text, fixed_number);
  return read ? std::string{} : read.error().message;
}

template <class Frame>
Frame accepted(const result<request, refusal>& read) {
  if (!read || !std::holds_alternative<Frame>(read->frame)) {
    ADD_FAILURE() << (read ? "another frame" : read.error().message);
    return {};
  }
  return std::get<Frame>(read->frame);
}

std::string encoded(const frame& f, std::string_view id = {}) {
  byte_vector out;
  EXPECT_EQ(encode(f, id, out), errc::none);
  return std::string{as_text(out)};
}

/// Feeds `stream` to a scanner in pieces of `piece` bytes and lists what comes
/// out: the texts of objects, "!n" for n bytes of malformed.
std::vector<std::string> cut_all(std::string_view stream, std::size_t piece) {
  std::vector<std::string> found;
  scanner s;
  std::size_t taken = 0;
  for (std::size_t end = 0; end < stream.size();) {
    end = std::min(end + piece, stream.size());
    for (bool more = false; !more && taken <= end;) {
      auto cut = s.cut(as_bytes(stream.substr(taken, end - taken)));
      if (auto* o = std::get_if<object>(&cut)) {
        found.emplace_back(o->text);
        taken += o->bytes;
      } else if (auto* f = std::get_if<fault>(&cut)) {
        found.push_back("!" + std::to_string(f->bytes));
        taken += f->bytes;
      } else {
        more = true;
      }
    }
  }
  return found;
}

} // namespace

TEST(jsonrpc_test, tells_the_protocols_apart_by_the_first_byte) {
  EXPECT_EQ(speaks_json(as_bytes(" \r\n\t{")), true);
  EXPECT_EQ(speaks_json(as_bytes("\x10\x4f")), false);
  EXPECT_EQ(speaks_json(as_bytes("[{")), false);
  EXPECT_EQ(speaks_json(as_bytes(" \n")), std::nullopt);
  EXPECT_EQ(speaks_json({}), std::nullopt);
}

TEST(jsonrpc_test, cuts_objects_however_they_arrive) {
  constexpr std::string_view stream
    = "{\"a\":1}{\"b\":\"}{\\\"\\\\\"} \r\n\t{\"c\":{\"d\":[{}]}}";
  std::vector<std::string> expected{"{\"a\":1}", "{\"b\":\"}{\\\"\\\\\"}",
                                    "{\"c\":{\"d\":[{}]}}"};
  for (std::size_t piece = 1; piece <= stream.size(); ++piece)
    EXPECT_EQ(cut_all(stream, piece), expected) << piece;
}

TEST(jsonrpc_test, drops_what_stands_between_objects_and_goes_on) {
  EXPECT_EQ(cut_all("xx{\"a\":1}}, {}", 100),
            (std::vector<std::string>{"!2", "{\"a\":1}", "!3", "{}"}));
}

TEST(jsonrpc_test, gives_up_on_an_object_without_an_end) {
  std::string endless = "{\"a\":\"" + std::string(text_bytes_max, 'x');
  auto cut = scanner{}.cut(as_bytes(endless));
  ASSERT_TRUE(std::holds_alternative<fault>(cut));
  EXPECT_EQ(std::get<fault>(cut).error, errc::too_large);
  EXPECT_EQ(refused(endless + "\"}"), "jsonrpc: text too long");
}

TEST(jsonrpc_test, gives_up_on_endless_white_space) {
  scanner s;
  std::string spaces(text_bytes_max - 1, ' ');
  EXPECT_TRUE(std::holds_alternative<need_more>(s.cut(as_bytes(spaces))));
  spaces += ' ';
  EXPECT_TRUE(std::holds_alternative<fault>(s.cut(as_bytes(spaces))));
}

TEST(jsonrpc_test, refuses_deep_nesting) {
  auto nested = [](std::size_t n) {
    return "{\"method\":\"ping\",\"id\":\"1\",\"x\":" + std::string(n, '[')
           + std::string(n, ']') + "}";
  };
  EXPECT_EQ(refused(nested(depth_max - 1)), "");
  EXPECT_EQ(refused(nested(depth_max)), "jsonrpc: nested too deeply");
  EXPECT_EQ(refused(nested(100'000)), "jsonrpc: nested too deeply");
}

TEST(jsonrpc_test, takes_defaults_for_what_a_connect_leaves_out) {
  auto read = decode(R"({"method":"connect","params":{"uid":"u1"},"id":"a"})");
  auto f = accepted<connect_frame>(read);
  EXPECT_EQ(f.version, latest_version);
  EXPECT_EQ(f.uid, "u1");
  EXPECT_EQ(f.token, "");
  EXPECT_EQ(read->id, "a");
}

TEST(jsonrpc_test, keeps_the_texts_of_a_frame_with_it) {
  request kept;
  {
    auto read = decode(R"({"method":"send","id":"1","params":{"channelId":)"
                       R"("g\u00e9","channelType":2,"payload":"aGk="}})",
                       fixed_number);
    ASSERT_TRUE(read);
    kept = *std::move(read);
  }
  auto f = std::get<send_frame>(kept.frame);
  EXPECT_EQ(f.channel_id, "g\xc3\xa9");
  EXPECT_EQ(f.payload, "hi");
  EXPECT_EQ(f.client_msg_no, "made");
}

TEST(jsonrpc_test, matches_names_in_any_case_and_skips_unknown_ones) {
  auto read = decode(R"({"Method":"send","ID":"1","x":{"params":1},"PARAMS":)"
                     R"({"ChannelID":"g","channelId2":7,"deep":[{"uid":1}],)"
                     R"("header":{"REDDOT":true,"uid":3}}})");
  auto f = accepted<send_frame>(read);
  EXPECT_EQ(f.channel_id, "g");
  EXPECT_TRUE(f.flags.red_dot);
}

TEST(jsonrpc_test, takes_the_last_of_two_equal_names) {
  auto read = decode(R"({"method":"connect","id":"1","params":{"token":"t"},)"
                     R"("params":{"uid":"a","uid":"b"}})");
  auto f = accepted<connect_frame>(read);
  EXPECT_EQ(f.uid, "b");
  EXPECT_EQ(f.token, "");
}

TEST(jsonrpc_test, reads_a_message_id_that_is_no_number_as_zero) {
  for (auto* id : {"x", "", "1x", "99999999999999999999"}) {
    auto text = std::string{R"({"method":"recvack","params":{"messageId":")"}
                + id + R"("}})";
    EXPECT_EQ(accepted<recvack_frame>(decode(text)).message_id, 0) << id;
  }
}

TEST(jsonrpc_test, reads_both_methods_of_subscriptions_as_one_frame) {
  auto read = decode(R"({"method":"subscribe","id":"1","params":{"subNo":"s",)"
                     R"("channelId":"f","channelType":7,"param":"p"}})");
  auto f = accepted<sub_frame>(read);
  EXPECT_EQ(f.sub_no, "s");
  EXPECT_EQ(f.channel_id, "f");
  EXPECT_EQ(f.channel_type, 7);
  EXPECT_EQ(f.param, "p");
  EXPECT_EQ(f.action, sub_action::subscribe);
  read = decode(R"({"method":"unsubscribe","id":"2","params":{"channelId":)"
                R"("f","channelType":7}})");
  EXPECT_EQ(accepted<sub_frame>(read).action, sub_action::unsubscribe);
  EXPECT_EQ(refused(R"({"method":"subscribe","id":"1","params":)"
                    R"({"channelId":7}})"),
            "jsonrpc: failed to unmarshal field: subscribe params: json: "
            "cannot unmarshal number into Go struct field "
            "SubscribeParams.channelId of type string");
}

TEST(jsonrpc_test, writes_the_answer_to_a_subscription) {
  suback_frame f;
  f.sub_no = "s";
  f.channel_id = "f";
  f.channel_type = 7;
  f.action = 1;
  f.reason = 3;
  EXPECT_EQ(encoded(f, "9"),
            R"({"jsonrpc":"2.0","id":"9","result":{"subNo":"s","channelId":)"
            R"("f","channelType":7,"action":1,"reasonCode":3}})");
}

TEST(jsonrpc_test, cuts_small_numbers_as_the_original_does) {
  auto read = decode(R"({"method":"connect","id":"1","params":{"version":261,)"
                     R"("deviceFlag":-1}})");
  auto f = accepted<connect_frame>(read);
  EXPECT_EQ(f.version, 5);
  EXPECT_EQ(f.device_flag, 255);
}

TEST(jsonrpc_test, names_the_first_member_of_a_wrong_type) {
  EXPECT_EQ(refused(R"({"method":"send","id":"1","params":{"payload":{},)"
                    R"("channelId":1}})"),
            "jsonrpc: failed to unmarshal field: send params: json: cannot "
            "unmarshal object into Go struct field SendParams.payload of type "
            "[]uint8");
  EXPECT_EQ(refused(R"({"method":"send","id":"1","params":{"channelType":1.5,)"
                    R"("payload":{}}})"),
            "jsonrpc: failed to unmarshal field: send params: json: cannot "
            "unmarshal number 1.5 into Go struct field SendParams.channelType "
            "of type int");
  EXPECT_EQ(refused(R"({"method":"recvack","params":{"messageSeq":-1}})"),
            "jsonrpc: failed to unmarshal field: recvack params: json: cannot "
            "unmarshal number -1 into Go struct field "
            "RecvAckParams.messageSeq of type uint32");
  EXPECT_EQ(refused(R"({"method":"connect","id":"1","params":[]})"),
            "jsonrpc: failed to unmarshal field: connect params: json: cannot "
            "unmarshal array into Go value of type jsonrpc.ConnectParams");
}

TEST(jsonrpc_test, does_not_mind_wrong_types_where_a_method_does_not_look) {
  EXPECT_EQ(refused(R"({"method":"connect","id":"1","params":{"payload":1}})"),
            "");
  EXPECT_EQ(refused(R"({"method":"ping","id":"1","params":{"uid":1}})"), "");
}

TEST(jsonrpc_test, refuses_what_is_no_call_of_a_client) {
  EXPECT_EQ(refused(R"({"jsonrpc":"1.0","method":"ping","id":"1"})"),
            "jsonrpc: invalid version: expected '2.0', got '1.0'");
  EXPECT_EQ(refused(R"({"method":"ping","id":null})"),
            "jsonrpc: invalid request format (missing id or method)");
  EXPECT_EQ(refused(R"({"method":"fly","id":"1"})"),
            "jsonrpc: unknown method: fly");
  EXPECT_EQ(refused(R"({"id":"1","result":{}})"),
            "unknown packet type: jsonrpc.GenericResponse");
  EXPECT_EQ(refused(R"({"method":"recvack"})"),
            "jsonrpc: missing params field: method recvack");
  EXPECT_EQ(refused(R"({"method":"disconnect","params":{}})"),
            "unknown packet type: jsonrpc.DisconnectNotification");
  for (auto* text : {"", "{}", "[]", "{\"a\":1]}", "{\"id\":\"1\"}", "{]}",
                     "{\"method\":\"ping\",\"id\":\"1\"} x", "\"{}\"", "{'a'}",
                     "{\"method\":\"\xff\",\"id\":\"1\"}"})
    EXPECT_NE(refused(text), "") << text;
}

TEST(jsonrpc_test, refuses_texts_that_no_frame_can_carry) {
  auto text = R"({"method":"connect","id":"1","params":{"uid":")"
              + std::string(limits::wire_string_bytes_max + 1, 'u') + "\"}}";
  EXPECT_EQ(refused(text),
            "jsonrpc: failed to unmarshal field: connect params: text too "
            "long: uid");
}

TEST(jsonrpc_test, answers_a_refusal_with_the_id_it_could_read) {
  byte_vector out;
  auto read = decode(R"({"method":"a\"b","id":"7"})");
  ASSERT_FALSE(read);
  encode_error(read.error(), out);
  EXPECT_EQ(as_text(out), R"({"jsonrpc":"2.0","id":"7","error":{"code":0,)"
                          R"("message":"jsonrpc: unknown method: a\"b"}})");
}

TEST(jsonrpc_test, makes_a_different_number_every_time) {
  auto a = random_number();
  EXPECT_EQ(a.size(), 32U);
  EXPECT_EQ(a.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_NE(a, random_number());
}

TEST(jsonrpc_test, writes_all_members_of_a_recv) {
  recv_frame f;
  f.flags = flags_of(15);
  f.setting = 0xaa;
  f.msg_key = "k";
  f.from_uid = "a";
  f.channel_id = "g";
  f.channel_type = 2;
  f.expire = 9;
  f.client_msg_no = "c";
  f.stream_flag = 2;
  f.stream_no = "s";
  f.message_id = -1;
  f.message_seq = 4'294'967'295U;
  f.timestamp = -2;
  f.topic = "t";
  f.payload = "hi";
  EXPECT_EQ(
    encoded(f, "ignored"),
    R"({"jsonrpc":"2.0","method":"recv","params":{"header":{"noPersist":true,)"
    R"("redDot":true,"syncOnce":true,"dup":true},"setting":{"receipt":true,)"
    R"("signal":true,"stream":true,"topic":true},"msgKey":"k","expire":9,)"
    R"("messageId":"-1","messageSeq":4294967295,"clientMsgNo":"c",)"
    R"("streamNo":"s","streamId":"s","streamFlag":2,"timestamp":-2,)"
    R"("channelId":"g","channelType":2,"topic":"t","fromUid":"a",)"
    R"("payload":"aGk="}})");
}

TEST(jsonrpc_test, writes_any_bytes_as_good_json) {
  disconnect_frame f;
  f.reason_text = std::string_view{"\0\x1f\b\f\n\"\\<&>\x7f\xff\xc3\xa9"
                                   "\xe2\x80\xa8\xed\xa0\x80",
                                   20};
  EXPECT_EQ(encoded(f),
            "{\"jsonrpc\":\"2.0\",\"method\":\"disconnect\",\"params\":{"
            "\"reasonCode\":0,\"reason\":\"\\u0000\\u001f\\b\\f\\n\\\"\\\\"
            "\\u003c\\u0026\\u003e\x7f\\ufffd\xc3\xa9\\u2028\\ufffd\\ufffd"
            "\\ufffd\"}}");
}

TEST(jsonrpc_test, does_not_write_what_a_server_does_not_send) {
  byte_vector out;
  for (const frame& f : {frame{connect_frame{}}, frame{send_frame{}},
                         frame{ping_frame{}}, frame{sub_frame{}}})
    EXPECT_EQ(encode(f, "1", out), errc::unsupported);
  EXPECT_TRUE(out.empty());
}

TEST(json_text_test, knows_the_characters_of_utf_8) {
  EXPECT_EQ(utf8_size("a"), 1U);
  EXPECT_EQ(utf8_size("\xc2\x80"), 2U);
  EXPECT_EQ(utf8_size("\xef\xbf\xbf"), 3U);
  EXPECT_EQ(utf8_size("\xf4\x8f\xbf\xbf"), 4U);
  for (auto* bad : {"", "\x80", "\xc1\xbf", "\xc3", "\xe0\x9f\xbf", "\xe2\x80",
                    "\xed\xa0\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
                    "\xf5\x80\x80\x80"})
    EXPECT_EQ(utf8_size(bad), 0U) << bad;
}

} // namespace jindou::wire::jsonrpc
