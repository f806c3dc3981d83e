#include "actors/directory.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/replies_to.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/typed_actor.hpp>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <thread>

using namespace jindou;
using namespace jindou::actors;

namespace {

struct numbered {
  int producer = 0;
  int number = 0;
  bool poison = false;
};

using numbers = delivery<numbered>;
using numbers_ptr = delivery_ptr<numbered>;

} // namespace

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(numbers_ptr)

namespace {

using probe_atom = caf::atom_constant<caf::atom("probe")>;
using keeper_actor
  = caf::typed_actor<caf::reacts_to<numbers_ptr>, caf::reacts_to<probe_atom>>;

/// What the incarnations of one key have seen, checked by whoever handles.
struct ledger {
  std::atomic<int> inside{0};
  std::atomic<int> together{0};
  std::map<int, int> last; // touched by the one living incarnation only
  std::atomic<std::uint64_t> disorder{0};
};

struct keeper_state {
  static constexpr const char* name = "keeper";
};

using keeper_pointer = resident_pointer<keeper_actor, keeper_state>;
using keeper_directory = directory<keeper_actor, numbered>;

struct world {
  std::vector<std::shared_ptr<ledger>> ledgers;
  std::shared_ptr<keeper_directory> dir;
};

keeper_actor::behavior_type keeper(keeper_pointer self, std::string key,
                                   world* all) {
  auto seen = all->ledgers[std::stoul(key)];
  return {
    [self, seen](const numbers_ptr& x) {
      self->guarded(1, [&] {
        if (x->content.poison)
          throw std::runtime_error{"poison"};
        if (++seen->inside > 1)
          ++seen->together;
        auto& last = seen->last[x->content.producer];
        if (x->content.number <= last)
          ++seen->disorder;
        last = x->content.number;
        --seen->inside;
        x->answer(errc::none);
      });
    },
    [self, key, all](probe_atom) {
      if (self->place()->depth() != 0 || !self->place()->retire())
        return;
      all->dir->forget(key, self->place().get());
      self->quit();
    },
  };
}

} // namespace

/// Producers, a prober that makes every idle actor retire, and poisoned
/// events: each delivery is answered exactly once, in order, and never do two
/// incarnations of a key handle events side by side.
TEST(directory_test, loses_no_event_while_actors_come_and_go) {
  auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  constexpr int keys = 500;
  constexpr int producers = 3;
  constexpr int rounds = 20'000;
  world all; // before the system: outlives every actor
  caf::actor_system_config cfg;
  cfg.set("scheduler.policy", caf::atom("sharing"));
  cfg.set("scheduler.max-threads", 2);
  caf::actor_system sys{cfg};
  for (int i = 0; i < keys; ++i)
    all.ledgers.push_back(std::make_shared<ledger>());
  auto stats = std::make_shared<metrics>();
  all.dir = std::make_shared<keeper_directory>(
    directory_options{50, stats}, [&](const std::string& key) {
      auto hdl = sys.spawn<caf::lazy_init + caf::hidden>(keeper, key, &all);
      return ref_of<keeper_state>(hdl);
    });
  std::atomic<std::uint64_t> done{0}, busy{0}, lost{0}, poisoned{0};
  auto answered = [&] { return done + busy + lost; };
  std::atomic<std::uint64_t> given{0};
  auto produce = [&](int me) {
    std::mt19937 rng{seed + static_cast<unsigned>(me)};
    for (int i = 1; i <= rounds; ++i) {
      auto poison = rng() % 100 == 0;
      poisoned += poison ? 1 : 0;
      ++given;
      auto answer = [&](numbered&, errc e) {
        ++(e == errc::none ? done : e == errc::busy ? busy : lost);
      };
      all.dir->deliver(
        std::to_string(rng() % keys),
        std::make_shared<numbers>(numbered{me, i, poison}, 1, answer));
      while (i % 100 == 0 && answered() < given) // now and then all are idle
        std::this_thread::yield();
    }
  };
  std::atomic<bool> over{false};
  std::thread prober{[&] {
    while (!over) {
      auto seen = given.load();
      all.dir->for_each([](auto&, auto& r) {
        if (r.place->depth() == 0)
          caf::anon_send(r.handle, probe_atom::value);
      });
      // Who waits for answers is not held up by more and more probes.
      while (!over && given == seen)
        std::this_thread::yield();
    }
  }};
  std::vector<std::thread> threads;
  for (int i = 0; i < producers; ++i)
    threads.emplace_back(produce, i);
  for (auto& t : threads)
    t.join();
  over = true;
  prober.join();
  while (answered() < given)
    std::this_thread::yield();
  all.dir->close();
  auto sent = std::uint64_t{producers} * rounds;
  EXPECT_EQ(done + busy + lost, sent);
  EXPECT_LE(lost, poisoned);
  EXPECT_GT(stats->value(counter::users_retired), 1'000u)
    << "the test must see actors retire";
  for (auto& x : all.ledgers) {
    EXPECT_EQ(x->disorder, 0u);
    EXPECT_EQ(x->together, 0);
  }
}

TEST(directory_test, refuses_everything_after_close) {
  caf::actor_system_config cfg;
  caf::actor_system sys{cfg};
  world all;
  keeper_directory aut{
    directory_options{50, std::make_shared<metrics>()},
    [](const std::string&) { return resident_ref<keeper_actor>{}; }};
  aut.close();
  auto heard = errc::none;
  aut.deliver("1", std::make_shared<numbers>(
                     numbered{}, 1, [&](numbered&, errc e) { heard = e; }));
  EXPECT_EQ(heard, errc::stopping);
}
