#pragma once

#include "actors/resident.hpp"
#include "actors/salted_hash.hpp"
#include "messages/delivery.hpp"
#include "messages/metrics.hpp"

#include <caf/send.hpp>

#include <array>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace jindou::actors {

struct directory_options {
  /// Places in the queue of one actor.
  std::int64_t queue_max = 1'000;
  metrics_ptr stats;
  counter full = counter::user_queue_full;
  counter spawned = counter::users_spawned;
  counter retired = counter::users_retired;
};

/// Finds or spawns the actor of a key and hands it deliveries. Loses none: a
/// sender takes its places *before* it sends, an actor closes its door only
/// when nobody holds one, and whoever meets a closed door makes the next
/// incarnation.
template <class Handle, class Batch>
class directory {
public:
  using ref = resident_ref<Handle>;
  using spawn_fun = std::function<ref(const std::string& key)>;

  directory(directory_options options, spawn_fun spawn)
      : options_(std::move(options)), spawn_(std::move(spawn)) {
    // nop
  }

  /// Delivers or answers `errc::busy`; `errc::stopping` after `close`.
  void deliver(std::string_view key, const delivery_ptr<Batch>& x) {
    for (;;) {
      auto r = find_or_spawn(key);
      if (!r.place)
        return x->answer(errc::stopping);
      switch (r.place->enter(x->places(), options_.queue_max)) {
      case lease::door::open:
        x->hold(r.place);
        caf::anon_send(r.handle, x);
        return;
      case lease::door::full:
        options_.stats->add(options_.full);
        return x->answer(errc::busy);
      case lease::door::closed: // it retired between look-up and door
        forget(key, r.place.get());
      }
    }
  }

  /// Drops the actor behind `who`, unless the key has a newer one.
  void forget(std::string_view key, const lease* who) {
    ref dropped; // dies after the lock
    auto& s = at(key);
    std::lock_guard guard{s.mx};
    auto i = s.refs.find(key);
    if (i == s.refs.end() || i->second.place.get() != who)
      return;
    dropped = std::move(i->second);
    s.refs.erase(i);
    options_.stats->add(options_.retired);
  }

  /// Calls `f(key, ref)` for every actor, shard by shard.
  template <class F>
  void for_each(F f) const {
    for (auto& s : shards_) {
      std::vector<std::pair<std::string, ref>> copy;
      {
        std::lock_guard guard{s.mx};
        copy.assign(s.refs.begin(), s.refs.end());
      }
      for (auto& [key, r] : copy)
        f(key, r);
    }
  }

  std::size_t size() const {
    std::size_t n = 0;
    for (auto& s : shards_) {
      std::lock_guard guard{s.mx};
      n += s.refs.size();
    }
    return n;
  }

  /// Sum of the places taken in all queues.
  std::int64_t depth() const {
    std::int64_t n = 0;
    for (auto& s : shards_) {
      std::lock_guard guard{s.mx};
      for (auto& kv : s.refs)
        n += kv.second.place->depth();
    }
    return n;
  }

  /// Refuses new actors from now on and gives up those that are there.
  std::vector<ref> close() {
    closed_ = true;
    std::vector<ref> res;
    for (auto& s : shards_) {
      std::lock_guard guard{s.mx};
      for (auto& kv : s.refs)
        res.push_back(std::move(kv.second));
      s.refs.clear();
    }
    return res;
  }

private:
  using map
    = std::unordered_map<std::string, ref, salted_hash, std::equal_to<>>;

  struct shard {
    explicit shard(const salted_hash& hash) : refs(8, hash) {
      // nop
    }
    mutable std::mutex mx;
    map refs;
  };

  static constexpr std::size_t shard_count = 64;

  ref find_or_spawn(std::string_view key) {
    auto& s = at(key);
    std::lock_guard guard{s.mx};
    auto i = s.refs.find(key);
    if (i != s.refs.end())
      return i->second;
    if (closed_)
      return {};
    std::string owned{key};
    auto r = spawn_(owned); // 1 us; lazy: nothing runs under the lock
    options_.stats->add(options_.spawned);
    s.refs.emplace(std::move(owned), r);
    return r;
  }

  shard& at(std::string_view key) {
    return shards_[hash_(key) % shard_count];
  }

  static std::array<shard, shard_count> make_shards(const salted_hash& hash) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return std::array<shard, shard_count>{((void)I, shard{hash})...};
    }
    (std::make_index_sequence<shard_count>{});
  }

  directory_options options_;
  spawn_fun spawn_;
  std::atomic<bool> closed_{false};
  salted_hash hash_;
  std::array<shard, shard_count> shards_ = make_shards(hash_);
};

} // namespace jindou::actors
