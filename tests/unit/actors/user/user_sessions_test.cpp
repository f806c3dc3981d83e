// Several sessions of one uid: who ends whom, and what is pushed again.

#include "tests/unit/actors/user/user_fixture.hpp"

#include <stdexcept>

using namespace jindou;
using namespace jindou::actors;

namespace {

step fail(login&) {
  throw std::runtime_error{"out of luck"};
}

} // namespace

class user_sessions_test : public test::user_fixture {
protected:
  /// A connection that logs in at another device flag.
  std::shared_ptr<test::recording_session> log_in_at(std::uint8_t flag,
                                                     std::string_view device) {
    auto res = connection();
    wire::connect_frame f;
    f.version = 5;
    f.device_flag = flag;
    f.uid = "u";
    f.token = "t";
    f.device_id = device;
    f.client_key = client.public_key;
    deliver("u", res, {connect_request{f, false}});
    settle();
    return res;
  }

  std::size_t sessions_of_u() {
    std::vector<session_ptr> res;
    services->sessions->append_sessions("u", res);
    return res.size();
  }

  void remind() {
    users->for_each(
      [&](auto&, auto& r) { self->send(r.handle, atom::tick::value); });
    settle();
  }
};

TEST_F(user_sessions_test, slaves_of_other_devices_live_side_by_side) {
  know("u", "t");
  auto one = log_in("u", "t", "d1");
  auto two = log_in("u", "t", "d2");
  EXPECT_TRUE(one->closes.empty());
  EXPECT_TRUE(two->closes.empty());
  EXPECT_EQ(sessions_of_u(), 2u);
}

TEST_F(user_sessions_test, the_same_device_takes_the_place_of_its_old_session) {
  for (auto level : {device_level::slave, device_level::master}) {
    know("u", "t", level);
    auto old = log_in("u", "t", "same");
    auto fresh = log_in("u", "t", "same");
    ASSERT_EQ(old->closes.size(), 1u);
    EXPECT_EQ(old->closes[0].first, 0) << "closed without DISCONNECT";
    EXPECT_TRUE(fresh->closes.empty());
    deliver("u", old, {session_closed{}});
    deliver("u", fresh, {session_closed{}});
    settle();
  }
}

TEST_F(user_sessions_test, a_master_ends_other_devices_of_its_flag_only) {
  know("u", "t", device_level::slave);
  auto same_flag = log_in_at(1, "d1");
  auto other_flag = log_in_at(0, "d2");
  know("u", "t", device_level::master);
  auto master = log_in_at(1, "d3");
  ASSERT_EQ(same_flag->closes.size(), 1u);
  EXPECT_EQ(same_flag->closes[0],
            (std::pair<int, std::string>{12, "login in other device"}));
  EXPECT_TRUE(other_flag->closes.empty());
  EXPECT_TRUE(master->closes.empty());
}

TEST_F(user_sessions_test, a_slave_does_not_end_a_master_of_another_device) {
  know("u", "t", device_level::master);
  auto master = log_in_at(1, "d1");
  know("u", "t", device_level::slave);
  auto slave = log_in_at(1, "d2");
  EXPECT_TRUE(master->closes.empty());
  EXPECT_TRUE(slave->closes.empty());
}

TEST_F(user_sessions_test, without_tokens_everybody_is_a_slave) {
  services->token_auth_on = false;
  know("u", "t", device_level::master);
  auto one = log_in("u", "", "d1");
  auto two = log_in("u", "", "d2");
  EXPECT_TRUE(one->closes.empty());
  EXPECT_EQ(two->identity()->level, device_level::slave);
}

TEST_F(user_sessions_test, a_refused_login_ends_nobody) {
  know("u", "t", device_level::master);
  auto old = log_in("u", "t", "d1");
  log_in("u", "wrong", "d2");
  client.public_key = "c2hvcnQ=";
  log_in("u", "t", "d3");
  EXPECT_TRUE(old->closes.empty());
  EXPECT_EQ(sessions_of_u(), 1u);
}

TEST_F(user_sessions_test, another_user_is_never_concerned) {
  know("u", "t", device_level::master);
  know("v", "t", device_level::master);
  auto u = log_in("u", "t", "same");
  log_in("v", "t", "same");
  EXPECT_TRUE(u->closes.empty());
}

TEST_F(user_sessions_test, the_end_of_one_session_leaves_the_others) {
  know("u", "t");
  auto one = log_in("u", "t", "d1");
  auto two = log_in("u", "t", "d2");
  deliver("u", one, {session_closed{}});
  settle();
  std::vector<session_ptr> left;
  services->sessions->append_sessions("u", left);
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(left[0], two);
}

TEST_F(user_sessions_test, pushes_again_what_is_due_with_the_first_bytes) {
  services->retry_interval = std::chrono::seconds{7};
  services->retry_max = 3;
  know("u", "t");
  auto s = log_in("u", "t");
  auto other = log_in("u", "t", "e");
  byte_vector frame;
  wire::recv_frame f;
  f.message_id = 5;
  f.timestamp = 1;
  ASSERT_EQ(wire::encode(f, 5, frame), errc::none);
  s->due.push_back({5, shared_bytes{std::move(frame)}, 0, 1});
  remind();
  EXPECT_EQ(s->due_before_ms, now - 7'000);
  EXPECT_EQ(s->due_attempts_max, 3u);
  auto again = s->all<wire::recv_frame>();
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].message_id, 5);
  EXPECT_EQ(again[0].timestamp, 1);
  EXPECT_FALSE(again[0].flags.dup);
  EXPECT_TRUE(other->all<wire::recv_frame>().empty());
  EXPECT_EQ(stats->value(counter::recvs_resent), 1u);
}

TEST_F(user_sessions_test, a_login_that_fails_inside_is_answered_with_15) {
  auto chain
    = std::make_shared<handler_chain<login>>(event_type::connect, *stats);
  chain->add("view", &user_state::fetch_login_view).add("fail", &fail);
  services->connect = chain;
  know("u", "t");
  auto s = log_in("u", "t");
  EXPECT_EQ(reason(*s), 15);
  EXPECT_TRUE(s->refused);
  EXPECT_EQ(stats->value(counter::logins_refused), 1u);
  services->build_chains();
  EXPECT_EQ(reason(*log_in("u", "t")), 1) << "the user goes on";
}

TEST_F(user_sessions_test, a_login_whose_record_cannot_be_read_may_try_again) {
  know("u", "t");
  script->read_error = errc::unavailable;
  auto s = log_in("u", "t");
  EXPECT_TRUE(s->refused);
  EXPECT_TRUE(s->written.empty()) << "a CONNACK would be final";
  EXPECT_EQ(stats->value(counter::logins_refused), 1u);
}

TEST_F(user_sessions_test, a_json_login_hears_of_a_record_that_cannot_be_read) {
  know("u", "t");
  script->read_error = errc::unavailable;
  auto s = connection();
  wire::connect_frame f;
  f.uid = "u";
  f.token = "t";
  deliver("u", s, {connect_request{f, true}});
  settle();
  EXPECT_TRUE(s->refused);
  EXPECT_NE(as_text(s->written).find("reasonCode 15"), std::string_view::npos);
}
