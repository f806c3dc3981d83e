#include "actors/push/pusher_pool.hpp"

#include <caf/actor_pool.hpp>
#include <caf/send.hpp>

namespace jindou::actors {

namespace {

/// Picks the worker by lane: everything of one lane stays in order.
caf::actor_pool::policy by_lane() {
  return [](caf::actor_system&, caf::actor_pool::uplock& guard,
            const caf::actor_pool::actor_vec& workers,
            caf::mailbox_element_ptr& element, caf::execution_unit* unit) {
    std::uint64_t lane = 0;
    if (element->content().match_elements<push_delivery_ptr>())
      lane = element->content().get_as<push_delivery_ptr>(0)->content.lane;
    // The set may change behind the guard.
    // NOLINTNEXTLINE(performance-unnecessary-copy-initialization): strong
    auto worker = workers[lane % workers.size()];
    guard.unlock();
    worker->enqueue(std::move(element), unit);
  };
}

} // namespace

pusher_pool::pusher_pool(caf::actor_system& system, std::size_t workers,
                         std::int64_t queue_max, pusher_options options)
    : stats_(options.stats), queue_max_(queue_max), unit_(&system) {
  auto make = [&] {
    auto hdl = system.spawn<caf::hidden>(pusher, options);
    workers_.push_back(ref_of<pusher_state>(hdl));
    return caf::actor_cast<caf::actor>(hdl);
  };
  pool_ = caf::actor_pool::make(&unit_, workers, make, by_lane());
}

pusher_pool::~pusher_pool() {
  stop();
}

void pusher_pool::push(const push_delivery_ptr& x) {
  if (stopped_)
    return x->answer(errc::stopping);
  auto& worker = workers_[x->content.lane % workers_.size()];
  if (worker.place->enter(x->places(), queue_max_) != lease::door::open) {
    stats_->add(counter::pusher_queue_full);
    return x->answer(errc::busy);
  }
  x->hold(worker.place);
  caf::anon_send(pool_, x);
}

std::int64_t pusher_pool::depth() const {
  std::int64_t sum = 0;
  for (auto& x : workers_)
    sum += x.place->depth();
  return sum;
}

void pusher_pool::stop() {
  if (stopped_.exchange(true))
    return;
  for (auto& x : workers_)
    caf::anon_send_exit(x.handle, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(pool_, caf::exit_reason::user_shutdown);
}

} // namespace jindou::actors
