#pragma once

#include "actors/gateway/session_table.hpp"
#include "actors/user/user_directory.hpp"
#include "messages/channel_id.hpp"
#include "messages/wire/codec.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/fake_replica.hpp"
#include "tests/support/recording_session.hpp"

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace jindou::test {

using namespace actors;

/// Users between a fake replica and channels that the test plays.
class user_fixture : public actor_fixture {
protected:
  user_fixture() {
    services = std::make_shared<user_services>();
    services->slots = fake_slots(sys, script);
    services->stats = stats;
    services->ids = std::make_shared<id_generator>(1, 0);
    services->sessions = std::make_shared<session_table>();
    services->now_ms = [this] { return now; };
    services->manager_token = "root";
    services->submit = [this](const channel_delivery_ptr& x) {
      submitted_to.push_back(x);
      if (answer_submits)
        accept(x);
    };
    services->forget = [this](std::string_view uid, const lease* who) {
      users->forget(uid, who);
    };
    services->quarantine
      = [this](const quarantine_row& x) { set_aside.push_back(x); };
    services->build_chains();
    users = make_user_directory(sys, 100, stats, [this] { return services; });
  }

  ~user_fixture() override {
    for (auto& x : users->close())
      self->send_exit(x.handle, caf::exit_reason::kill);
    settle();
    submitted_to.clear();
    auto& ports = services->slots->groups.front();
    self->send_exit(ports.host, caf::exit_reason::kill);
    self->send_exit(ports.applier, caf::exit_reason::kill);
    settle();
  }

  /// Answers a batch as its channel would.
  static void accept(const channel_delivery_ptr& x) {
    if (auto* what = std::get_if<subscription>(&x->content)) {
      what->kept = what->wanted && what->channel.type == channel_type::data;
      return x->answer(errc::none);
    }
    auto& batch = std::get<submit_batch>(x->content);
    message_seq seq = 0;
    for (auto& item : batch.items)
      item.seq = ++seq;
    x->answer(errc::none);
  }

  void deliver(const std::string& uid, const session_ptr& from,
               std::vector<user_event> events) {
    auto places = static_cast<std::int64_t>(events.size());
    users->deliver(uid,
                   std::make_shared<user_delivery>(
                     user_batch{uid, from, {}, std::move(events)}, places,
                     [this](user_batch&, errc e) { outcomes.push_back(e); }));
  }

  std::shared_ptr<recording_session> connection() {
    return std::make_shared<recording_session>(++last_connection, io);
  }

  /// Logs `uid` in over a new connection.
  std::shared_ptr<recording_session> log_in(const std::string& uid,
                                            std::string_view token,
                                            std::string_view device = "d",
                                            std::uint8_t version = 5) {
    auto res = connection();
    wire::connect_frame f;
    f.version = version;
    f.uid = keep(uid);
    f.token = keep(token);
    f.device_id = keep(device);
    f.client_key = keep(client.public_key);
    deliver(uid, res, {connect_request{f, false}});
    settle();
    return res;
  }

  std::string_view keep(std::string_view text) {
    texts.emplace_back(text);
    return texts.back();
  }

  void know(const std::string& uid, std::string token,
            device_level level = device_level::slave) {
    script->users[uid].exists = true;
    script->users[uid].asked_device = user_view::device{level, token};
  }

  /// The reason of the one CONNACK that was written.
  static int reason(const recording_session& x) {
    auto acks = x.all<wire::connack_frame>();
    return acks.size() == 1 ? acks[0].reason : -1;
  }

  wire::send_frame plain_send(std::string_view to, std::string_view text,
                              std::uint32_t seq) {
    wire::send_frame f;
    f.client_seq = seq;
    f.channel_id = keep(to);
    f.channel_type = channel_type::person;
    f.payload = keep(text);
    f.client_msg_no = keep("n" + std::to_string(seq));
    return f;
  }

  static sub_request sub(std::string_view channel,
                         std::uint8_t type = channel_type::data,
                         std::uint8_t action = wire::sub_action::subscribe) {
    sub_request x;
    x.frame.flags.sync_once = true;
    x.frame.sub_no = "no";
    x.frame.channel_id = channel;
    x.frame.channel_type = type;
    x.frame.action = action;
    return x;
  }

  static sub_request unsub(std::string_view channel,
                           std::uint8_t type = channel_type::data) {
    return sub(channel, type, wire::sub_action::unsubscribe);
  }

  /// Reasons of all SUBACKs so far.
  static std::vector<int> sub_reasons(const recording_session& x) {
    std::vector<int> res;
    for (auto& ack : x.all<wire::suback_frame>())
      res.push_back(ack.reason);
    return res;
  }

  std::int64_t now = 1'700'000'000'000;
  counting_io io;
  connection_id last_connection = 0;
  std::deque<std::string> texts;
  wire::key_pair client = *wire::make_key_pair();
  metrics_ptr stats = std::make_shared<metrics>();
  script_ptr script = std::make_shared<replica_script>();
  std::shared_ptr<user_services> services;
  std::shared_ptr<user_directory> users;
  std::vector<channel_delivery_ptr> submitted_to;
  bool answer_submits = true;
  std::vector<errc> outcomes;
  std::vector<quarantine_row> set_aside;
};

} // namespace jindou::test
