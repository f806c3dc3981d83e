#include "messages/wire/reason.hpp"
#include "tests/unit/actors/gateway/gateway_fixture.hpp"

#include <gtest/gtest.h>

#include <string>

using namespace jindou;
using namespace jindou::test;
using namespace std::chrono_literals;

namespace {

using gateway_test = gateway_fixture;

} // namespace

TEST_F(gateway_test, logs_in_and_answers) {
  start();
  test_client client{door->tcp_address()};
  client.login("wukong");
  client.send(send_of(7));
  auto f = client.read();
  ASSERT_TRUE(f);
  EXPECT_EQ(std::get<wire::sendack_frame>(*f).client_seq, 7u);
  client.send(wire::ping_frame{});
  f = client.read();
  ASSERT_TRUE(f);
  EXPECT_TRUE(std::holds_alternative<wire::pong_frame>(*f));
  EXPECT_EQ(door->connection_count(), 1u);
  client.close();
  wait_until([this] { return closed_count == 1; });
  EXPECT_EQ(table.session_count(), 0u);
}

TEST_F(gateway_test, reads_a_login_and_a_send_byte_by_byte) {
  start();
  test_client client{door->tcp_address()};
  auto bytes = bytes_of(connect_of("wukong")) + bytes_of(send_of(3));
  for (auto b : bytes)
    client.send({&b, 1});
  auto f = client.read();
  ASSERT_TRUE(f);
  EXPECT_EQ(std::get<wire::connack_frame>(*f).reason, 1);
  f = client.read();
  ASSERT_TRUE(f);
  EXPECT_EQ(std::get<wire::sendack_frame>(*f).client_seq, 3u);
}

TEST_F(gateway_test, keeps_what_comes_before_the_connack) {
  start();
  user_delivery_ptr pending;
  on_batch = [&](const user_delivery_ptr& x) {
    if (x->content.from->identity())
      answer(x);
    else
      pending = x;
  };
  test_client client{door->tcp_address()};
  client.send(bytes_of(connect_of("wukong")) + bytes_of(send_of(1)));
  client.send(bytes_of(send_of(2)));
  wait_until([&] { return batches.size() == 1; });
  answer(pending);
  for (auto expected : {0u, 1u, 2u}) {
    auto f = client.read();
    ASSERT_TRUE(f);
    if (expected > 0) {
      EXPECT_EQ(std::get<wire::sendack_frame>(*f).client_seq, expected);
    } else {
      EXPECT_TRUE(std::holds_alternative<wire::connack_frame>(*f));
    }
  }
}

TEST_F(gateway_test, puts_the_connack_before_earlier_pushes) {
  start();
  on_batch = [&](const user_delivery_ptr& x) {
    auto& from = x->content.from;
    auto early = actors::encoded_frame(5, false, wire::pong_frame{});
    if (!from->identity()) {
      EXPECT_EQ(from->send(early, from), session::pushed::queued);
    }
    answer(x);
  };
  test_client client{door->tcp_address()};
  client.login("wukong"); // expects the CONNACK first
  auto f = client.read();
  ASSERT_TRUE(f);
  EXPECT_TRUE(std::holds_alternative<wire::pong_frame>(*f));
}

TEST_F(gateway_test, makes_one_batch_of_the_frames_of_one_read) {
  start();
  test_client client{door->tcp_address()};
  client.login("wukong");
  byte_vector bytes;
  for (std::uint32_t i = 1; i <= 20; ++i)
    bytes = bytes + bytes_of(send_of(i));
  client.send(bytes);
  for (std::uint32_t i = 1; i <= 20; ++i) {
    auto f = client.read();
    ASSERT_TRUE(f);
    EXPECT_EQ(std::get<wire::sendack_frame>(*f).client_seq, i);
  }
  std::lock_guard guard{mx};
  ASSERT_EQ(batches.size(), 2u); // the login and all others
  EXPECT_EQ(batches[1]->content.events.size(), 20u);
  EXPECT_EQ(batches[1]->places(), 20);
}

TEST_F(gateway_test, drops_frames_that_nobody_acts_on) {
  start();
  test_client client{door->tcp_address()};
  client.login("wukong");
  client.send(bytes_of(wire::disconnect_frame{}) + bytes_of(connect_of("x"))
              + bytes_of(wire::pong_frame{}) + bytes_of(send_of(1)));
  auto f = client.read();
  ASSERT_TRUE(f);
  EXPECT_EQ(std::get<wire::sendack_frame>(*f).client_seq, 1u);
}

