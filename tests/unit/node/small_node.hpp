#pragma once

#include "cluster/raft_host.hpp"
#include "messages/actors.hpp"
#include "messages/command.hpp"
#include "messages/history.hpp"
#include "storage/store_start.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace jindou::test {

using outcomes = std::vector<command::applied>;

/// Everything between a proposal and the disk, for real: log writer, readers,
/// applier and raft host over one data directory. No sockets, no users.
class small_node {
public:
  /// Units: `now` in ms since 1970.
  explicit small_node(const std::string& folder,
                      std::function<std::uint64_t()> now
                      = cluster::wall_clock_ms);
  small_node(const small_node&) = delete;

  /// Ends in order, unless it has been killed.
  ~small_node();

  /// Proposes commands for the group that keeps `channel`.
  std::future<result<outcomes>> propose(const channel_key& channel,
                                        const std::vector<command::any>& what);

  /// Proposes to a group and waits.
  result<outcomes> put(group_id group, const command::any& what);

  /// Reads a whole channel and waits.
  result<history> read(const channel_key& channel);

  result<channel_view> view(const channel_key& channel);
  result<user_view> view(const std::string& uid, int device_flag);

  /// Ends in order: everything is cut, the store is closed.
  void stop();

  /// Ends every actor in the middle of what it does: no cut, no farewell.
  void kill();

  const storage::start_report& report() const {
    return *report_;
  }

private:
  struct config : caf::actor_system_config {
    config();
  };

  void spawn_all(const std::string& folder);
  group_id group_of(const channel_key& channel) const;
  std::future<result<outcomes>> send(group_id group,
                                     const std::vector<command::any>& what);
  template <class T, class Message>
  result<T> ask(std::shared_ptr<Message> what);
  void end(bool in_order);

  std::function<std::uint64_t()> now_;
  config config_;
  std::unique_ptr<caf::actor_system> system_;
  std::shared_ptr<storage::start_report> report_;
  std::shared_ptr<cluster::host_status> status_;
  metrics_ptr metrics_ = std::make_shared<metrics>();
  log_writer_actor writer_;
  std::vector<reader_actor> readers_;
  applier_actor applier_;
  raft_host_actor host_;
};

/// A message made of views: the texts must live until it is encoded.
inline command::append_message
message(std::uint64_t id, const channel_key& channel, std::string_view from,
        std::string_view number, std::string_view payload) {
  command::append_message x;
  x.message_id = id;
  x.channel_type = channel.type;
  x.channel_id = channel.id;
  x.from_uid = from;
  x.client_msg_no = number;
  x.payload = payload;
  return x;
}

} // namespace jindou::test
