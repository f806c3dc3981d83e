#pragma once

#include "actors/push/recv_writer.hpp"
#include "actors/resident.hpp"
#include "messages/actors.hpp"
#include "messages/metrics.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace jindou::actors {

class session_table;

/// What all pushers of a node share.
struct pusher_options {
  std::shared_ptr<session_table> sessions;
  metrics_ptr stats;
  /// Wall clock, milliseconds since 1970.
  std::function<std::int64_t()> now_ms;
};

/// Memory of one PUSHER: what it needs to encode without allocating.
class pusher_state {
public:
  /// Gives this actor its name in logs and in the shell.
  static constexpr const char* name = "jindou.pusher";

  void start(pusher_options options);
  void on_push(const push_delivery_ptr& x);

private:
  struct totals {
    push_counts counts;
    std::uint64_t recvs = 0;
  };

  void push_online(const push_batch& x, std::string_view uid, totals& sum);
  void push_to(const recv_block& block, session_ptr to, totals& sum);
  void park(const push_batch& x, totals& sum);
  void mark_dirty(session_ptr who);
  void wake_dirty();

  pusher_options options_;
  recv_writer writer_;
  std::int64_t now_ms_ = 0;
  std::vector<session_ptr> sessions_;
  std::vector<std::pair<io_port*, std::vector<session_ptr>>> dirty_;
  handler_metric* online_ = nullptr;
  handler_metric* batch_ = nullptr;
  handler_metric* offline_ = nullptr;
  handler_metric* ack_ = nullptr;
};

/// Creates the behavior of one PUSHER.
pusher_actor::behavior_type
pusher(resident_pointer<pusher_actor, pusher_state> self,
       pusher_options options);

} // namespace jindou::actors
