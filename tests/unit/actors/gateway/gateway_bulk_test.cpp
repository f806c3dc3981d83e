#include "tests/unit/actors/gateway/gateway_fixture.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

using namespace jindou;
using namespace jindou::test;

namespace {

class gateway_bulk_test : public gateway_fixture {
protected:
  void SetUp() override {
    options.bounds.bulk_window = 20;
    start();
    on_batch = [this](const user_delivery_ptr& x) {
      auto& first = x->content.events.front();
      auto* f = std::get_if<wire::send_frame>(&first);
      if (f != nullptr && f->payload == "stop") {
        stands.release();
        EXPECT_TRUE(go_on.try_acquire_for(patience));
      }
      if (f != nullptr)
        x->answer(errc::none); // taken; the SENDACKs come later
      else
        answer(x);
    };
  }

  /// SENDs of `uid` that have reached its user. Under mx, as batches are.
  std::size_t sends_of(std::string_view uid) {
    std::size_t n = 0;
    for (auto& x : batches)
      if (x->content.uid == uid)
        for (auto& e : x->content.events)
          n += std::holds_alternative<wire::send_frame>(e) ? 1U : 0U;
    return n;
  }

  /// The same, for a look without `wait_until`, which holds mx.
  std::size_t sends_now_of(std::string_view uid) {
    std::lock_guard guard{mx};
    return sends_of(uid);
  }

  /// Waits for what no batch tells.
  template <class F>
  static void poll_until(F done) {
    auto end = std::chrono::steady_clock::now() + patience;
    while (!done()) {
      ASSERT_LT(std::chrono::steady_clock::now(), end);
      std::this_thread::yield();
    }
  }

  /// Waits until sessions have begun to wait for their turn `n` times.
  void see_waits(std::uint64_t n) {
    poll_until([&] { return count(counter::bulk_waits) >= n; });
  }

  /// Has the io thread find `n` SENDs of 500 bytes in one read.
  void flood(test_client& from, std::uint32_t n) {
    byte_vector bytes;
    for (std::uint32_t i = 1; i <= n; ++i)
      bytes = bytes + bytes_of(send_of(i, std::string(500, 'x')));
    from.send(send_of(n + 1, "stop"));
    ASSERT_TRUE(stands.try_acquire_for(patience));
    from.send(bytes);
    go_on.release();
  }

  std::binary_semaphore stands{0}; // the io thread waits for `go_on`
  std::binary_semaphore go_on{0};
};

/// A flood has the whole window, 40 of its SENDs wait, and there is another.
class beside_a_flood_test : public gateway_bulk_test {
protected:
  void SetUp() override {
    gateway_bulk_test::SetUp();
    flooder = std::make_unique<test_client>(door->tcp_address());
    other = std::make_unique<test_client>(door->tcp_address());
    flooder->login("flooder");
    other->login("other");
    flood(*flooder, 60);
    wait_until([&] { return sends_of("flooder") == 21; });
  }

  std::unique_ptr<test_client> flooder;
  std::unique_ptr<test_client> other;
};

} // namespace

TEST_F(beside_a_flood_test, holds_back_a_flood_and_nobody_else) {
  for (std::uint32_t i = 1; i <= 5; ++i) {
    other->send(send_of(i));
    wait_until([&] { return sends_of("other") == i; });
  }
  EXPECT_EQ(sends_now_of("flooder"), 21U);
  session_of("flooder")->answered(20);
  wait_until([&] { return sends_of("flooder") == 41; });
  session_of("flooder")->answered(20);
  wait_until([&] { return sends_of("flooder") == 61; });
  EXPECT_GE(count(counter::bulk_waits), 1U);
}

TEST_F(gateway_bulk_test, lets_floods_take_turns) {
  test_client one{door->tcp_address()};
  test_client two{door->tcp_address()};
  one.login("one");
  two.login("two");
  flood(one, 60);
  wait_until([&] { return sends_of("one") == 21; });
  flood(two, 60);
  see_waits(2);
  EXPECT_EQ(sends_now_of("two"), 1U);
  session_of("one")->answered(20); // it has asked before `two`
  wait_until([&] { return sends_of("one") == 41; });
  session_of("one")->answered(20);
  wait_until([&] { return sends_of("two") == 21; });
  EXPECT_EQ(sends_now_of("one"), 41U);
  session_of("two")->answered(20);
  wait_until([&] { return sends_of("one") == 61; });
}

TEST_F(gateway_bulk_test, gives_the_room_of_a_session_that_is_gone_to_others) {
  auto gone = std::make_unique<test_client>(door->tcp_address());
  test_client two{door->tcp_address()};
  gone->login("gone");
  two.login("two");
  flood(*gone, 60);
  wait_until([&] { return sends_of("gone") == 21; });
  flood(two, 60);
  see_waits(2);
  auto session = session_of("gone");
  session->close(wire::reason::connect_kick, "", std::chrono::milliseconds{0});
  gone.reset();
  poll_until([&] { return door->connection_count() == 1; });
  session->answered(20); // the log knows nothing of sockets
  wait_until([&] { return sends_of("two") == 21; });
  EXPECT_EQ(sends_now_of("gone"), 21U);
}

TEST_F(beside_a_flood_test, goes_by_another_bound_when_told_to) {
  auto bounds = options.bounds;
  bounds.bulk_window = 50;
  door->change_limits(bounds); // seen at the next sweep
  wait_until([&] { return sends_of("flooder") == 51; });
}

TEST_F(beside_a_flood_test, takes_no_large_message_for_a_flood) {
  other->send(send_of(1, std::string(20'000, 'x')));
  wait_until([&] { return sends_of("other") == 1; });
  EXPECT_EQ(sends_now_of("flooder"), 21U);
}

TEST_F(beside_a_flood_test, takes_what_needs_no_place_from_a_flood) {
  other->send(send_of(1)); // so that one is unanswered
  wait_until([&] { return sends_of("other") == 1; });
  byte_vector bytes;
  for (auto i = 0; i < 1'000; ++i)
    bytes = bytes + bytes_of(wire::recvack_frame{});
  other->send(bytes); // as long a read as that of a flood
  poll_until([&] { return count(counter::recvacks) >= 1'000; });
  other->send(wire::ping_frame{});
  wait_until(
    [&] { return !batches.empty() && batches.back()->content.uid == "other"; });
}
