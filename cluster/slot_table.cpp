#include "cluster/slot_table.hpp"

#include "messages/little_endian.hpp"

#include <algorithm>

namespace jindou::cluster {

namespace {

constexpr std::uint8_t format = 1;
constexpr std::size_t encoded_bytes = 1 + 4 * limits::slots;

} // namespace

slot_table slot_table::initial(std::uint32_t data_groups) {
  slot_table res;
  for (std::size_t i = 0; i < limits::slots; ++i)
    res.group_of_[i] = initial_group_of(static_cast<slot_id>(i), data_groups);
  return res;
}

std::string slot_table::encode() const {
  byte_vector res;
  res.reserve(encoded_bytes);
  append_le(res, format);
  for (auto group : group_of_)
    append_le(res, group);
  return std::string{as_text(res)};
}

result<slot_table> slot_table::decode(std::string_view value) {
  le_reader in{as_bytes(value)};
  if (in.number<std::uint8_t>() != format)
    in.refuse();
  slot_table res;
  for (auto& group : res.group_of_) {
    group = in.number<group_id>();
    if (group == 0)
      in.refuse(); // the control group keeps no slot
  }
  if (!in.done())
    return errc::corrupt;
  return res;
}

group_id slot_table::last_group() const {
  return *std::max_element(group_of_.begin(), group_of_.end());
}

std::optional<command::control_put>
first_slot_table(std::optional<std::string_view> stored,
                 std::uint32_t data_groups) {
  if (stored)
    return {};
  return command::control_put{std::string{slot_table::name},
                              slot_table::initial(data_groups).encode()};
}

} // namespace jindou::cluster
