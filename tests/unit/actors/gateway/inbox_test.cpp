#include "actors/gateway/inbox.hpp"
#include "actors/gateway/login_rules.hpp"
#include "messages/limits.hpp"
#include "tests/unit/actors/gateway/gateway_fixture.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

using namespace jindou;
using namespace jindou::test;
using actors::inbox;

namespace {

constexpr std::size_t any = 1'000;

std::uint32_t seq_of(const user_event& e) {
  return std::get<wire::send_frame>(e).client_seq;
}

} // namespace

TEST(inbox_test, cuts_a_connect_and_keeps_what_follows) {
  inbox aut;
  EXPECT_FALSE(aut.cut_connect().connect);
  aut.add(bytes_of(connect_of("wukong")) + bytes_of(send_of(1)));
  auto first = aut.cut_connect();
  ASSERT_TRUE(first.connect);
  EXPECT_EQ(first.connect->uid, "wukong");
  auto x = aut.cut(5, any);
  ASSERT_EQ(x.events.size(), 1u);
  EXPECT_EQ(seq_of(x.events[0]), 1u);
  EXPECT_EQ(first.connect->uid, "wukong"); // still shares the bytes
  EXPECT_EQ(aut.size(), 0u);
}

TEST(inbox_test, sees_at_the_first_byte_that_it_is_no_connect) {
  inbox aut;
  aut.add(byte_vector{std::byte{0x30}});
  EXPECT_EQ(aut.cut_connect().verdict, errc::malformed);
}

TEST(inbox_test, keeps_the_views_of_a_batch_good) {
  inbox aut;
  std::string payload(5'000, 'y');
  aut.add(bytes_of(send_of(1, payload)) + bytes_of(send_of(2, payload)));
  auto x = aut.cut(5, any);
  aut.add(bytes_of(send_of(3, std::string(5'000, 'z'))));
  auto y = aut.cut(5, any);
  ASSERT_EQ(x.events.size(), 2u);
  EXPECT_EQ(std::get<wire::send_frame>(x.events[1]).payload, payload);
  auto* at = std::get<wire::send_frame>(x.events[1]).payload.data();
  auto bytes = as_text(x.bytes.span());
  EXPECT_TRUE(at >= bytes.data() && at < bytes.data() + bytes.size());
}

TEST(inbox_test, keeps_plain_recvacks_apart_from_what_the_user_has_to_see) {
  wire::recvack_frame plain;
  plain.message_id = 7;
  auto command = plain;
  command.flags.sync_once = true;
  auto passing = plain;
  passing.flags.no_persist = true;
  inbox aut;
  aut.add(bytes_of(plain) + bytes_of(command) + bytes_of(passing)
          + bytes_of(plain));
  auto x = aut.cut(5, any);
  EXPECT_EQ(x.acks, (std::vector<message_id>{7, 7}));
  ASSERT_EQ(x.events.size(), 2u);
  for (auto& e : x.events)
    EXPECT_TRUE(std::holds_alternative<wire::recvack_frame>(e));
  EXPECT_EQ(x.frames, 4u);
}

TEST(inbox_test, cuts_the_same_frames_however_they_come) {
  byte_vector all;
  std::mt19937 rng{20'261'125};
  constexpr std::uint32_t n = 500;
  for (std::uint32_t i = 1; i <= n; ++i)
    all = all + bytes_of(send_of(i, std::string(rng() % 300, 'p')));
  for (std::size_t most : {1u, 10u, 1'000u, 70'000u}) {
    inbox aut;
    std::uint32_t next = 1;
    for (std::size_t at = 0; at < all.size();) {
      auto size = std::min(all.size() - at, 1 + rng() % most);
      aut.add(byte_span{all}.subspan(at, size));
      at += size;
      for (auto more = true; more;) {
        auto x = aut.cut(5, 1 + rng() % 7);
        ASSERT_EQ(x.verdict, errc::none);
        for (auto& e : x.events)
          ASSERT_EQ(seq_of(e), next++);
        more = x.more;
      }
    }
    EXPECT_EQ(next, n + 1);
    EXPECT_EQ(aut.size(), 0u);
  }
}

TEST(inbox_test, stops_at_its_bounds_and_goes_on) {
  inbox aut;
  byte_vector all = bytes_of(wire::ping_frame{});
  for (std::uint32_t i = 1; i <= 150; ++i)
    all = all + bytes_of(send_of(i));
  aut.add(all);
  auto x = aut.cut(5, 3);
  EXPECT_EQ(x.events.size(), 4u); // the PING does not count
  EXPECT_EQ(x.sends, 3u);
  EXPECT_TRUE(x.more);
  x = aut.cut(5, 0);
  EXPECT_TRUE(x.more);
  EXPECT_TRUE(x.events.empty());
  x = aut.cut(5, any);
  EXPECT_EQ(x.events.size(), limits::frames_per_batch_max);
  EXPECT_TRUE(x.more);
  x = aut.cut(5, any);
  EXPECT_EQ(x.events.size(), 47u);
  EXPECT_FALSE(x.more);
}

TEST(inbox_test, counts_subscriptions_in_the_window) {
  inbox aut;
  wire::sub_frame sub;
  sub.sub_no = "s";
  sub.channel_id = "feed";
  aut.add(bytes_of(send_of(1)) + bytes_of(sub) + bytes_of(sub));
  auto x = aut.cut(5, 2);
  EXPECT_EQ(x.events.size(), 2u);
  EXPECT_EQ(x.sends, 2u);
  EXPECT_TRUE(x.more);
  auto& first = std::get<sub_request>(x.events[1]);
  EXPECT_EQ(first.frame.channel_id, "feed");
  EXPECT_EQ(first.number, 0u);
}

TEST(inbox_test, hands_out_what_stands_before_a_broken_frame) {
  inbox aut;
  aut.add(bytes_of(send_of(1)) + byte_vector{std::byte{0x00}});
  auto x = aut.cut(5, any);
  EXPECT_EQ(x.events.size(), 1u);
  EXPECT_EQ(x.verdict, errc::malformed);
}

TEST(inbox_test, gathers_a_large_frame_from_many_reads) {
  inbox aut;
  std::string payload(1'000'000, 'q');
  auto all = bytes_of(send_of(9, payload));
  for (std::size_t at = 0; at < all.size(); at += 65'536) {
    EXPECT_TRUE(aut.cut(5, any).events.empty());
    aut.add(byte_span{all}.subspan(
      at, std::min<std::size_t>(65'536, all.size() - at)));
  }
  auto x = aut.cut(5, any);
  ASSERT_EQ(x.events.size(), 1u);
  EXPECT_EQ(std::get<wire::send_frame>(x.events[0]).payload, payload);
}

TEST(login_rules_test, judges_names) {
  using actors::judge_login;
  using actors::login_verdict;
  auto verdict = [](std::string_view uid, std::string_view device = "d") {
    auto f = connect_of(uid);
    f.device_id = device;
    return judge_login(f);
  };
  EXPECT_EQ(verdict("wukong"), login_verdict::ask);
  EXPECT_EQ(verdict("孙 悟空"), login_verdict::ask);
  for (auto uid : {"", "  \t", "a@b", "#", "x&y"})
    EXPECT_EQ(verdict(uid), login_verdict::close) << uid;
  EXPECT_EQ(verdict("u", "____device"), login_verdict::refuse);
  EXPECT_EQ(verdict(std::string(1'025, 'u')), login_verdict::refuse);
  EXPECT_EQ(verdict("u", std::string(1'025, 'd')), login_verdict::refuse);
}
