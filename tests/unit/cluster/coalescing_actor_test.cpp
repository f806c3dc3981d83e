#include "cluster/coalescing_actor.hpp"
#include "messages/actors.hpp"
#include "messages/type_ids.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <future>
#include <thread>
#include <vector>

namespace jindou::cluster {

namespace {

constexpr std::size_t senders = 4;
constexpr std::uint64_t proposals = 200'000; // of each

/// What came, by sender, and how often the host had to be let in.
struct arrivals {
  std::array<std::uint64_t, senders> next{};
  std::uint64_t all = 0;
  std::uint64_t out_of_order = 0;
  std::promise<void> complete;
};

struct busy_state {
  static constexpr const char* name = "jindou.test";
};

using base = coalescing_actor<raft_host_actor::base>;

/// Is busy behind every proposal until the writer answers.
raft_host_actor::behavior_type
always_busy(caf::stateful_actor<busy_state, base>* self, arrivals* to) {
  return {
    [=](const propose_ptr& x) {
      if (x->request != to->next[x->group]++)
        ++to->out_of_order;
      if (++to->all == senders * proposals)
        to->complete.set_value();
      self->coalesce();
    },
    [=](const flush_result_ptr&) { self->let_in(); },
    [](const applied_to&) {},
    [](atom::flush) {},
    [](atom::tick) {},
    [](atom::status) { return std::string{}; },
  };
}

void propose_all(const raft_host_actor& to, group_id sender) {
  for (std::uint64_t i = 0; i < proposals; ++i) {
    auto what = std::make_shared<propose>();
    what->group = sender;
    what->request = i;
    caf::anon_send(to, propose_ptr{std::move(what)});
    if (i % 16 == 0)
      std::this_thread::yield(); // so that all have their part of it
  }
}

} // namespace

TEST(coalescing_actor_test, loses_nothing_and_keeps_the_order_of_each_sender) {
  caf::actor_system_config cfg;
  cfg.add_message_types<caf::id_block::jindou_messages>();
  cfg.set("scheduler.max-threads", 1);
  arrivals seen;
  caf::actor_system sys{cfg};
  auto aut = sys.spawn<caf::detached>(always_busy, &seen);
  std::atomic<bool> over = false;
  std::thread writer{[&] {
    auto answer = flush_result_ptr{std::make_shared<const flush_result>()};
    while (!over) {
      caf::anon_send(aut, answer);
      std::this_thread::yield();
    }
  }};
  std::vector<std::thread> all;
  for (group_id i = 0; i < senders; ++i)
    all.emplace_back([&, i] { propose_all(aut, i); });
  for (auto& x : all)
    x.join();
  seen.complete.get_future().wait();
  over = true;
  writer.join();
  EXPECT_EQ(seen.out_of_order, 0u);
  caf::anon_send_exit(aut, caf::exit_reason::user_shutdown);
}

} // namespace jindou::cluster
