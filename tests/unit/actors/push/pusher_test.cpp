#include "actors/gateway/session_table.hpp"
#include "actors/push/pusher.hpp"
#include "messages/command.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/recording_session.hpp"

using namespace jindou;
using namespace jindou::actors;

using uids = std::vector<std::string>;
using sessions = std::vector<connection_id>;

class pusher_test : public test::actor_fixture {
protected:
  pusher_test() {
    pusher_options options{table, stats, [] { return std::int64_t{7'000}; }};
    worker = sys.spawn(pusher, options);
  }

  ~pusher_test() override {
    self->send_exit(worker, caf::exit_reason::kill);
    settle();
  }

  std::shared_ptr<test::recording_session>
  log_in(std::string uid, device_level level = device_level::slave) {
    auto res = std::make_shared<test::recording_session>(++connections, io);
    session_identity who;
    who.uid = std::move(uid);
    who.level = level;
    who.version = wire::latest_version;
    res->establish(who, {});
    table->add(res);
    return res;
  }

  /// One stored message of a channel.
  static std::shared_ptr<push_content> content_of(std::uint8_t type,
                                                  std::string_view from) {
    auto res = std::make_shared<push_content>();
    res->channel = {type, "c"};
    res->channel_id = "c";
    command::append_message m;
    m.message_id = 77;
    m.from_uid = from;
    m.channel_id = "c";
    m.channel_type = type;
    m.payload = "hello";
    byte_vector rec;
    EXPECT_EQ(command::encode(m, rec), errc::none);
    shared_bytes bytes{std::move(rec)};
    auto body = *command::decode_append(bytes.span());
    res->items.push_back({{bytes, body, 5, 1'700'000'000'000}, 0});
    return res;
  }

  void push(std::shared_ptr<const push_content> content, uids to,
            std::shared_ptr<const sessions> only = nullptr) {
    push_batch x{std::move(content),
                 std::make_shared<const uids>(std::move(to)), std::move(only),
                 0};
    self->send(worker,
               std::make_shared<push_delivery>(std::move(x), 1, nullptr));
    settle();
  }

  static std::size_t recvs(const test::recording_session& x) {
    return x.all<wire::recv_frame>().size();
  }

  test::counting_io io;
  connection_id connections = 0;
  std::shared_ptr<session_table> table = std::make_shared<session_table>();
  metrics_ptr stats = std::make_shared<metrics>();
  pusher_actor worker;
};

TEST_F(pusher_test, reaches_all_sessions_but_the_one_that_sent) {
  auto phone = log_in("a");
  auto web = log_in("a");
  auto peer = log_in("b");
  auto content = content_of(channel_type::group, "a");
  content->items[0].origin = phone->id();
  push(content, {"a", "b"});
  EXPECT_EQ(recvs(*phone), 0u);
  EXPECT_EQ(recvs(*web), 1u);
  EXPECT_EQ(recvs(*peer), 1u);
  EXPECT_TRUE(phone->remembered.empty());
  ASSERT_EQ(web->remembered.size(), 1u) << "until it is acknowledged";
  EXPECT_EQ(web->remembered[0].id, 77u);
  EXPECT_EQ(web->remembered[0].pushed_at_ms, 7'000);
}

TEST_F(pusher_test, reaches_all_sessions_with_what_came_over_http) {
  auto phone = log_in("a");
  auto web = log_in("a");
  push(content_of(channel_type::group, "a"), {"a"});
  EXPECT_EQ(recvs(*phone), 1u);
  EXPECT_EQ(recvs(*web), 1u);
}

TEST_F(pusher_test, reaches_only_the_sessions_that_have_subscribed) {
  auto one = log_in("a", device_level::slave);
  auto two = log_in("a", device_level::slave);
  auto other = log_in("b", device_level::slave);
  push(content_of(channel_type::data, "boss"), {"a", "b", "gone"},
       std::make_shared<const sessions>(sessions{two->id(), 99}));
  EXPECT_EQ(recvs(*one), 0u);
  EXPECT_EQ(recvs(*two), 1u);
  EXPECT_EQ(recvs(*other), 0u);
  EXPECT_EQ(stats->value(counter::pushes_delivered), 1u);
  EXPECT_EQ(stats->value(counter::pushes_parked), 0u)
    << "nobody waits for a listener that has gone";
}

TEST_F(pusher_test, parks_for_whoever_has_no_master_on_line) {
  log_in("slave");
  log_in("master", device_level::master);
  push(content_of(channel_type::group, "a"), {"master"});
  EXPECT_EQ(stats->value(counter::pushes_parked), 0u);
  push(content_of(channel_type::group, "a"), {"slave"});
  EXPECT_EQ(stats->value(counter::pushes_parked), 1u) << "and delivers";
  EXPECT_EQ(stats->value(counter::pushes_delivered), 2u);
  push(content_of(channel_type::group, "a"), {"nobody", "____system"});
  EXPECT_EQ(stats->value(counter::pushes_parked), 2u)
    << "the system account is no receiver";
  push(content_of(channel_type::agent, "a"), {"slave", "nobody"});
  EXPECT_EQ(stats->value(counter::pushes_parked), 2u)
    << "agents have no device in a pocket";
}

TEST_F(pusher_test, counts_what_a_full_or_closed_session_loses) {
  auto full = log_in("a");
  auto closed = log_in("b");
  full->answer = session::pushed::full;
  closed->answer = session::pushed::closed;
  push(content_of(channel_type::group, "x"), {"a", "b"});
  EXPECT_EQ(stats->value(counter::pushes_dropped), 2u);
  EXPECT_EQ(stats->value(counter::pushes_delivered), 0u);
}

TEST_F(pusher_test, wakes_each_io_thread_once_per_batch) {
  for (int i = 0; i < 5; ++i)
    log_in("a");
  push(content_of(channel_type::group, "x"), {"a"});
  EXPECT_EQ(io.wakes, 1u);
  EXPECT_EQ(io.woken, 5u);
}
