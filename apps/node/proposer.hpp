#pragma once

#include "messages/actors.hpp"
#include "messages/cluster.hpp"

#include <caf/actor_system.hpp>

#include <cstdint>
#include <vector>

namespace jindou::app {

/// A proposal on behalf of the HTTP API.
struct proposal_order {
  group_id group = 0;
  std::vector<command::any> commands;
  reply_ptr<std::vector<command::applied>> answer;
};
using proposal_order_ptr = std::shared_ptr<proposal_order>;

/// Proposes commands that no user or channel queue has to order.
using http_proposer_actor = caf::typed_actor<
  // Proposes; the order's own `answer` hears the outcome.
  caf::reacts_to<proposal_order_ptr>>::extend_with<proposer_actor>;

/// Handle with a plain function in front.
class http_proposer {
public:
  http_proposer(caf::actor_system& system, slot_map_ptr slots);
  http_proposer(const http_proposer&) = delete;
  ~http_proposer();

  /// Proposes to the group of `key_hash`. Any thread.
  void propose(std::uint64_t key_hash, std::vector<command::any> commands,
               reply_ptr<std::vector<command::applied>> answer) const;

  /// Proposes to a group by number.
  void propose_to(group_id group, std::vector<command::any> commands,
                  reply_ptr<std::vector<command::applied>> answer) const;

private:
  slot_map_ptr slots_;
  http_proposer_actor actor_;
};

} // namespace jindou::app

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(jindou::app::proposal_order_ptr)
