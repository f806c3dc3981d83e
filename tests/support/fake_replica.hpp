#pragma once

#include "messages/actors.hpp"
#include "messages/channel_id.hpp"
#include "messages/cluster.hpp"

#include <caf/actor_system.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace jindou::test {

/// What the fake replica knows and does; the test changes it.
struct replica_script {
  std::map<channel_key, channel_view> channels;
  /// (owner, sender)
  std::map<std::pair<std::string, std::string>, person_view> persons;
  std::map<std::string, user_view> users;
  /// Answers every proposal with this error.
  errc refuse = errc::none;
  /// Keeps proposals back until `release`.
  bool hold = false;
  /// Answers reads with an error.
  errc read_error = errc::none;
  std::vector<propose_ptr> held;
  std::vector<propose_ptr> proposals;
  std::map<std::uint32_t, message_seq> last_seq;
  std::map<std::string, std::uint32_t, std::less<>> chan_nos;

  /// Number of the channel of a record: written there, or given now.
  std::uint32_t chan_no_of(const command::append_message& m) {
    if (m.chan_no != 0)
      return m.chan_no;
    auto next = static_cast<std::uint32_t>(chan_nos.size() + 1);
    return chan_nos.try_emplace(std::string{m.channel_id}, next).first->second;
  }

  std::size_t reads = 0;
};

using script_ptr = std::shared_ptr<replica_script>;

/// Applies what was proposed as a replica of one channel after another would:
/// seqs from 1 without a gap, client message numbers not looked at.
inline void apply_proposal(replica_script& script, const propose& x) {
  auto res = std::make_shared<applied_batch>();
  res->request = x.request;
  res->error = script.refuse;
  std::uint32_t begin = 0;
  for (auto end : x.ends) {
    byte_span rec{x.block->data() + begin, end - begin};
    begin = end;
    if (script.refuse != errc::none)
      continue;
    command::applied one;
    one.log_time = 1'700'000'000'000;
    if (auto m = command::decode_append(rec)) {
      one.message_id = m->message_id;
      one.chan_no = script.chan_no_of(*m);
      one.seq = ++script.last_seq[one.chan_no];
    }
    res->results.push_back(one);
  }
  caf::anon_send(x.from, applied_ptr{res});
}

inline raft_host_actor::behavior_type fake_host(raft_host_actor::pointer,
                                                script_ptr script) {
  return {
    [script](const propose_ptr& x) {
      script->proposals.push_back(x);
      if (script->hold)
        script->held.push_back(x);
      else
        apply_proposal(*script, *x);
    },
    [](const flush_result_ptr&) {},
    [](applied_to) {},
    [](atom::flush) {},
    [](atom::tick) {},
    [](atom::status) { return std::string{"fake"}; },
  };
}

template <class T, class Map, class Key>
void answer_read(replica_script& script, const reply_ptr<T>& to, const Map& map,
                 const Key& key) {
  ++script.reads;
  if (script.read_error != errc::none)
    return to->answer(script.read_error);
  auto i = map.find(key);
  to->answer(i == map.end() ? T{} : i->second);
}

inline applier_actor::behavior_type fake_applier(applier_actor::pointer,
                                                 script_ptr script) {
  return {
    [](const apply_order_ptr&) {},
    [](const cut_work_ptr&) {},
    [script](const fetch_user_ptr& x) {
      answer_read(*script, x->answer, script->users, x->uid);
    },
    [script](const fetch_channel_ptr& x) {
      answer_read(*script, x->answer, script->channels, x->channel);
    },
    [script](const fetch_person_ptr& x) {
      answer_read(*script, x->answer, script->persons,
                  std::pair{x->owner, x->sender});
    },
    [](const history_request_ptr& x) { x->answer->answer(history{}); },
    [](atom::tick) {},
    [](atom::status) { return std::string{"fake"}; },
  };
}

/// A map that leads every slot to one fake host and applier.
inline slot_map_ptr fake_slots(caf::actor_system& sys,
                               const script_ptr& script) {
  auto res = std::make_shared<slot_map>();
  res->versions = std::make_shared<slot_versions>();
  for (slot_id s = 0; s < limits::slots; ++s)
    res->group_of[s] = initial_group_of(s, limits::data_groups);
  group_ports ports{sys.spawn(fake_host, script),
                    sys.spawn(fake_applier, script)};
  res->groups.assign(limits::data_groups + 1, ports);
  return res;
}

/// Lets everything that is held back be applied, in order.
inline void release(replica_script& script) {
  for (auto& x : std::exchange(script.held, {}))
    apply_proposal(script, *x);
}

} // namespace jindou::test
