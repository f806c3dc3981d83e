#include "actors/http/requests.hpp"
#include "messages/limits.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

using namespace jindou;
using namespace jindou::actors::http;

namespace {

template <class T>
std::string fault_text(const result<T, fault>& x) {
  return x ? "" : x.error().text;
}

std::string repeated(std::string_view x, std::size_t n) {
  std::string out;
  for (std::size_t i = 0; i < n; ++i)
    out += x;
  return out;
}

} // namespace

TEST(requests_test, user_token_reads_all_fields) {
  auto x = parse_user_token(R"({"uid":"u1","token":"t","device_flag":2,)"
                            R"("device_level":1,"unknown":[{}]})");
  ASSERT_TRUE(x) << x.error().text;
  EXPECT_EQ(x->uid, "u1");
  EXPECT_EQ(x->token, "t");
  EXPECT_EQ(x->device_flag, 2);
  EXPECT_EQ(x->level, device_level::master);
}

TEST(requests_test, user_token_refuses_wrong_users) {
  for (auto body :
       {R"({"token":"t"})", R"({"uid":" ","token":"t"})", R"({"uid":"u"})",
        R"({"uid":"a@b","token":"t"})", R"({"uid":"a#b","token":"t"})",
        R"({"uid":"a&b","token":"t"})", R"({"uid":"____system","token":"t"})",
        R"({"uid":"u","token":"t","device_flag":256})",
        R"({"uid":"u","token":"t","device_flag":"1"})",
        R"({"uid":"u\u0000","token":"t"})"})
    EXPECT_FALSE(parse_user_token(body)) << body;
}

TEST(requests_test, channel_reads_every_flag) {
  namespace bits = command::channel_flags;
  std::vector<std::pair<std::string, std::uint32_t>> flags{
    {"large", bits::large},
    {"ban", bits::ban},
    {"disband", bits::disband},
    {"send_ban", bits::send_ban},
    {"allow_stranger", bits::allow_stranger}};
  for (const auto& [name, bit] : flags) {
    auto x = parse_channel(R"({"channel_id":"g","channel_type":2,")" + name
                           + R"(":1})");
    ASSERT_TRUE(x);
    EXPECT_EQ(x->flags, bits::exists | bit) << name;
    EXPECT_FALSE(x->reset);
  }
}

TEST(requests_test, channel_refuses_wrong_channels) {
  for (auto body :
       {R"({"channel_type":2})", R"({"channel_id":" ","channel_type":2})",
        R"({"channel_id":"g"})", R"({"channel_id":"g","channel_type":0})",
        R"({"channel_id":"a@b","channel_type":2})",
        R"({"channel_id":"g","channel_type":"2"})",
        R"({"channel_id":"g","channel_type":2,"subscribers":"a"})",
        R"({"channel_id":"u","channel_type":1,"subscribers":["a"]})"})
    EXPECT_FALSE(parse_channel(body)) << body;
  EXPECT_TRUE(parse_channel(R"({"channel_id":"u","channel_type":1,"ban":1})"));
}

TEST(requests_test, channel_info_checks_neither_id_nor_type) {
  EXPECT_TRUE(parse_channel_flags(R"({"channel_id":"a@b"})"));
  EXPECT_TRUE(parse_channel_flags("{}"));
  EXPECT_FALSE(parse_channel_flags(R"({"channel_type":-1})"));
  auto longest = repeated("x", limits::name_bytes_max + 1);
  EXPECT_FALSE(parse_channel_flags(R"({"channel_id":")" + longest + "\"}"));
}

TEST(requests_test, subscriber_add_takes_type_0_for_a_group) {
  auto x = parse_subscriber_add(
    R"({"channel_id":"g","subscribers":["a"],"reset":1})");
  ASSERT_TRUE(x);
  EXPECT_EQ(x->channel.type, channel_type::group);
  EXPECT_TRUE(x->reset);
}

TEST(requests_test, subscriber_add_refuses_what_v2_refuses) {
  for (auto body :
       {R"({"channel_id":"g","subscribers":[]})", R"({"channel_id":"g"})",
        R"({"channel_id":"g","subscribers":[" ",""]})",
        R"({"channel_id":"g#","subscribers":["a"]})",
        R"({"channel_id":"g","channel_type":1,"subscribers":["a"]})",
        R"({"channel_id":"g","temp_subscriber":1,"subscribers":["a"]})"})
    EXPECT_FALSE(parse_subscriber_add(body)) << body;
}

