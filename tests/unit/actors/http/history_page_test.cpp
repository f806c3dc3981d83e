#include "actors/http/history_page.hpp"
#include "actors/http/message_json.hpp"
#include "messages/channel_id.hpp"
#include "messages/limits.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

using namespace jindou;
using namespace jindou::actors::http;

namespace {

using order = history_range::order;

sync_request asking(message_seq start, message_seq end, bool up,
                    std::uint32_t limit) {
  sync_request out;
  out.channel = {2, "g"};
  out.start = start;
  out.end = end;
  out.up = up;
  out.limit = limit;
  return out;
}

stored_message message(message_seq seq, std::string_view payload = "hi") {
  stored_message out;
  out.seq = seq;
  out.log_time = 1'700'000'000'999;
  out.body.payload = payload;
  return out;
}

/// A channel with seqs 1...`last`, read by `request` as a store would.
history read(const sync_request& request, message_seq last) {
  history out;
  out.last_seq = last;
  auto range = range_of(request);
  if (!range)
    return out;
  auto end = range->last == 0 ? last : std::min(range->last, last);
  for (auto seq = range->first; seq <= end; ++seq)
    out.messages.push_back(message(seq));
  if (out.messages.size() > range->limit) {
    auto extra = out.messages.size() - range->limit;
    auto first = out.messages.begin();
    if (range->which == order::newest)
      out.messages.erase(first, first + static_cast<std::ptrdiff_t>(extra));
    else
      out.messages.resize(range->limit);
  }
  return out;
}

/// The seqs that are shown of ten messages, then `+` if there are more.
std::string shown(const sync_request& request) {
  auto found = read(request, 10);
  auto x = nlohmann::json::parse(history_json(request, found, 1 << 20));
  std::string out;
  for (const auto& m : x["messages"])
    out += std::to_string(m["message_seq"].get<int>()) + " ";
  return out + (x["more"] == 1 ? "+" : "");
}

} // namespace

TEST(history_page_test, reads_the_newest_without_start_and_end) {
  EXPECT_EQ(shown(asking(0, 0, false, 3)), "8 9 10 +");
  EXPECT_EQ(shown(asking(0, 0, true, 3)), "8 9 10 +");
  EXPECT_EQ(shown(asking(0, 0, false, 20)), "1 2 3 4 5 6 7 8 9 10 ");
}

TEST(history_page_test, pulls_down_from_the_start) {
  EXPECT_EQ(shown(asking(5, 0, false, 3)), "3 4 5 +");
  EXPECT_EQ(shown(asking(2, 0, false, 3)), "1 2 ");
  EXPECT_EQ(shown(asking(12, 0, false, 4)), "9 10 ");
  EXPECT_EQ(shown(asking(100, 0, false, 4)), "");
}

TEST(history_page_test, pulls_down_to_the_end_without_it) {
  EXPECT_EQ(shown(asking(8, 5, false, 10)), "6 7 8 ");
  EXPECT_EQ(shown(asking(8, 2, false, 3)), "6 7 8 +");
  EXPECT_EQ(shown(asking(8, 8, false, 3)), "");
  EXPECT_EQ(shown(asking(5, 8, false, 3)), "");
  EXPECT_EQ(shown(asking(0, 8, false, 3)), "");
}

TEST(history_page_test, pulls_up_from_the_start) {
  EXPECT_EQ(shown(asking(4, 0, true, 3)), "4 5 6 +");
  EXPECT_EQ(shown(asking(9, 0, true, 3)), "9 10 ");
  EXPECT_EQ(shown(asking(11, 0, true, 3)), "");
}

TEST(history_page_test, pulls_up_to_the_end_without_it) {
  EXPECT_EQ(shown(asking(4, 7, true, 10)), "4 5 6 ");
  EXPECT_EQ(shown(asking(4, 9, true, 2)), "4 5 +");
  EXPECT_EQ(shown(asking(0, 3, true, 10)), "1 2 ");
  EXPECT_EQ(shown(asking(4, 4, true, 10)), "");
  EXPECT_EQ(shown(asking(4, 2, true, 10)), "");
  EXPECT_EQ(shown(asking(0, 1, true, 10)), "");
}

TEST(history_page_test, reads_nothing_down_and_everything_up_without_limit) {
  EXPECT_EQ(shown(asking(0, 0, false, 0)), "");
  EXPECT_EQ(shown(asking(5, 0, false, 0)), "");
  EXPECT_EQ(shown(asking(8, 0, true, 0)), "8 9 10 ");
}

TEST(history_page_test, says_zero_of_a_channel_never_used) {
  auto request = asking(5, 2, false, 10);
  EXPECT_EQ(history_json(request, history{}, 1000),
            R"({"start_message_seq":0,"end_message_seq":0,"more":0,)"
            R"("messages":[]})");
}

