#include "cluster/recorder.hpp"

#include <memory>
#include <utility>

namespace jindou::cluster {

recorder_actor::behavior_type
recorder(recorder_actor::stateful_pointer<recorder_state> self,
         recorder_options options) {
  self->state.start(std::move(options));
  return {
    [self](atom::tick) { self->state.on_tick(); },
    [self](const applied_ptr& x) { self->state.on_applied(x); },
  };
}

void recorder_state::start(recorder_options options) {
  options_ = std::move(options);
  on_tick();
}

void recorder_state::on_tick() {
  auto what = std::make_shared<propose>();
  what->group = options_.group;
  what->request = ++request_;
  what->from = static_cast<recorder_actor>(self_);
  what->block = std::make_shared<byte_vector>();
  auto why = command::encode(options_.what, *what->block);
  if (why != errc::none)
    return self_->quit(caf::make_error(why));
  what->ends.push_back(static_cast<std::uint32_t>(what->block->size()));
  self_->send(options_.host, std::move(what));
}

void recorder_state::on_applied(const applied_ptr& what) {
  if (what->request != request_)
    return;
  auto why = what->error;
  if (why == errc::none && !what->results.empty())
    return self_->quit(what->results.front().error == errc::none
                         ? caf::error{}
                         : caf::make_error(what->results.front().error));
  if (!retryable(why))
    return self_->quit(caf::make_error(why));
  self_->delayed_send(static_cast<recorder_actor>(self_), options_.pause,
                      atom::tick::value);
}

} // namespace jindou::cluster
