#include "apps/client/im_connection.hpp"
#include "tests/unit/apps/fake_server.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

using namespace jindou;
using namespace jindou::client;

namespace {

struct user final : im_connection::listener {
  explicit user(thread_kit& k) : kit(k), link(k, *this) {
    // nop
  }

  void on_login(std::uint8_t reason) override {
    login_reason = reason;
    stop_when_done();
  }

  void on_sendack(const wire::sendack_frame& f) override {
    acks.push_back(f);
    stop_when_done();
  }

  void on_recv(const wire::recv_frame& f) override {
    auto plain = link.open(f);
    texts.emplace_back(plain ? std::string{as_text(*plain)} : "damaged");
    link.acknowledge(f);
    stop_when_done();
  }

  void on_closed(std::string_view why) override {
    closed = why;
    stop_when_done();
  }

  void stop_when_done() {
    if (done && done())
      kit.io.stop();
  }

  thread_kit& kit;
  im_connection link;
  int login_reason = -1;
  std::vector<wire::sendack_frame> acks;
  std::vector<std::string> texts;
  std::string closed;
  std::function<bool()> done;
};

class im_connection_test : public testing::Test {
protected:
  /// Runs until `done` or for ten seconds.
  bool run(std::function<bool()> done) {
    a.done = b.done = done;
    kit.io.restart();
    kit.io.run_for(std::chrono::seconds{10});
    return done();
  }

  bool log_in(const endpoint& to, std::uint8_t version) {
    login who;
    who.uid = "a";
    who.version = version;
    a.link.start(to, who);
    who.uid = "b";
    b.link.start(to, who);
    return run([this] { return a.login_reason == 1 && b.login_reason == 1; });
  }

  void send(const std::string& text, std::uint32_t seq) {
    wire::send_frame f;
    f.client_seq = seq;
    f.client_msg_no = "n" + std::to_string(seq);
    auto number = "n" + std::to_string(seq);
    f.client_msg_no = number;
    f.channel_id = "b";
    f.channel_type = 1;
    f.payload = text;
    EXPECT_EQ(a.link.send(f), errc::none);
  }

  thread_kit kit;
  user a{kit};
  user b{kit};
};

} // namespace

TEST_F(im_connection_test, talks_encrypted_at_every_version) {
  for (std::uint8_t v = 1; v <= wire::latest_version; ++v) {
    thread_kit own;
    bench::test::fake_server server{kit};
    user x{kit}, y{kit};
    login who;
    who.version = v;
    who.uid = "x";
    x.link.start(server.address(), who);
    who.uid = "b";
    y.link.start(server.address(), who);
    x.done = y.done
      = [&] { return x.login_reason == 1 && y.login_reason == 1; };
    kit.io.restart();
    kit.io.run_for(std::chrono::seconds{10});
    ASSERT_TRUE(x.link.encrypted());
    wire::send_frame f;
    f.client_seq = 7;
    f.channel_id = "b";
    f.channel_type = 1;
    f.payload = "hello";
    ASSERT_EQ(x.link.send(f), errc::none);
    x.link.flush();
    x.done = y.done = [&] { return x.acks.size() == 1 && y.texts.size() == 1; };
    kit.io.restart();
    kit.io.run_for(std::chrono::seconds{10});
    ASSERT_EQ(y.texts, std::vector<std::string>{"hello"}) << int{v};
    EXPECT_EQ(x.acks.front().client_seq, 7u);
    EXPECT_EQ(x.acks.front().reason, 1);
    kit.io.poll(); // handlers of the closed sockets
  }
}

TEST_F(im_connection_test, talks_plain_to_a_server_without_encryption) {
  bench::test::fake_server server{kit, false};
  ASSERT_TRUE(log_in(server.address(), 5));
  EXPECT_FALSE(a.link.encrypted());
  send("hello", 1);
  a.link.flush();
  ASSERT_TRUE(run([this] { return b.texts.size() == 1; }));
  EXPECT_EQ(b.texts.front(), "hello");
}

TEST_F(im_connection_test, keeps_the_order_of_a_batch_of_any_size) {
  bench::test::fake_server server{kit};
  ASSERT_TRUE(log_in(server.address(), 5));
  std::vector<std::string> texts;
  for (std::uint32_t i = 1; i <= 500; ++i) {
    texts.emplace_back(i * 7, static_cast<char>('a' + i % 26)); // 3.5 KB
    send(texts.back(), i);
  }
  a.link.flush();
  ASSERT_TRUE(
    run([this] { return a.acks.size() == 500 && b.texts.size() == 500; }));
  EXPECT_EQ(b.texts, texts);
  for (std::uint32_t i = 0; i < 500; ++i)
    EXPECT_EQ(a.acks[i].client_seq, i + 1);
}

TEST_F(im_connection_test, a_damaged_message_is_noticed) {
  bench::test::fake_server server{kit};
  server.planted.damage_every = 2;
  ASSERT_TRUE(log_in(server.address(), 5));
  send("one", 1);
  send("two", 2);
  a.link.flush();
  ASSERT_TRUE(run([this] { return b.texts.size() == 2; }));
  EXPECT_EQ(b.texts, (std::vector<std::string>{"one", "damaged"}));
}

TEST_F(im_connection_test, sends_nothing_before_the_login) {
  wire::send_frame f;
  f.channel_id = "b";
  f.channel_type = 1;
  EXPECT_EQ(a.link.send(f), errc::unavailable);
}

TEST_F(im_connection_test, hears_why_a_login_was_refused) {
  bench::test::fake_server server{kit};
  login who;
  who.uid = "nobody";
  a.link.start(server.address(), who);
  ASSERT_TRUE(run([this] { return a.login_reason == 2; }));
  EXPECT_FALSE(a.link.ready());
}

TEST_F(im_connection_test, hears_that_nobody_listens) {
  endpoint free;
  {
    bench::test::fake_server gone{kit};
    free = gone.address();
  }
  a.link.start(free, {});
  ASSERT_TRUE(run([this] { return !a.closed.empty(); }));
}