TEST(history_page_test, cuts_off_what_is_too_much_and_says_so) {
  std::string large(100, 'x');
  history found;
  found.last_seq = 3;
  for (message_seq seq : {1, 2, 3})
    found.messages.push_back(message(seq, large));
  auto seqs = [&](bool up, std::size_t bytes) {
    auto x
      = nlohmann::json::parse(history_json(asking(0, 0, up, 10), found, bytes));
    EXPECT_EQ(x["more"], 1);
    std::vector<int> out;
    for (const auto& m : x["messages"])
      out.push_back(m["message_seq"]);
    return out;
  };
  EXPECT_EQ(seqs(false, 250), (std::vector<int>{2, 3}));
  EXPECT_EQ(seqs(true, 250), (std::vector<int>{1, 2}));
  EXPECT_EQ(seqs(false, 1), (std::vector<int>{3}));
}

TEST(history_page_test, parses_a_request) {
  auto x
    = parse_sync(R"({"login_uid":"u1","channel_id":"u2","channel_type":1,)"
                 R"("start_message_seq":5,"end_message_seq":2,"limit":20000,)"
                 R"("pull_mode":1,"event_summary_mode":"basic"})");
  ASSERT_TRUE(x) << x.error().text;
  EXPECT_EQ(x->channel, (channel_key{1, person_channel_id("u1", "u2")}));
  EXPECT_EQ(x->start, 5u);
  EXPECT_EQ(x->end, 2u);
  EXPECT_EQ(x->limit, limits::history_rows_max);
  EXPECT_TRUE(x->up);
  EXPECT_EQ(
    parse_sync(R"({"login_uid":"a","channel_id":"b","limit":-1})")->limit, 0u);
}

TEST(history_page_test, refuses_requests_without_reader_or_channel) {
  EXPECT_FALSE(parse_sync(R"({"channel_id":"g","channel_type":2})"));
  EXPECT_FALSE(parse_sync(R"({"login_uid":"u","channel_type":2})"));
  EXPECT_FALSE(
    parse_sync(R"({"login_uid":"u","channel_id":"g","start_message_seq":-1})"));
}

TEST(history_page_test, refuses_a_reader_whose_name_nobody_can_have) {
  std::string query{"channel_id=u2&channel_type=1&login_uid="};
  EXPECT_TRUE(parse_max_seq(query + "u1"));
  EXPECT_FALSE(parse_max_seq(query + "u%00"));
  EXPECT_FALSE(parse_max_seq(query + std::string(1'025, 'u')));
}

TEST(history_page_test, reads_command_channels_by_their_suffix) {
  auto x = parse_sync(
    R"({"login_uid":"u1","channel_id":"u2____cmd","channel_type":1})");
  ASSERT_TRUE(x);
  EXPECT_EQ(x->channel.id, person_channel_id("u1", "u2") + "____cmd");
  x = parse_sync(R"({"login_uid":"u1","channel_id":"u@a","channel_type":11})");
  EXPECT_EQ(x->channel.id, "u@a");
}

// -- a message ----------------------------------------------------------------

TEST(message_json_test, writes_every_field_in_the_order_of_v2) {
  stored_message x;
  x.seq = 7;
  x.log_time = 1'700'000'000'999;
  x.body.message_id = 9'007'199'254'740'993;
  x.body.setting = 8;
  x.body.flags = command::append_flags::red_dot
                 | command::append_flags::no_duplicate_check;
  x.body.from_uid = "u1";
  x.body.client_msg_no = "n1";
  x.body.topic = "top";
  x.body.expire = 60;
  x.body.payload = "hi";
  EXPECT_EQ(
    message_json({2, "g"}, x),
    R"({"header":{"no_persist":0,"red_dot":1,"sync_once":0},"setting":8,)"
    R"("message_id":9007199254740993,"message_idstr":"9007199254740993",)"
    R"("client_msg_no":"n1","message_seq":7,"from_uid":"u1","channel_id":"g",)"
    R"("channel_type":2,"topic":"top","expire":60,"timestamp":1700000000,)"
    R"("payload":"aGk="})");
}

TEST(message_json_test, hides_the_system_account_and_an_empty_topic) {
  auto x = message(1);
  x.body.from_uid = "____system";
  auto out = nlohmann::json::parse(message_json({2, "g"}, x));
  EXPECT_EQ(out["from_uid"], "");
  EXPECT_FALSE(out.contains("topic"));
}

TEST(message_json_test, replaces_what_is_not_utf_8) {
  auto x = message(1);
  x.body.client_msg_no = "\xff";
  auto out = nlohmann::json::parse(message_json({2, "g"}, x));
  EXPECT_EQ(out["client_msg_no"], "\xEF\xBF\xBD");
}

TEST(message_json_test, names_the_other_end_of_a_person_channel) {
  channel_key person{1, "u2@u1"};
  EXPECT_EQ(shown_channel_id(person, "u1"), "u2");
  EXPECT_EQ(shown_channel_id(person, "u2"), "u1");
  EXPECT_EQ(shown_channel_id(person, ""), "u1");
  EXPECT_EQ(shown_channel_id({1, "u@u"}, "u"), "u");
}

TEST(message_json_test, names_command_channels_as_v2_does) {
  channel_key person{1, "u2@u1____cmd"};
  EXPECT_EQ(shown_channel_id(person, "u1"), "u1____cmd");
  EXPECT_EQ(shown_channel_id(person, "u2"), "u1____cmd");
  EXPECT_EQ(shown_channel_id({2, "g____cmd"}, "u1"), "g____cmd");
}
