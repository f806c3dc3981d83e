#include "actors/http/outgoing.hpp"
#include "messages/channel_id.hpp"

#include <gtest/gtest.h>

using namespace jindou;
using namespace jindou::actors::http;

namespace {

send_request request_to(std::string id, std::uint8_t type) {
  send_request out;
  out.from_uid = "u1";
  out.channel_id = std::move(id);
  out.channel_type = type;
  out.payload = "hi";
  out.client_msg_no = "n1";
  return out;
}

std::string stored(const send_request& x) {
  return submit_of(x).channel.id;
}

} // namespace

TEST(outgoing_test, names_the_stored_channel) {
  EXPECT_EQ(stored(request_to("u2", 1)), person_channel_id("u1", "u2"));
  EXPECT_EQ(stored(request_to("g", 2)), "g");
  EXPECT_EQ(stored(request_to("bot", 11)), "u1@bot");
  EXPECT_EQ(stored(request_to("u9@bot", 11)), "u9@bot");
}

TEST(outgoing_test, sends_commands_to_the_command_channel) {
  auto x = request_to("u2", 1);
  x.flags.sync_once = true;
  EXPECT_EQ(stored(x), person_channel_id("u1", "u2") + "____cmd");
  EXPECT_EQ(submit_of(x).channel_id, "u2");
  x = request_to("g", 2);
  x.flags.sync_once = true;
  EXPECT_EQ(stored(x), "g____cmd");
  x = request_to("g____cmd", 2);
  x.flags.sync_once = true;
  EXPECT_EQ(stored(x), "g____cmd");
  x = request_to("t", 8);
  x.flags.sync_once = true;
  EXPECT_EQ(stored(x), "t");
}

TEST(outgoing_test, never_stores_what_goes_to_the_online_command_channel) {
  auto x = request_to("systemcmdonline", 8);
  x.flags.sync_once = true;
  auto batch = submit_of(x);
  EXPECT_EQ(batch.channel.id, "systemcmdonline");
  EXPECT_TRUE(batch.items.at(0).flags.no_persist);
}

TEST(outgoing_test, makes_a_temporary_channel_of_a_list) {
  auto x = request_to("", 0);
  x.flags.sync_once = true;
  x.subscribers = {"u2", "u1"};
  auto batch = submit_of(x);
  EXPECT_EQ(batch.channel, (channel_key{8, "5981087602159037568____cmd"}));
  EXPECT_EQ(batch.channel_id, batch.channel.id);
  ASSERT_NE(batch.receivers, nullptr);
  EXPECT_EQ(*batch.receivers, x.subscribers);
  x.flags.no_persist = true;
  batch = submit_of(x);
  EXPECT_EQ(batch.channel, (channel_key{8, "systemcmdonline"}));
  EXPECT_TRUE(batch.items.at(0).flags.no_persist);
  EXPECT_EQ(*batch.receivers, x.subscribers);
}

TEST(outgoing_test, marks_streams) {
  auto x = request_to("g", 2);
  EXPECT_EQ(submit_of(x).items.at(0).setting, 0);
  x.stream = true;
  EXPECT_EQ(submit_of(x).items.at(0).setting, wire::setting::stream);
}

TEST(outgoing_test, keeps_what_the_views_point_into) {
  submit_batch batch;
  {
    auto x = request_to("g", 2);
    batch = submit_of(x);
    x.payload.assign(100, '!');
    x.client_msg_no.assign(100, '!');
  }
  auto copy = batch;
  batch = {};
  EXPECT_EQ(copy.items.at(0).payload, "hi");
  EXPECT_EQ(copy.items.at(0).client_msg_no, "n1");
}

TEST(outgoing_test, sends_one_message_to_each_of_a_batch) {
  auto x = request_to("", 1);
  auto batch = submit_to(x, "u7", "n7");
  EXPECT_EQ(batch.channel, (channel_key{1, person_channel_id("u1", "u7")}));
  EXPECT_EQ(batch.channel_id, "u7");
  EXPECT_EQ(batch.items.at(0).client_msg_no, "n7");
  EXPECT_EQ(batch.receivers, nullptr);
  x.flags.sync_once = true;
  EXPECT_EQ(submit_to(x, "u7", "n7").channel.id,
            person_channel_id("u1", "u7") + "____cmd");
}
