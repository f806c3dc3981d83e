#include "apps/node/proposer.hpp"

#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <map>

namespace jindou::app {

namespace {

class proposer_state {
public:
  static constexpr const char* name = "jindou.http-proposer";

  explicit proposer_state(http_proposer_actor::pointer self) : self_(self) {
    // nop
  }

  void start(slot_map_ptr slots) {
    slots_ = std::move(slots);
  }

  void on_order(const proposal_order_ptr& x) {
    auto msg = std::make_shared<propose>();
    msg->block = std::make_shared<byte_vector>();
    for (auto& cmd : x->commands) {
      if (auto e = command::encode(cmd, *msg->block); e != errc::none)
        return x->answer->answer(e);
      msg->ends.push_back(static_cast<std::uint32_t>(msg->block->size()));
    }
    msg->group = x->group;
    msg->request = ++last_request_;
    msg->from = http_proposer_actor{self_};
    waiting_[msg->request] = x;
    auto host = slots_->groups[msg->group].host;
    self_->send(host, std::move(msg));
  }

  void on_applied(const applied_ptr& x) {
    auto i = waiting_.find(x->request);
    if (i == waiting_.end())
      return;
    if (x->error != errc::none)
      i->second->answer->answer(x->error);
    else
      i->second->answer->answer(x->results);
    waiting_.erase(i);
  }

private:
  http_proposer_actor::pointer self_;
  slot_map_ptr slots_;
  std::uint64_t last_request_ = 0;
  std::map<std::uint64_t, proposal_order_ptr> waiting_;
};

http_proposer_actor::behavior_type
proposing(http_proposer_actor::stateful_pointer<proposer_state> self,
          slot_map_ptr slots) {
  self->state.start(std::move(slots));
  return {
    [self](const proposal_order_ptr& x) { self->state.on_order(x); },
    [self](const applied_ptr& x) { self->state.on_applied(x); },
  };
}

} // namespace

http_proposer::http_proposer(caf::actor_system& system, slot_map_ptr slots)
    : slots_(slots),
      actor_(system.spawn<caf::hidden>(proposing, std::move(slots))) {
  // nop
}

http_proposer::~http_proposer() {
  caf::anon_send_exit(actor_, caf::exit_reason::user_shutdown);
}

void http_proposer::propose(
  std::uint64_t key_hash, std::vector<command::any> commands,
  reply_ptr<std::vector<command::applied>> answer) const {
  propose_to(slots_->group_of_hash(key_hash), std::move(commands),
             std::move(answer));
}

void http_proposer::propose_to(
  group_id group, std::vector<command::any> commands,
  reply_ptr<std::vector<command::applied>> answer) const {
  caf::anon_send(actor_, std::make_shared<proposal_order>(proposal_order{
                           group, std::move(commands), std::move(answer)}));
}

} // namespace jindou::app
