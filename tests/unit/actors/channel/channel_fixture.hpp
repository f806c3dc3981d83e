#pragma once

#include "actors/channel/channel_directory.hpp"
#include "messages/limits.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/fake_replica.hpp"
#include "tests/support/recording_session.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace jindou::test {

using namespace actors;

/// What became of one batch.
struct outcome {
  int answers = 0;
  errc error = errc::none;
  std::vector<submit_item> items;
};

/// Channels between a fake replica and pushes that are only written down.
class channel_fixture : public actor_fixture {
protected:
  channel_fixture() {
    auto services = std::make_shared<channel_services>();
    services->slots = fake_slots(sys, script);
    services->stats = stats;
    services->ids = std::make_shared<id_generator>(1, 0);
    services->now_ms = [this] { return now; };
    services->is_system
      = [](std::string_view uid) { return uid == well_known::system_uid; };
    services->push = [this](const push_delivery_ptr& x) {
      pushes.push_back(x->content);
      x->answer(errc::none);
    };
    services->forget = [this](std::string_view key, const lease* who) {
      channels->forget(key, who);
    };
    services->quarantine
      = [this](const quarantine_row& x) { set_aside.push_back(x); };
    services->build_chains();
    slots = services->slots;
    shared = services;
    channels
      = make_channel_directory(sys, 100, stats, [this] { return shared; });
  }

  ~channel_fixture() override {
    for (auto& x : channels->close())
      self->send_exit(x.handle, caf::exit_reason::kill);
    for (auto& ports : {slots->groups.front()}) {
      self->send_exit(ports.host, caf::exit_reason::kill);
      self->send_exit(ports.applier, caf::exit_reason::kill);
    }
    settle();
  }

  static submit_item message(std::string_view text, bool no_persist = false) {
    submit_item res;
    res.payload = text;
    res.client_msg_no = text;
    res.flags.no_persist = no_persist;
    return res;
  }

  std::shared_ptr<outcome> send(std::string from, channel_key to,
                                std::vector<submit_item> items,
                                bool system_device = false,
                                event_type event = event_type::distribute,
                                session_ptr session = nullptr) {
    auto res = std::make_shared<outcome>();
    submit_batch batch;
    batch.channel = to;
    batch.channel_id = to.id;
    batch.from_uid = std::move(from);
    batch.system_device = system_device;
    batch.from = std::move(session);
    batch.event = event;
    batch.items = std::move(items);
    auto places = static_cast<std::int64_t>(batch.items.size());
    auto done = [res](channel_batch& x, errc e) {
      ++res->answers;
      res->error = e;
      res->items = std::get<submit_batch>(x).items;
    };
    channels->deliver(directory_key(to),
                      std::make_shared<channel_delivery>(
                        channel_batch{std::move(batch)}, places, done));
    return res;
  }

  std::shared_ptr<outcome> settled(std::shared_ptr<outcome> x) {
    settle();
    return x;
  }

  std::shared_ptr<outcome> order(channel_key to, command::any cmd) {
    return order(std::move(to), std::vector{std::move(cmd)});
  }

  std::shared_ptr<outcome> order(channel_key to,
                                 std::vector<command::any> commands) {
    auto res = std::make_shared<outcome>();
    channel_order x{to, event_type::channel_update, std::move(commands), {}};
    x.answer = make_reply<std::vector<command::applied>>(
      [res](result<std::vector<command::applied>> r) {
        ++res->answers;
        res->error = r ? errc::none : r.error();
      });
    channels->deliver(directory_key(to),
                      std::make_shared<channel_delivery>(
                        channel_batch{std::move(x)}, 1, nullptr));
    return res;
  }

  void group(const channel_key& key, std::vector<std::string> members) {
    script->channels[key].subscribers = std::move(members);
    script->channels[key].flags = command::channel_flags::exists;
  }

  /// Asks as the user of `uid` would for its session.
  std::shared_ptr<subscription> subscribe(std::string uid,
                                          connection_id session, channel_key to,
                                          bool wanted = true,
                                          std::int64_t places = 1) {
    auto res = std::make_shared<subscription>();
    res->verdict = errc::lost; // until it is answered
    subscription x{to, std::move(uid), session, wanted};
    auto done = [res](channel_batch& content, errc e) {
      *res = std::get<subscription>(content);
      if (e != errc::none)
        res->verdict = e;
    };
    channels->deliver(directory_key(to),
                      std::make_shared<channel_delivery>(
                        channel_batch{std::move(x)}, places, done));
    return res;
  }

  /// Everybody to whom the pushes so far go, sorted.
  std::vector<std::string> pushed_uids() const {
    std::vector<std::string> res;
    for (auto& p : pushes)
      res.insert(res.end(), p.receivers->begin(), p.receivers->end());
    std::sort(res.begin(), res.end());
    return res;
  }

  /// The sessions to which the pushes so far are bound, sorted.
  std::vector<connection_id> pushed_sessions() const {
    std::vector<connection_id> res;
    for (auto& p : pushes)
      if (p.only)
        res.insert(res.end(), p.only->begin(), p.only->end());
    std::sort(res.begin(), res.end());
    return res;
  }

  void remind_idle_ones() {
    channels->for_each(
      [&](auto&, auto& r) { self->send(r.handle, atom::idle::value); });
    settle();
  }

  std::vector<std::string> pushed_texts() const {
    std::vector<std::string> res;
    for (auto& p : pushes)
      for (auto& item : p.content->items)
        res.emplace_back(item.stored.body.payload);
    return res;
  }

  std::int64_t now = 1'700'000'000'000;
  metrics_ptr stats = std::make_shared<metrics>();
  script_ptr script = std::make_shared<replica_script>();
  slot_map_ptr slots;
  std::shared_ptr<channel_services> shared;
  std::vector<quarantine_row> set_aside;
  counting_io io;
  std::shared_ptr<channel_directory> channels;
  std::vector<push_batch> pushes;
  channel_key g{2, "g"};
};

} // namespace jindou::test
