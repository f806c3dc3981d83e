#include "actors/push/recv_writer.hpp"
#include "messages/command.hpp"
#include "tests/support/recording_session.hpp"

#include <gtest/gtest.h>

using namespace jindou;
using namespace jindou::actors;

namespace {

push_content content_of(std::string from, std::string channel_id,
                        std::uint8_t type, std::uint16_t flags = 0) {
  push_content res;
  res.channel = {type, channel_id};
  res.channel_id = channel_id;
  command::append_message m;
  m.message_id = 77;
  m.from_uid = from;
  m.client_msg_no = "no";
  m.channel_id = channel_id;
  m.channel_type = type;
  m.flags = flags;
  m.payload = "hello";
  byte_vector rec;
  EXPECT_EQ(command::encode(m, rec), errc::none);
  shared_bytes bytes{std::move(rec)};
  auto body = *command::decode_append(bytes.span());
  res.items.push_back({{bytes, body, 5, 1'700'000'000'999}, 0});
  return res;
}

session_identity reader(std::uint8_t version, bool encrypted) {
  session_identity x;
  x.version = version;
  x.encrypted = encrypted;
  x.keys.key.fill('k');
  x.keys.iv.fill('i');
  return x;
}

} // namespace

TEST(recv_writer_test, names_a_person_channel_after_the_other_end) {
  auto c = content_of("alice", "bob", channel_type::person);
  EXPECT_EQ(recv_for(c, c.items[0], "bob").channel_id, "alice");
  EXPECT_EQ(recv_for(c, c.items[0], "alice").channel_id, "bob");
}

TEST(recv_writer_test, hides_the_system_account) {
  auto c = content_of("____system", "bob", channel_type::person);
  auto f = recv_for(c, c.items[0], "bob");
  EXPECT_EQ(f.from_uid, "");
  EXPECT_EQ(f.channel_id, "");
}

TEST(recv_writer_test, clears_the_red_dot_for_the_sender_only) {
  auto c = content_of("a", "g", channel_type::group,
                      command::append_flags::red_dot
                        | command::append_flags::sync_once
                        | command::append_flags::dup);
  auto other = recv_for(c, c.items[0], "b").flags;
  EXPECT_TRUE(other.red_dot);
  EXPECT_TRUE(other.sync_once);
  EXPECT_FALSE(other.dup);
  EXPECT_FALSE(recv_for(c, c.items[0], "a").flags.red_dot);
}

TEST(recv_writer_test, shows_the_stored_place_and_time) {
  auto c = content_of("a", "g", channel_type::group);
  auto f = recv_for(c, c.items[0], "b");
  EXPECT_EQ(f.message_id, 77);
  EXPECT_EQ(f.message_seq, 5u);
  EXPECT_EQ(f.timestamp, 1'700'000'000);
}

TEST(recv_writer_test, skips_the_connection_that_sent_the_message) {
  test::counting_io io;
  test::recording_session own{9, io}, other{10, io};
  auto c = content_of("a", "g", channel_type::group);
  c.items[0].origin = 9;
  recv_writer aut;
  aut.begin(c);
  EXPECT_TRUE(aut.write("a", own, reader(5, false)).frames.empty());
  EXPECT_EQ(aut.write("a", other, reader(5, false)).frames.size(), 1u);
}

TEST(recv_writer_test, encrypts_and_signs_for_each_receiver) {
  test::counting_io io;
  test::recording_session to{1, io};
  auto c = content_of("a", "g", channel_type::group);
  auto who = reader(5, true);
  recv_writer aut;
  aut.begin(c);
  auto x = wire::decode(aut.write("b", to, who).bytes.span(), 5);
  auto* d = std::get_if<wire::decoded>(&x);
  ASSERT_NE(d, nullptr);
  auto f = std::get<wire::recv_frame>(d->frame);
  wire::cipher cipher;
  cipher.use(who.keys);
  auto key = cipher.sign(wire::signed_text(f));
  EXPECT_EQ(f.msg_key, std::string_view(key.data(), key.size()));
  byte_vector plain;
  ASSERT_EQ(cipher.decrypt(as_bytes(f.payload), plain), errc::none);
  EXPECT_EQ(as_text(plain), "hello");
}

TEST(recv_writer_test, remembers_only_what_is_stored) {
  test::counting_io io;
  test::recording_session to{1, io};
  recv_writer aut;
  auto stored = content_of("a", "g", channel_type::group);
  aut.begin(stored);
  EXPECT_TRUE(aut.write("b", to, reader(5, false)).frames[0].remember);
  auto passing = content_of("a", "g", channel_type::group,
                            command::append_flags::no_persist);
  aut.begin(passing);
  EXPECT_FALSE(aut.write("b", to, reader(5, false)).frames[0].remember);
}

TEST(recv_writer_test, shares_bytes_among_those_who_read_the_same) {
  test::counting_io io;
  test::recording_session one{1, io}, two{2, io};
  auto c = content_of("a", "g", channel_type::group);
  recv_writer aut;
  aut.begin(c);
  auto first = aut.write("b", one, reader(5, false)).bytes;
  EXPECT_EQ(aut.write("c", two, reader(5, false)).bytes.data(), first.data());
  auto old = aut.write("d", two, reader(4, false)).bytes;
  EXPECT_NE(old.data(), first.data()) << "version 4 writes other bytes";
  EXPECT_EQ(aut.write("e", one, reader(5, false)).bytes.data(), first.data());
  aut.begin(c);
  EXPECT_EQ(as_text(aut.write("b", one, reader(5, false)).bytes.span()),
            as_text(first.span()));
}

TEST(recv_writer_test, shares_nothing_that_looks_different_for_a_receiver) {
  test::counting_io io;
  test::recording_session one{1, io}, two{2, io};
  recv_writer aut;
  auto group
    = content_of("a", "g", channel_type::group, command::append_flags::red_dot);
  aut.begin(group);
  auto other = aut.write("b", one, reader(5, false)).bytes;
  auto own = aut.write("a", two, reader(5, false)).bytes;
  EXPECT_NE(as_text(own.span()), as_text(other.span())) << "no red dot";
  auto secret = aut.write("c", two, reader(5, true)).bytes;
  EXPECT_NE(as_text(secret.span()), as_text(other.span()));

  auto person = content_of("a", "b", channel_type::person);
  aut.begin(person);
  auto to_b = aut.write("b", one, reader(5, false)).bytes;
  auto to_a = aut.write("a", two, reader(5, false)).bytes;
  EXPECT_NE(as_text(to_a.span()), as_text(to_b.span()));
}

TEST(recv_writer_test, names_the_stream_of_a_message) {
  test::counting_io io;
  test::recording_session to{1, io};
  auto c = content_of("a", "g", channel_type::group);
  c.items[0].stored.body.setting = 0x02; // the stream bit
  c.items[0].stream_no = "stream";
  recv_writer aut;
  aut.begin(c);
  auto old = wire::decode(aut.write("b", to, reader(4, false)).bytes.span(), 4);
  auto& f = std::get<wire::recv_frame>(std::get<wire::decoded>(old).frame);
  EXPECT_EQ(f.stream_no, "stream");
  EXPECT_EQ(f.stream_id, 77u);
  auto json = reader(5, false);
  json.json_rpc = true;
  auto text = as_text(aut.write("b", to, json).bytes.span());
  EXPECT_NE(text.find(R"("streamNo":"stream")"), std::string_view::npos);
  EXPECT_NE(text.find(R"("streamId":"stream")"), std::string_view::npos);
}
