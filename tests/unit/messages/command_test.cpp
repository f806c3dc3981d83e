#include "messages/command.hpp"
#include "messages/limits.hpp"

#include <gtest/gtest.h>

#include <iomanip>
#include <sstream>

using namespace jindou;

namespace {

std::string hex(byte_span bytes) {
  std::ostringstream out;
  for (auto b : bytes)
    out << std::hex << std::setw(2) << std::setfill('0') << static_cast<int>(b);
  return out.str();
}

command::append_message sample_message() {
  command::append_message res;
  res.message_id = 0x0102030405060708;
  res.expire = 60;
  res.channel_type = channel_type::group;
  res.setting = 0x80;
  res.flags = command::append_flags::red_dot;
  res.from_uid = "u1";
  res.client_msg_no = "n1";
  res.channel_id = "g1";
  res.topic = "t";
  res.payload = "hello";
  return res;
}

/// One of each, with the hex of its body (record from byte 40 on).
struct golden {
  command::any cmd;
  std::string body;
};

std::vector<golden> goldens() {
  using namespace command;
  channel_key g1{2, "g1"};
  auto numbered = sample_message();
  numbered.chan_no = 5;
  numbered.channel_id = {};
  return {
    {sample_message(),
     "0807060504030201000000003c00000002000200020001000500000002800200"
     "75316e3167317468656c6c6f"},
    {numbered,
     "0807060504030201050000003c00000002000200000001000500000002800200"
     "75316e317468656c6c6f"},
    {channel_put{g1, channel_flags::exists | channel_flags::large, true},
     "0102020067312100000001"},
    {channel_disband{g1}, "010202006731"},
    {members_add{g1, command::list::deny, true, {"a", "bc"}},
     "0102020067310101020001006102006263"},
    {members_remove{g1, command::list::allow, {"a"}},
     "010202006731020100010061"},
    {members_clear{g1, command::list::subscriber}, "01020200673100"},
    {user_put{"u1", "p"}, "0102007531010070"},
    {device_put{"u1", 1, device_level::master, "tok"},
     "0102007531010103000000746f6b"},
    {conversation_put{"u1", g1, 1, 9, 3, conversation_put::mode::raise},
     "01020075310202006731010900000000000000030000000000000002"},
    {conversation_drop{"u1", g1}, "01020075310202006731"},
    {control_put{"slots", "xyz"}, "010500736c6f74730300000078797a"},
  };
}

byte_vector encoded(const command::any& cmd) {
  byte_vector res;
  EXPECT_EQ(command::encode(cmd, res), errc::none);
  return res;
}

} // namespace

TEST(command_test, keeps_the_golden_bytes_of_every_command) {
  for (auto& [cmd, body] : goldens()) {
    auto rec = encoded(cmd);
    EXPECT_EQ(hex(byte_span{rec}.subspan(record::head_bytes)), body);
    auto head = std::string(24, '0') + "02" // kind command
                + hex(byte_span{rec}.subspan(13, 1)) + std::string(52, '0');
    EXPECT_EQ(hex(byte_span{rec}.first(record::head_bytes)), head);
    EXPECT_EQ(static_cast<int>(rec[13]), static_cast<int>(command::op_of(cmd)));
  }
}

TEST(command_test, reads_back_every_command) {
  for (auto& [cmd, body] : goldens()) {
    auto rec = encoded(cmd);
    auto back = command::decode(rec);
    ASSERT_TRUE(back) << body;
    EXPECT_EQ(*back, cmd) << body;
  }
}

TEST(command_test, covers_every_alternative_with_its_own_code) {
  EXPECT_EQ(command::op_of(command::append_message{}),
            command::op::append_message);
  EXPECT_EQ(command::op_of(command::members_add{}), command::op::members_add);
  EXPECT_EQ(command::op_of(command::control_put{}), command::op::control_put);
  EXPECT_EQ(std::variant_size_v<command::any>, 11U);
}

TEST(command_test, refuses_every_shortened_and_every_lengthened_record) {
  for (auto& [cmd, body] : goldens()) {
    auto rec = encoded(cmd);
    for (std::size_t n = 0; n < rec.size(); ++n)
      EXPECT_FALSE(command::decode(byte_span{rec}.first(n))) << body << n;
    rec.push_back(std::byte{0});
    EXPECT_FALSE(command::decode(rec)) << body;
  }
}

TEST(command_test, accepts_a_changed_byte_only_as_another_valid_command) {
  for (auto& [cmd, body] : goldens()) {
    auto rec = encoded(cmd);
    for (std::size_t i = 12; i < rec.size(); ++i) {
      for (int x = 1; x < 256; ++x) {
        auto bad = rec;
        bad[i] ^= static_cast<std::byte>(x);
        auto back = command::decode(bad);
        if (!back)
          continue;
        auto again = encoded(*back); // what is accepted has exactly one form
        ASSERT_EQ(again[13], bad[13]);
        ASSERT_EQ(hex(byte_span{again}.subspan(record::head_bytes)),
                  hex(byte_span{bad}.subspan(record::head_bytes)));
      }
    }
  }
}

TEST(command_test, leaves_the_id_out_when_the_number_is_known) {
  auto msg = sample_message();
  msg.chan_no = 5;
  auto rec = encoded(msg);
  auto back = command::decode_append(rec);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->chan_no, 5U);
  EXPECT_EQ(back->channel_id, "");
  EXPECT_EQ(back->topic, "t");
}

TEST(command_test, needs_244_bytes_for_a_usual_message) {
  auto msg = sample_message();
  std::string payload(128, 'x');
  msg.from_uid = "user12345678"; // 12
  msg.client_msg_no = "0123456789abcdef0123456789abcdef";
  msg.topic = {};
  msg.chan_no = 1;
  msg.payload = payload;
  EXPECT_EQ(encoded(msg).size(), 244U);
}

TEST(command_test, reads_only_messages_on_the_hot_path) {
  auto rec = encoded(command::user_put{"u1", ""});
  EXPECT_FALSE(command::decode_append(rec));
  auto msg = encoded(sample_message());
  auto back = command::decode_append(msg);
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, sample_message());
  msg[12] = static_cast<std::byte>(record::kind::noop);
  EXPECT_FALSE(command::decode_append(msg));
}

TEST(command_test, leaves_the_block_unchanged_when_a_command_is_too_large) {
  byte_vector out = encoded(sample_message());
  auto before = out;
  auto msg = sample_message();
  std::string payload(limits::command_bytes_max, 'x');
  msg.payload = payload;
  EXPECT_EQ(command::encode(msg, out), errc::too_large);
  EXPECT_EQ(out, before);
  std::string name(70'000, 'n');
  EXPECT_EQ(command::encode(command::user_put{name, ""}, out), errc::too_large);
  EXPECT_EQ(out, before);
  std::vector<std::string> uids(limits::uids_per_command_max + 1, "u");
  EXPECT_EQ(
    command::encode(
      command::members_add{{2, "g"}, command::list::deny, false, uids}, out),
    errc::too_large);
  EXPECT_EQ(out, before);
}

TEST(command_test, puts_many_commands_into_one_block) {
  byte_vector out;
  std::vector<std::size_t> ends;
  auto all = goldens();
  for (auto& g : all) {
    ASSERT_EQ(command::encode(g.cmd, out), errc::none);
    ends.push_back(out.size());
  }
  std::size_t begin = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    auto rec = byte_span{out}.subspan(begin, ends[i] - begin);
    auto back = command::decode(rec);
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, all[i].cmd);
    begin = ends[i];
  }
}
