#include "messages/wire/reason.hpp"
#include "tests/unit/actors/gateway/gateway_fixture.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace jindou;
using namespace jindou::test;
using namespace std::chrono_literals;

namespace {

using clock_type = std::chrono::steady_clock;

class gateway_limits_test : public gateway_fixture {
protected:
  /// Returns how long the server takes to close `client`.
  static clock_type::duration life_of(test_client& client) {
    auto start = clock_type::now();
    client.read_all();
    return clock_type::now() - start;
  }

  static std::size_t sends_in(const user_delivery_ptr& x) {
    std::size_t n = 0;
    for (auto& e : x->content.events)
      n += std::holds_alternative<wire::send_frame>(e) ? 1 : 0;
    return n;
  }

  /// Number of SENDs that have reached users.
  std::size_t sends_seen() {
    std::size_t n = 0;
    for (auto& x : batches)
      n += sends_in(x);
    return n;
  }
};

bool is_login(const user_delivery_ptr& x) {
  return std::holds_alternative<connect_request>(x->content.events.front());
}

bool is_end(const user_delivery_ptr& x) {
  return std::holds_alternative<session_closed>(x->content.events.front());
}

} // namespace

// -- time ---------------------------------------------------------------------

TEST_F(gateway_limits_test, closes_who_says_nothing) {
  options.hello_timeout = 60ms;
  start();
  test_client tcp{door->tcp_address()};
  EXPECT_GE(life_of(tcp), 50ms);
  test_client ws{door->ws_address()};
  ws.send(as_bytes("GET / HT"));
  EXPECT_GE(life_of(ws), 50ms);
  EXPECT_TRUE(batches.empty());
}

TEST_F(gateway_limits_test, gives_the_connect_its_time_after_a_slow_upgrade) {
  options.hello_timeout = 500ms;
  start();
  auto begin = clock_type::now();
  test_client client{door->ws_address()};
  while (clock_type::now() < begin + 300ms)
    std::this_thread::yield();
  client.upgrade();
  EXPECT_GE(life_of(client), 490ms);
}

TEST_F(gateway_limits_test, gives_an_upgrade_no_more_time_than_a_login_has) {
  options.hello_timeout = 1h;
  options.connect_timeout = 60ms;
  start();
  test_client client{door->ws_address()};
  client.upgrade();
  EXPECT_GE(life_of(client), 50ms);
}

TEST_F(gateway_limits_test, closes_on_a_login_that_is_not_judged_in_time) {
  options.connect_timeout = 60ms;
  start();
  on_batch = [](const user_delivery_ptr& x) { x->answer(errc::none); };
  test_client client{door->tcp_address()};
  auto begin = clock_type::now();
  client.send(connect_of("wukong"));
  EXPECT_EQ(client.read_all(), ""); // a CONNACK would be final
  EXPECT_GE(clock_type::now() - begin, 50ms);
  // The user judges too late: nothing more comes, and nothing breaks.
  std::unique_lock guard{mx};
  auto late = batches.front()->content.from;
  guard.unlock();
  late->establish({}, actors::encoded_frame(5, false, wire::connack_frame{}));
  late->refuse(actors::encoded_frame(5, false, wire::connack_frame{}));
  EXPECT_FALSE(client.read());
  client.close();
  wait_until([this] { return closed_count == 1; }); // the user hears of it
  EXPECT_EQ(count(counter::logins_refused), 1u);
}

