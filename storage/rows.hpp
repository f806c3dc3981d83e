#pragma once

#include "messages/command.hpp"
#include "messages/ids.hpp"
#include "storage/work.hpp"

#include <array>
#include <cstdint>
#include <string>

/// Rows of the tables that commands change. Times are milliseconds of log
/// time, never a clock's.
namespace jindou::storage {

/// A channel that was used: by a message, a list or a record.
struct channel_row {
  chan_t chan_no = 0;
  channel_key key;
  /// `command::channel_flags`.
  std::uint32_t flags = 0;
  /// Sizes of the lists, by `command::list`.
  std::array<std::uint64_t, 3> counts{};
  std::uint64_t list_version = 0;
  std::uint64_t created = 0;
  std::uint64_t updated = 0;

  friend bool operator==(const channel_row&, const channel_row&) = default;
};

struct user_row {
  std::string uid;
  std::string plugin_no;
  std::uint64_t created = 0;

  friend bool operator==(const user_row&, const user_row&) = default;
};

struct device_row {
  std::string uid;
  std::uint8_t flag = 0;
  device_level level = device_level::slave;
  std::string token;
  std::uint64_t updated = 0;

  friend bool operator==(const device_row&, const device_row&) = default;
};

struct conversation_row {
  std::string uid;
  channel_key channel;
  std::uint8_t kind = 0;
  message_seq read_to = 0;
  message_seq deleted_at = 0;
  std::uint64_t created = 0;
  std::uint64_t updated = 0;

  friend bool operator==(const conversation_row&, const conversation_row&)
    = default;
};

} // namespace jindou::storage
