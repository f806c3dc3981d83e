#pragma once

#include "messages/cluster.hpp"
#include "messages/command.hpp"
#include "messages/limits.hpp"
#include "messages/result.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace jindou::cluster {

/// Which group keeps each of the slots, as it stands in the control group.
class slot_table {
public:
  /// Name of its value in group 0. Stored, never change.
  static constexpr std::string_view name = "slot-map";

  /// The table of a new cluster: group = 1 + slot mod `data_groups`.
  /// Shape:  `data_groups >= 1`.
  static slot_table initial(std::uint32_t data_groups);

  /// Reads what `encode` wrote.
  /// Errors: `errc::corrupt`.
  static result<slot_table> decode(std::string_view value);

  /// Writes format u8 = 1, then one group u32, little-endian, per slot.
  std::string encode() const;

  group_id group_of(slot_id slot) const {
    return group_of_[slot];
  }

  const std::array<group_id, limits::slots>& groups_of_slots() const {
    return group_of_;
  }

  /// Returns the largest group that keeps a slot.
  group_id last_group() const;

  friend bool operator==(const slot_table&, const slot_table&) = default;

private:
  std::array<group_id, limits::slots> group_of_{};
};

/// Says what has to be proposed to group 0 at start: the initial table if the
/// group has none (`stored` is empty), nothing otherwise.
std::optional<command::control_put>
first_slot_table(std::optional<std::string_view> stored,
                 std::uint32_t data_groups);

} // namespace jindou::cluster