TEST(requests_test, lists_need_what_v2_needs) {
  auto empty = R"({"channel_id":"g","channel_type":2,"uids":[]})";
  auto no_type = R"({"channel_id":"g","uids":["a"]})";
  auto no_id = R"({"channel_type":2,"uids":["a"]})";
  auto special = R"({"channel_id":"a@b","channel_type":2,"uids":["a"]})";
  EXPECT_FALSE(parse_list_change(empty));
  EXPECT_FALSE(parse_list_change(no_type));
  EXPECT_FALSE(parse_list_change(no_id));
  EXPECT_TRUE(parse_list_change(special));
  EXPECT_FALSE(parse_whitelist_add(special));
  EXPECT_FALSE(parse_whitelist_add(empty));
  EXPECT_TRUE(parse_list_set(empty));
  EXPECT_FALSE(parse_list_set(no_id));
  EXPECT_FALSE(parse_list_clear(no_type));
  EXPECT_FALSE(parse_list_clear(no_id));
  EXPECT_TRUE(parse_list_clear(empty));
  EXPECT_FALSE(parse_subscriber_remove_all(no_type));
  EXPECT_FALSE(
    parse_subscriber_remove_all(R"({"channel_id":"g","channel_type":1})"));
}

TEST(requests_test, send_reads_all_fields) {
  auto x = parse_send(
    R"({"header":{"no_persist":1,"red_dot":1,"sync_once":1},)"
    R"("from_uid":"u1","channel_id":"g","channel_type":2,"payload":"aGk=",)"
    R"("client_msg_no":"n","expire":4294967295,"is_stream":1})");
  ASSERT_TRUE(x) << x.error().text;
  EXPECT_EQ(x->flags, (wire::header_flags{true, true, true, false}));
  EXPECT_EQ(x->from_uid, "u1");
  EXPECT_EQ(x->channel_id, "g");
  EXPECT_EQ(x->channel_type, 2);
  EXPECT_EQ(x->payload, "hi");
  EXPECT_EQ(x->client_msg_no, "n");
  EXPECT_EQ(x->expire, 4294967295u);
  EXPECT_TRUE(x->stream);
}

TEST(requests_test, send_speaks_for_the_system_by_default) {
  auto x
    = parse_send(R"({"channel_id":"u","channel_type":1,"payload":"aGk="})");
  ASSERT_TRUE(x);
  EXPECT_EQ(x->from_uid, "____system");
}

TEST(requests_test, send_refuses_what_v2_refuses) {
  std::vector<std::pair<std::string, std::string>> wrong{
    {R"({"channel_id":"g"})", "payload must not be empty"},
    {R"({"channel_id":"g","payload":""})", "payload must not be empty"},
    {R"({"channel_id":"g","payload":"%"})", "field payload is not base64"},
    {R"({"payload":"aGk="})", "channel_id or subscribers must be given"},
    {R"({"payload":"aGk=","subscribers":[]})",
     "channel_id or subscribers must be given"},
    {R"({"payload":"aGk=","subscribers":["a"]})",
     "subscribers need header.sync_once = 1"},
    {R"({"header":{"sync_once":1},"payload":"aGk=","subscribers":["a"],)"
     R"("channel_id":"g"})",
     "channel_id and subscribers must not be given both"},
    {R"({"channel_id":"a@b","channel_type":2,"payload":"aGk="})",
     "channel_id must not contain @, # or &"},
    {R"({"channel_id":"a@b@c","channel_type":11,"payload":"aGk="})",
     "channel_id must not contain @, # or &"},
    {R"({"from_uid":"a@b","channel_id":"c","channel_type":1,"payload":"aGk="})",
     "from_uid must not contain @, # or &"},
    {R"({"header":1,"channel_id":"g","payload":"aGk="})",
     "field header must be an object"},
    {R"({"header":{"red_dot":true},"channel_id":"g","payload":"aGk="})",
     "field red_dot must be a whole number"},
    {R"({"channel_id":"g","payload":"aGk=","expire":4294967296})",
     "field expire is out of range"},
  };
  for (const auto& [body, text] : wrong)
    EXPECT_EQ(fault_text(parse_send(body)), text) << body;
}

TEST(requests_test, takes_any_sender_that_names_no_channel) {
  auto got = parse_send(R"({"from_uid":"order@shop","channel_id":"g",)"
                        R"("channel_type":2,"payload":"aGk="})");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->from_uid, "order@shop");
}

TEST(requests_test, send_takes_the_whole_id_of_an_agent_channel) {
  EXPECT_TRUE(
    parse_send(R"({"channel_id":"u@a","channel_type":11,"payload":"aGk="})"));
}

TEST(requests_test, send_refuses_a_payload_beyond_the_limit) {
  auto body = [](std::size_t n) {
    return R"({"channel_id":"g","channel_type":2,"payload":")"
           + repeated("AAAA", n / 3) + "\"}";
  };
  EXPECT_TRUE(parse_send(body(limits::payload_bytes_max)));
  EXPECT_FALSE(parse_send(body(limits::payload_bytes_max + 3)));
}

TEST(requests_test, sendbatch_needs_sender_receivers_and_payload) {
  EXPECT_TRUE(parse_send_batch(
    R"({"from_uid":"s","subscribers":["a"],"payload":"aGk="})"));
  for (auto body :
       {R"({"subscribers":["a"],"payload":"aGk="})",
        R"({"from_uid":"s","payload":"aGk="})",
        R"({"from_uid":"s","subscribers":["a"]})",
        R"({"from_uid":"s@","subscribers":["a"],"payload":"aGk="})"})
    EXPECT_FALSE(parse_send_batch(body)) << body;
}