TEST_F(gateway_limits_test, takes_what_came_in_time_though_it_looks_late) {
  options.hello_timeout = 2s;
  start();
  std::atomic<bool> busy{false};
  on_batch = [&](const user_delivery_ptr& x) {
    if (std::holds_alternative<wire::send_frame>(x->content.events.front())) {
      busy = true; // the io thread has no time for anybody
      auto end = clock_type::now() + options.hello_timeout + 100ms;
      while (clock_type::now() < end)
        std::this_thread::yield();
    }
    answer(x);
  };
  test_client busy_one{door->tcp_address()};
  busy_one.login("busy");
  // More than the io thread hears of at once.
  std::vector<std::unique_ptr<test_client>> clients;
  for (int i = 0; i < 300; ++i)
    clients.push_back(std::make_unique<test_client>(door->tcp_address()));
  while (count(counter::connections_accepted) < 301)
    std::this_thread::yield();
  busy_one.send(wire::ping_frame{});
  ASSERT_TRUE(busy_one.read()); // behind the start of all others
  busy_one.send(send_of(1));
  while (!busy)
    std::this_thread::yield();
  auto soon = clock_type::now() + 2 * options.sweep_interval;
  while (clock_type::now() < soon) // its timer goes off first
    std::this_thread::yield();
  for (auto& x : clients)
    x->send(connect_of("u"));
  auto accepted = 0;
  for (auto& x : clients) {
    auto f = x->read();
    accepted += f && std::get<wire::connack_frame>(*f).reason == 1 ? 1 : 0;
  }
  EXPECT_EQ(accepted, 300);
}

TEST_F(gateway_limits_test, closes_an_idle_client_and_keeps_a_busy_one) {
  options.conn_idle_time = 200ms;
  start();
  test_client idle{door->tcp_address()};
  test_client busy{door->ws_address()};
  busy.upgrade();
  busy.login("busy");
  auto start = clock_type::now();
  idle.login("idle");
  bool gone = false;
  while (!gone) { // pings faster than the limit as long as the other lives
    busy.send_message(0x89, {});
    EXPECT_EQ(busy.read_message().first, 0x8au);
    std::lock_guard guard{mx};
    gone = closed_count == 1;
    ASSERT_LT(clock_type::now() - start, 5s);
  }
  EXPECT_GE(clock_type::now() - start, 190ms);
  busy.send(wire::ping_frame{});
  EXPECT_TRUE(busy.read());
}

// -- connections --------------------------------------------------------------

TEST_F(gateway_limits_test, closes_connections_beyond_the_bound_at_once) {
  options.bounds.connections_max = 2;
  start();
  test_client one{door->tcp_address()};
  test_client two{door->ws_address()};
  one.login("one");
  two.upgrade();
  test_client three{door->tcp_address()};
  EXPECT_EQ(three.read_all(), "");
  EXPECT_EQ(count(counter::connections_refused), 1u);
  one.close();
  wait_until([this] { return closed_count == 1; });
  test_client four{door->tcp_address()};
  four.login("four");
}

TEST_F(gateway_limits_test, counts_connections_by_address) {
  options.bounds.connections_per_ip_max = 1;
  start();
  test_client one{door->tcp_address()};
  one.login("one");
  test_client two{door->tcp_address()};
  EXPECT_EQ(two.read_all(), "");
  EXPECT_EQ(count(counter::connections_refused), 1u);
}

// -- window -------------------------------------------------------------------

TEST_F(gateway_limits_test, hands_over_no_more_sends_than_the_window_allows) {
  options.bounds.session_window = 4;
  start();
  std::vector<user_delivery_ptr> held; // under mx, as batches are
  on_batch = [&](const user_delivery_ptr& x) {
    if (is_login(x) || is_end(x))
      return answer(x);
    std::lock_guard guard{mx};
    held.push_back(x);
  };
  test_client client{door->tcp_address()};
  client.login("wukong");
  byte_vector bytes;
  for (std::uint32_t i = 1; i <= 10; ++i)
    bytes = bytes + bytes_of(send_of(i));
  client.send(bytes);
  wait_until([&] { return sends_seen() == 4; });
  auto from = session_of("wukong");
  ASSERT_TRUE(from);
  from->answered(1); // not enough: half of the window opens at once
  from->answered(1);
  wait_until([&] { return sends_seen() == 6; });
  from->answered(4);
  wait_until([&] { return sends_seen() == 10; });
  for (auto& x : held)
    x->answer(errc::none);
}

TEST_F(gateway_limits_test, reads_nothing_while_the_window_is_full) {
  options.bounds.session_window = 1;
  start();
  on_batch = [&](const user_delivery_ptr& x) {
    if (is_login(x))
      return answer(x);
    x->answer(errc::none); // answered later
  };
  test_client client{door->tcp_address()};
  client.login("wukong");
  client.send(bytes_of(send_of(1)) + bytes_of(send_of(2)));
  wait_until([&] { return sends_seen() == 1; });
  auto reads = count(counter::socket_reads);
  client.send(send_of(3));
  auto from = session_of("wukong");
  from->answered(1);
  wait_until([&] { return sends_seen() == 2; });
  EXPECT_EQ(count(counter::socket_reads), reads);
  from->answered(1);
  wait_until([&] { return sends_seen() == 3; });
}

