#pragma once

#include "messages/bytes.hpp"
#include "messages/ids.hpp"
#include "messages/record.hpp"
#include "messages/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// Replicated commands: everything that can stand in the log. One struct each;
/// what apply decides, it decides from these bytes and the applied state alone.
namespace jindou::command {

/// Command codes; byte 13 of a record. Written to disk, never renumber.
enum class op : std::uint8_t {
  append_message = 1,
  channel_put = 2,
  channel_disband = 3,
  members_add = 4,
  members_remove = 5,
  members_clear = 6,
  user_put = 7,
  device_put = 8,
  conversation_put = 9,
  conversation_drop = 10,
  control_put = 11,
};

/// Flag bits of `append_message`: 0 to 3 as in the header of SEND.
namespace append_flags {
constexpr std::uint16_t no_persist = 1;
constexpr std::uint16_t red_dot = 2;
constexpr std::uint16_t sync_once = 4;
constexpr std::uint16_t dup = 8;
/// No duplicate check: the message came over HTTP or from the system.
constexpr std::uint16_t no_duplicate_check = 16;
} // namespace append_flags

/// Gives a message its place in a channel. Texts and payload are views into
/// the record (or into what the encoder is given).
/// Body, offsets from the start of the record: 40 message_id u64, 48 chan_no
/// u32 (0: the id text follows), 52 expire u32, 56 from_len, 58 number_len, 60
/// id_len, 62 topic_len (u16), 64 payload_len u32, 68 channel type u8, 69
/// setting u8, 70 flags u16, 72 from_uid, client_msg_no, channel id, topic,
/// payload. With a `chan_no` the encoder leaves `channel_id` out.
struct append_message {
  jindou::message_id message_id = 0;
  std::uint32_t chan_no = 0;
  std::uint32_t expire = 0;
  std::uint8_t channel_type = 0;
  std::uint8_t setting = 0;
  std::uint16_t flags = 0;
  std::string_view from_uid;
  std::string_view client_msg_no;
  std::string_view channel_id;
  std::string_view topic;
  std::string_view payload;

  friend bool operator==(const append_message&, const append_message&)
    = default;
};

/// Bits of a channel record. Written to disk, never renumber.
namespace channel_flags {
constexpr std::uint32_t large = 1;
constexpr std::uint32_t ban = 2;
constexpr std::uint32_t disband = 4;
constexpr std::uint32_t send_ban = 8;
constexpr std::uint32_t allow_stranger = 16;
/// A record exists, as opposed to a channel that only has messages or lists.
constexpr std::uint32_t exists = 32;
} // namespace channel_flags

/// Makes or overwrites a channel record. With `only_if_missing` an existing
/// record keeps its flags.
struct channel_put {
  channel_key channel;
  std::uint32_t flags = 0;
  bool only_if_missing = false;

  friend bool operator==(const channel_put&, const channel_put&) = default;
};

/// Sets the disband flag if a record exists.
struct channel_disband {
  channel_key channel;

  friend bool operator==(const channel_disband&, const channel_disband&)
    = default;
};

/// The lists of a channel. Written to disk, never renumber.
enum class list : std::uint8_t { subscriber = 0, deny = 1, allow = 2 };

/// Adds uids to a list; those on it stay as they are. With `reset` the list is
/// emptied first, in the same step.
/// Shape: at most `limits::uids_per_command_max` uids.
struct members_add {
  channel_key channel;
  command::list list = command::list::subscriber;
  bool reset = false;
  std::vector<std::string> uids;

  friend bool operator==(const members_add&, const members_add&) = default;
};

/// Removes uids from a list.
struct members_remove {
  channel_key channel;
  command::list list = command::list::subscriber;
  std::vector<std::string> uids;

  friend bool operator==(const members_remove&, const members_remove&)
    = default;
};

/// Empties a list.
struct members_clear {
  channel_key channel;
  command::list list = command::list::subscriber;

  friend bool operator==(const members_clear&, const members_clear&) = default;
};

/// Makes a user record if it is missing.
struct user_put {
  std::string uid;
  std::string plugin_no;

  friend bool operator==(const user_put&, const user_put&) = default;
};

/// Makes or overwrites the device record (uid, flag); makes the user, too.
struct device_put {
  std::string uid;
  std::uint8_t flag = 0;
  device_level level = device_level::slave;
  std::string token;

  friend bool operator==(const device_put&, const device_put&) = default;
};

/// Makes a conversation record of `uid`.
struct conversation_put {
  /// What happens to a record that exists.
  enum class mode : std::uint8_t {
    if_missing = 0, ///< stays as it is
    overwrite = 1,  ///< is replaced
    raise = 2,      ///< read_to and deleted_at rise, never fall
  };
  std::string uid;
  channel_key channel;
  std::uint8_t kind = 0; // 0 chat, 1 command
  message_seq read_to = 0;
  message_seq deleted_at = 0;
  conversation_put::mode how = mode::if_missing;

  friend bool operator==(const conversation_put&, const conversation_put&)
    = default;
};

/// Deletes a conversation record of `uid`.
struct conversation_drop {
  std::string uid;
  channel_key channel;

  friend bool operator==(const conversation_drop&, const conversation_drop&)
    = default;
};

/// Sets a named value of the control group (slot map, system accounts).
struct control_put {
  std::string name;
  std::string value;

  friend bool operator==(const control_put&, const control_put&) = default;
};

using any
  = std::variant<append_message, channel_put, channel_disband, members_add,
                 members_remove, members_clear, user_put, device_put,
                 conversation_put, conversation_drop, control_put>;

op op_of(const any& x);

/// Appends a record to `out`: a head with kind command and the op, everything
/// else zero until a raft host stamps it, then the body.
/// Errors: `errc::too_large`, then `out` is unchanged.
errc encode(const any& x, byte_vector& out);

/// Reads the command of a record. Views point into `rec`.
/// Errors: `errc::corrupt`.
result<any> decode(byte_span rec);

/// Reads only an `append_message`, without a variant: the hot path.
/// Errors: `errc::corrupt`, also for another op.
result<append_message> decode_append(byte_span rec);

/// What apply says of one command.
struct applied {
  /// `none`, or the reason why the command changed nothing.
  errc error = errc::none;
  /// The message stood there already: `message_id` and `seq` are the first's.
  bool duplicate = false;
  /// The duplicate has another payload (for a metric).
  bool payload_differs = false;
  /// Number of the channel in its group: written instead of the id from now on.
  std::uint32_t chan_no = 0;
  jindou::message_id message_id = 0;
  message_seq seq = 0;
  /// Milliseconds, the entry's own.
  std::uint64_t log_time = 0;
  /// Rows that a list command changed.
  std::uint32_t changed = 0;

  friend bool operator==(const applied&, const applied&) = default;
};

} // namespace jindou::command
