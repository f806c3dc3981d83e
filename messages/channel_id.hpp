#pragma once

#include "messages/bytes.hpp"
#include "messages/ids.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

/// The names of channels as they are stored, made of the names that clients
/// use (behaviour of v2, chapter 1).
namespace jindou {

/// CRC-32 (IEEE), which decides the order in the id of a person channel.
std::uint32_t crc32_of(std::string_view bytes);

/// The stored id of the channel between two people: the same whoever asks. The
/// uid with the larger CRC-32 comes first; of equal ones the larger uid.
std::string person_channel_id(std::string_view a, std::string_view b);

/// The stored id of the channel between a user and an agent.
std::string agent_channel_id(std::string_view uid, std::string_view agent);

/// The stored id of what a client calls `id` when it sends: person and agent
/// channels are named after both ends, all others as they are.
std::string stored_channel_id(std::string_view from_uid, std::string_view id,
                              std::uint8_t type);

/// The two ends of a person or agent channel; nothing unless there is exactly
/// one `@`.
std::optional<std::pair<std::string_view, std::string_view>>
split_channel_id(std::string_view id);

/// Command channels: a suffix to the stored id.
std::string command_channel_id(std::string_view id);
bool is_command_channel(std::string_view id);

/// Returns `id` without the suffix, if it has one.
std::string_view without_command_suffix(std::string_view id);

/// The stored id of the temporary channel to a list of receivers: decimal
/// FNV-1a 64 of the uids, joined by commas as given, with the command suffix.
std::string temp_channel_id(std::span<const std::string> receivers);

/// The visitor of a customer service channel: what stands before the first bar.
std::string_view visitor_of(std::string_view id);

/// Says whether `text` has a character that uids and channel ids may not have:
/// `@`, `#` or `&`.
bool has_special_characters(std::string_view text);

} // namespace jindou
