#pragma once

#include "messages/actors.hpp"
#include "messages/hash.hpp"
#include "messages/ids.hpp"
#include "messages/limits.hpp"

#include <array>
#include <memory>
#include <vector>

namespace jindou {

/// Who keeps one group here: whom to propose to and whom to ask.
struct group_ports {
  raft_host_actor host;
  applier_actor applier;
};

/// Where every key lives: slot -> group -> ports of this node. An immutable
/// snapshot, shared; a change of the map makes a new one.
struct slot_map {
  std::array<group_id, limits::slots> group_of{};
  std::vector<group_ports> groups; // by group_id
  std::shared_ptr<slot_versions> versions;

  group_id group_of_hash(std::uint64_t hash) const {
    return group_of[slot_of(hash)];
  }

  const group_ports& ports_of_hash(std::uint64_t hash) const {
    return groups[group_of_hash(hash)];
  }
};

using slot_map_ptr = std::shared_ptr<const slot_map>;

/// Group of a slot in a cluster of `data_groups` groups: 1 + slot mod groups.
constexpr group_id initial_group_of(slot_id slot, std::uint32_t data_groups) {
  return 1 + slot % data_groups;
}

} // namespace jindou