TEST_F(gateway_limits_test, answers_sends_that_no_user_takes) {
  start();
  on_batch = [&](const user_delivery_ptr& x) {
    if (is_login(x) || is_end(x))
      return answer(x);
    x->answer(errc::busy);
  };
  for (auto websocket : {false, true}) {
    test_client client{websocket ? door->ws_address() : door->tcp_address()};
    if (websocket)
      client.upgrade();
    client.login("wukong");
    wire::sub_frame sub;
    sub.sub_no = "s";
    for (wire::frame f : {wire::frame{send_of(5)}, wire::frame{sub},
                          wire::frame{wire::ping_frame{}}})
      client.send(f);
    auto ack = client.read();
    ASSERT_TRUE(ack);
    auto& sendack = std::get<wire::sendack_frame>(*ack);
    EXPECT_EQ(sendack.client_seq, 5u);
    EXPECT_EQ(sendack.message_id, 4'711);
    EXPECT_EQ(sendack.reason, 22);
    ack = client.read();
    ASSERT_TRUE(ack);
    EXPECT_EQ(std::get<wire::suback_frame>(*ack).reason, 22);
    ack = client.read();
    ASSERT_TRUE(ack);
    EXPECT_TRUE(std::holds_alternative<wire::pong_frame>(*ack));
  }
  EXPECT_EQ(count(counter::sends_refused), 2u);
}

TEST_F(gateway_limits_test, answers_what_a_dying_user_drops) {
  start();
  on_batch = [&](const user_delivery_ptr& x) {
    if (is_login(x) || is_end(x))
      return answer(x);
  };
  test_client client{door->tcp_address()};
  client.login("wukong");
  client.send(send_of(5));
  wait_until([&] { return sends_seen() == 1; });
  {
    std::lock_guard guard{mx};
    batches.clear(); // drops the delivery unanswered
  }
  auto ack = client.read();
  ASSERT_TRUE(ack);
  EXPECT_EQ(std::get<wire::sendack_frame>(*ack).reason, 15);
}

TEST_F(gateway_limits_test, reports_an_end_until_it_is_taken) {
  start();
  int tries = 0;
  on_batch = [&](const user_delivery_ptr& x) {
    if (is_end(x) && ++tries < 5)
      return x->answer(errc::busy);
    answer(x);
  };
  test_client client{door->tcp_address()};
  client.login("wukong");
  client.close();
  wait_until([this] { return closed_count == 5; });
  EXPECT_EQ(table.session_count(), 0u);
  EXPECT_TRUE(door->join(5s));
  EXPECT_EQ(tries, 5);
}

// -- slow readers -------------------------------------------------------------

namespace {

shared_bytes large_recv() {
  std::string payload(100'000, 'x');
  wire::recv_frame recv;
  recv.payload = payload;
  return actors::encoded_frame(5, false, recv);
}

} // namespace

TEST_F(gateway_limits_test, closes_on_a_slow_reader_without_a_disconnect) {
  options.outbox_bytes_max = 1 << 20;
  options.close_grace = 10s; // the client reads on in time
  start();
  test_client client{door->tcp_address()};
  client.shrink();
  client.login("wukong");
  auto from = session_of("wukong");
  auto block = large_recv();
  std::size_t pushed = 0;
  auto last = session::pushed::wake;
  while (last == session::pushed::wake || last == session::pushed::queued) {
    last = from->send(block, from);
    ASSERT_LT(++pushed, 10'000u);
  }
  EXPECT_EQ(last, session::pushed::full);
  EXPECT_EQ(from->send(block, from), session::pushed::closed);
  std::size_t received = 0;
  while (auto f = client.read()) { // after a DISCONNECT it never came back
    ASSERT_TRUE(std::holds_alternative<wire::recv_frame>(*f));
    ++received;
  }
  EXPECT_LT(received, pushed - 5);  // what waited was dropped
  EXPECT_EQ(client.read_all(), ""); // and no frame was cut in two
  client.close();
  wait_until([this] { return closed_count == 1; });
  EXPECT_EQ(count(counter::slow_readers_closed), 1u);
}

TEST_F(gateway_limits_test, a_kicked_slow_reader_gets_its_last_words) {
  options.outbox_bytes_max = 64 << 20; // more than all sockets take
  options.close_grace = 10s;
  start();
  test_client client{door->tcp_address()};
  client.shrink();
  client.login("wukong");
  auto from = session_of("wukong");
  auto block = large_recv();
  for (int i = 0; i < 300; ++i)
    ASSERT_NE(from->send(block, from), session::pushed::full);
  from->close(wire::reason::connect_kick, "login in other device", 1h);
  std::size_t pushed = 0;
  while (from->send(block, from) != session::pushed::full)
    ASSERT_LT(++pushed, 10'000u);
  auto kicked = false;
  while (!kicked) { // else it would come back and kick the other device
    auto f = client.read();
    ASSERT_TRUE(f);
    kicked = std::holds_alternative<wire::disconnect_frame>(*f);
  }
  client.close();
  wait_until([this] { return closed_count == 1; });
}

TEST_F(gateway_limits_test, cuts_off_a_reader_that_never_reads) {
  options.outbox_bytes_max = 1 << 20;
  options.close_grace = 30ms;
  start();
  test_client client{door->tcp_address()};
  client.shrink();
  client.login("wukong");
  auto from = session_of("wukong");
  shared_bytes block{byte_vector(100'000)};
  while (from->send(block, from) != session::pushed::closed)
    continue;
  wait_until([this] { return closed_count == 1; });
}

TEST_F(gateway_limits_test, resumes_writing_when_the_client_reads_on) {
  options.outbox_bytes_max = 64 << 20;
  start();
  test_client client{door->tcp_address()};
  client.shrink();
  client.login("wukong");
  auto from = session_of("wukong");
  constexpr std::uint32_t n = 300; // 30 MB: more than both sockets hold
  std::string payload(100'000, 'x');
  for (std::uint32_t i = 1; i <= n; ++i) {
    wire::recv_frame f;
    f.message_seq = i;
    f.payload = payload;
    ASSERT_NE(from->send(actors::encoded_frame(5, false, f), from),
              session::pushed::full);
  }
  for (std::uint32_t i = 1; i <= n; ++i) {
    auto f = client.read();
    ASSERT_TRUE(f);
    EXPECT_EQ(std::get<wire::recv_frame>(*f).message_seq, i);
  }
}

// -- the end ------------------------------------------------------------------

TEST_F(gateway_limits_test, says_disconnect_and_closes_after_the_linger) {
  start();
  for (auto websocket : {false, true}) {
    test_client client{websocket ? door->ws_address() : door->tcp_address()};
    if (websocket)
      client.upgrade();
    client.login("wukong");
    auto from = session_of("wukong");
    auto start = clock_type::now();
    from->close(wire::reason::connect_kick, "login in other device", 80ms);
    from->close(wire::reason::connect_kick, "only once", 1h);
    auto f = client.read();
    ASSERT_TRUE(f);
    auto& bye = std::get<wire::disconnect_frame>(*f);
    EXPECT_EQ(bye.reason, 12);
    EXPECT_EQ(bye.reason_text, "login in other device");
    EXPECT_FALSE(client.read()); // on WebSocket a close frame
    EXPECT_GE(clock_type::now() - start, 75ms);
    client.close();
    wait_until([&] { return closed_count == (websocket ? 2u : 1u); });
  }
}

TEST_F(gateway_limits_test, serves_a_kicked_client_until_its_end_comes) {
  start();
  test_client client{door->tcp_address()};
  client.login("wukong");
  auto from = session_of("wukong");
  from->close(wire::reason::connect_kick, "login in other device", 1h);
  auto f = client.read();
  ASSERT_TRUE(f);
  EXPECT_EQ(std::get<wire::disconnect_frame>(*f).reason, 12);
  client.send(send_of(7));
  f = client.read();
  ASSERT_TRUE(f) << "it was deaf";
  EXPECT_EQ(std::get<wire::sendack_frame>(*f).client_seq, 7u);
  EXPECT_EQ(closed_count, 0u);
  door->close_all(wire::reason::unknown, "", 0ms); // the node stops
  EXPECT_EQ(client.read_all(), "");
  client.close();
  EXPECT_TRUE(door->join(5s));
}

TEST_F(gateway_limits_test, answers_what_a_kicked_client_had_sent_in_time) {
  options.close_grace = 10s;
  start();
  on_batch = [&](const user_delivery_ptr& x) {
    if (sends_in(x) == 0) // SENDs are answered later
      answer(x);
  };
  test_client client{door->tcp_address()};
  client.login("wukong");
  client.send(send_of(7));
  wait_until([this] { return sends_seen() == 1; });
  auto begin = clock_type::now();
  session_of("wukong")->close(wire::reason::connect_kick, "", 20ms);
  while (clock_type::now() < begin + 100ms) // its end has come
    std::this_thread::yield();
  std::unique_lock guard{mx};
  auto late = batches.back();
  guard.unlock();
  answer(late);
  auto f = client.read();
  ASSERT_TRUE(f);
  EXPECT_EQ(std::get<wire::disconnect_frame>(*f).reason, 12);
  f = client.read();
  ASSERT_TRUE(f) << "its SENDACK was dropped";
  EXPECT_EQ(std::get<wire::sendack_frame>(*f).client_seq, 7u);
  EXPECT_FALSE(client.read());
}

TEST_F(gateway_limits_test, closes_silently_without_a_reason) {
  start();
  test_client client{door->tcp_address()};
  client.login("wukong");
  session_of("wukong")->close(wire::reason::unknown, "", 0ms);
  EXPECT_EQ(client.read_all(), "");
}

TEST_F(gateway_limits_test, ends_in_order) {
  options.io_threads = 2;
  start();
  test_client tcp{door->tcp_address()};
  test_client ws{door->ws_address()};
  tcp.login("tcp");
  ws.upgrade();
  ws.login("ws");
  auto address = door->tcp_address();
  door->stop_accepting();
  EXPECT_ANY_THROW(test_client{address});
  door->stop_reading();
  door->close_all(wire::reason::system_error, "the node stops", 0ms);
  for (auto* client : {&tcp, &ws}) {
    auto f = client->read();
    ASSERT_TRUE(f);
    EXPECT_EQ(std::get<wire::disconnect_frame>(*f).reason, 15);
    EXPECT_FALSE(client->read());
    client->close();
  }
  EXPECT_TRUE(door->join(5s));
  EXPECT_EQ(closed_count, 2u);
}

TEST_F(gateway_limits_test,
       cuts_off_at_the_deadline_and_outlives_its_sessions) {
  start();
  test_client client{door->tcp_address()};
  client.login("wukong");
  auto from = session_of("wukong");
  EXPECT_FALSE(door->join(20ms));
  EXPECT_EQ(client.read_all(), "");
  EXPECT_EQ(closed_count, 1u);
  door.reset();
  EXPECT_EQ(from->send(shared_bytes{byte_vector(1)}, from),
            session::pushed::closed);
  from->answered(1);
  from->close(wire::reason::unknown, "", 0ms);
}

TEST_F(gateway_limits_test, says_why_it_cannot_listen) {
  start();
  actors::gateway_options second = options;
  second.tcp_addr = door->tcp_address();
  auto wrong = actors::gateway{second}.start();
  EXPECT_NE(wrong.find(second.tcp_addr), std::string::npos) << wrong;
  EXPECT_NE(wrong.find("in use"), std::string::npos) << wrong;
  for (auto text : {"5100", "localhost:1", "127.0.0.1:x", "127.0.0.1:65536"}) {
    second.tcp_addr = text;
    EXPECT_NE(actors::gateway{second}.start(), "") << text;
  }
  second.tcp_addr = "";
  second.bounds.session_window = 0;
  EXPECT_EQ(actors::gateway{second}.start(),
            "session-window must be from 1 to 10000");
}
