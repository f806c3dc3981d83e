#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace jindou {

/// Globally unique number of a message, made by the proposing leader. Rises
/// with `message_seq` inside one channel; not ordered across channels.
using message_id = std::uint64_t;

/// Place of a message in its channel: 1, 2, 3, ... without a gap. 0 = none.
using message_seq = std::uint64_t;

/// One of the `limits::slots` fixed shares of the key space.
using slot_id = std::uint16_t;

/// A raft group: keeps some of the slots. 0 is the control group.
using group_id = std::uint32_t;

/// Number of a node, 1 to 1023 (10 bits of a message_id).
using node_id = std::uint32_t;

/// Number of a client connection, counted per node and never repeated within
/// one run of the process.
using connection_id = std::uint64_t;

/// Kinds of channel as they stand on the wire. Never renumber.
namespace channel_type {
constexpr std::uint8_t person = 1;
constexpr std::uint8_t group = 2;
constexpr std::uint8_t customer_service = 3;
constexpr std::uint8_t community = 4;
constexpr std::uint8_t community_topic = 5;
constexpr std::uint8_t info = 6;
constexpr std::uint8_t data = 7;
constexpr std::uint8_t temp = 8;
constexpr std::uint8_t live = 9;
constexpr std::uint8_t visitors = 10;
constexpr std::uint8_t agent = 11;
constexpr std::uint8_t agent_group = 12;
} // namespace channel_type

/// Names a channel by its *stored* id: the fake id of a person channel, with
/// the command suffix for a command channel (behaviour of v2, chapter 1).
struct channel_key {
  std::uint8_t type = 0;
  std::string id;

  friend auto operator<=>(const channel_key&, const channel_key&) = default;
};

/// Levels of a device; decides who is kicked at a login. Wire values.
enum class device_level : std::uint8_t { slave = 0, master = 1 };

/// Accounts and devices with a fixed meaning.
namespace well_known {
constexpr std::string_view system_uid = "____system";
constexpr std::string_view system_device = "____device";
constexpr std::string_view manager_uid = "____manager";
constexpr std::string_view command_suffix = "____cmd";
constexpr std::string_view online_command_channel = "systemcmdonline";
} // namespace well_known

} // namespace jindou
