#include "messages/channel_id.hpp"

#include <array>

namespace jindou {

namespace {

using crc_table = std::array<std::uint32_t, 256>;

constexpr crc_table make_crc_table() {
  crc_table t{};
  for (std::uint32_t i = 0; i < t.size(); ++i) {
    auto x = i;
    for (int bit = 0; bit < 8; ++bit)
      x = (x & 1) != 0 ? x >> 1 ^ 0xedb88320U : x >> 1;
    t[i] = x;
  }
  return t;
}

constexpr auto crc_steps = make_crc_table();

std::string joined(std::string_view first, std::string_view second) {
  std::string id;
  id.reserve(first.size() + 1 + second.size());
  id += first;
  id += '@';
  id += second;
  return id;
}

/// Plain FNV-1a, without the finaliser of `hash64`: clients' backends compute
/// it too.
class fnv1a {
public:
  void add(std::string_view bytes) {
    for (auto c : bytes)
      state_ = (state_ ^ static_cast<std::uint8_t>(c)) * 0x100000001b3ULL;
  }

  std::uint64_t value() const {
    return state_;
  }

private:
  std::uint64_t state_ = 0xcbf29ce484222325ULL;
};

} // namespace

std::uint32_t crc32_of(std::string_view bytes) {
  auto x = ~0U;
  for (auto c : bytes)
    x = crc_steps[(x ^ static_cast<std::uint8_t>(c)) & 0xff] ^ x >> 8;
  return ~x;
}

std::string person_channel_id(std::string_view a, std::string_view b) {
  auto ahead = crc32_of(a);
  auto behind = crc32_of(b);
  if (ahead > behind || (ahead == behind && a > b))
    return joined(a, b);
  return joined(b, a);
}

std::string agent_channel_id(std::string_view uid, std::string_view agent) {
  return joined(uid, agent);
}

std::string stored_channel_id(std::string_view from_uid, std::string_view id,
                              std::uint8_t type) {
  if (type == channel_type::person)
    return person_channel_id(from_uid, id);
  if (type == channel_type::agent)
    return agent_channel_id(from_uid, id);
  return std::string{id};
}

std::optional<std::pair<std::string_view, std::string_view>>
split_channel_id(std::string_view id) {
  auto at = id.find('@');
  if (at == std::string_view::npos || id.find('@', at + 1) != id.npos)
    return std::nullopt;
  return std::pair{id.substr(0, at), id.substr(at + 1)};
}

std::string command_channel_id(std::string_view id) {
  std::string command{id};
  command += well_known::command_suffix;
  return command;
}

bool is_command_channel(std::string_view id) {
  return id.ends_with(well_known::command_suffix);
}

std::string_view without_command_suffix(std::string_view id) {
  if (is_command_channel(id))
    id.remove_suffix(well_known::command_suffix.size());
  return id;
}

std::string temp_channel_id(std::span<const std::string> receivers) {
  fnv1a hash;
  std::string_view separator;
  for (const auto& uid : receivers) {
    hash.add(separator);
    hash.add(uid);
    separator = ",";
  }
  return command_channel_id(std::to_string(hash.value()));
}

std::string_view visitor_of(std::string_view id) {
  return id.substr(0, id.find('|'));
}

bool has_special_characters(std::string_view text) {
  return text.find_first_of("@#&") != std::string_view::npos;
}

} // namespace jindou