TEST_F(gateway_test, answers_a_refused_login_before_it_closes) {
  start();
  on_batch = [](const user_delivery_ptr& x) {
    wire::connack_frame f;
    f.reason = static_cast<std::uint8_t>(wire::reason::ban);
    if (std::holds_alternative<connect_request>(x->content.events.front()))
      x->content.from->refuse(actors::encoded_frame(5, false, f));
    x->answer(errc::none);
  };
  test_client client{door->tcp_address()};
  client.send(bytes_of(connect_of("wukong")) + bytes_of(send_of(1)));
  auto f = client.read();
  ASSERT_TRUE(f);
  EXPECT_EQ(std::get<wire::connack_frame>(*f).reason, 19);
  EXPECT_FALSE(client.read());
  client.close();
  wait_until([this] { return closed_count == 1; });
}

TEST_F(gateway_test, closes_on_a_login_that_no_user_takes) {
  start();
  auto why = errc::none;
  on_batch = [&](const user_delivery_ptr& x) {
    auto login
      = std::holds_alternative<connect_request>(x->content.events.front());
    x->answer(login ? why : errc::none);
  };
  for (auto passing : {errc::busy, errc::lost, errc::stopping}) {
    why = passing;
    test_client client{door->tcp_address()};
    client.send(connect_of("wukong"));
    EXPECT_EQ(client.read_all(), "") << "a CONNACK would be final";
  }
  EXPECT_EQ(count(counter::logins_refused), 3u);
}

TEST_F(gateway_test, closes_without_a_word_where_the_original_does) {
  start();
  auto wordless = [this](byte_span bytes) {
    test_client client{door->tcp_address()};
    client.send(bytes);
    return client.read_all();
  };
  EXPECT_EQ(wordless(bytes_of(connect_of("a@b"))), "");
  EXPECT_EQ(wordless(bytes_of(connect_of(" "))), "");
  EXPECT_EQ(wordless(bytes_of(send_of(1))), ""); // CONNECT comes first
  EXPECT_EQ(wordless(byte_vector(1)), "");
  EXPECT_TRUE(batches.empty());
}

TEST_F(gateway_test, closes_who_sends_blanks_instead_of_a_login) {
  start();
  test_client client{door->tcp_address()};
  client.send(as_bytes(std::string(1'000, ' ')));
  client.send(as_bytes("\n\t "));
  client.send(as_bytes(std::string(2'000, ' ')));
  EXPECT_EQ(client.read_all(), "");
  EXPECT_EQ(count(counter::protocol_errors), 1u);
}

TEST_F(gateway_test, refuses_the_device_of_the_system) {
  start();
  auto f = connect_of("wukong");
  f.device_id = "____device";
  test_client client{door->tcp_address()};
  client.send(f);
  auto answer = client.read();
  ASSERT_TRUE(answer);
  auto& ack = std::get<wire::connack_frame>(*answer);
  EXPECT_EQ(ack.reason, 2);
  EXPECT_TRUE(ack.has_server_version);
  EXPECT_EQ(ack.node_id, 1u);
  EXPECT_FALSE(client.read());
  EXPECT_TRUE(batches.empty());
}

TEST_F(gateway_test, handles_the_frames_before_a_broken_one) {
  start();
  test_client client{door->tcp_address()};
  client.login("wukong");
  client.send(bytes_of(send_of(1)) + byte_vector{std::byte{0xf0}});
  auto f = client.read();
  ASSERT_TRUE(f);
  EXPECT_EQ(std::get<wire::sendack_frame>(*f).client_seq, 1u);
  EXPECT_FALSE(client.read());
}

TEST_F(gateway_test, waits_for_the_answers_to_frames_before_a_broken_one) {
  start();
  user_delivery_ptr pending;
  on_batch = [&](const user_delivery_ptr& x) {
    if (std::holds_alternative<wire::send_frame>(x->content.events.front()))
      pending = x;
    else
      answer(x);
  };
  test_client client{door->tcp_address()};
  client.login("wukong");
  client.send(bytes_of(send_of(1)) + byte_vector{std::byte{0xf0}});
  wait_until([&] { return batches.size() == 2; });
  answer(pending);
  auto f = client.read();
  ASSERT_TRUE(f);
  EXPECT_EQ(std::get<wire::sendack_frame>(*f).client_seq, 1u);
  EXPECT_FALSE(client.read());
}

TEST_F(gateway_test, closes_at_the_header_of_a_frame_that_is_too_long) {
  start();
  test_client client{door->tcp_address()};
  client.login("wukong");
  // SEND of 1,048,577 bytes
  client.send(byte_vector{std::byte{0x30}, std::byte{0x81}, std::byte{0x80},
                          std::byte{0x40}});
  EXPECT_EQ(client.read_all(), "");
}
