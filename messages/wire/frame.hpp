#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

/// The frames of the client protocol, versions 1 to 5. Texts and payloads are
/// *views* into the bytes that were decoded (or that the encoder is given):
/// whoever keeps a frame keeps those bytes too. Field names and order are those
/// of the protocol text; which field is on the wire at which version, codec.hpp
/// says.
namespace jindou::wire {

constexpr std::uint8_t latest_version = 5;

/// Frame types. Wire values, never renumber.
enum class frame_type : std::uint8_t {
  connect = 1,
  connack = 2,
  send = 3,
  sendack = 4,
  recv = 5,
  recvack = 6,
  ping = 7,
  pong = 8,
  disconnect = 9,
  sub = 10,
  suback = 11,
  event = 12,
};

/// Low four bits of the first byte.
struct header_flags {
  bool no_persist = false; // bit 0; in CONNACK: a server version follows
  bool red_dot = false;    // bit 1
  bool sync_once = false;  // bit 2
  bool dup = false;        // bit 3

  friend bool operator==(const header_flags&, const header_flags&) = default;
};

constexpr std::uint8_t to_bits(header_flags f) {
  return static_cast<std::uint8_t>((f.no_persist ? 1 : 0) | (f.red_dot ? 2 : 0)
                                   | (f.sync_once ? 4 : 0) | (f.dup ? 8 : 0));
}

constexpr header_flags flags_of(std::uint8_t bits) {
  return {(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0};
}

/// Bits of the setting byte of SEND, RECV and SUB.
namespace setting {
constexpr std::uint8_t receipt = 0x80;
constexpr std::uint8_t signal = 0x20;
constexpr std::uint8_t no_encrypt = 0x10;
constexpr std::uint8_t topic = 0x08;
constexpr std::uint8_t stream = 0x02;
} // namespace setting

/// What a SUB asks for.
namespace sub_action {
constexpr std::uint8_t subscribe = 0;
constexpr std::uint8_t unsubscribe = 1;
} // namespace sub_action

struct connect_frame {
  header_flags flags;
  std::uint8_t version = 0;
  std::uint8_t device_flag = 0;
  std::string_view device_id;
  std::string_view uid;
  std::string_view token;
  std::int64_t client_timestamp = 0; // milliseconds
  std::string_view client_key;       // base64 of an X25519 public key

  friend bool operator==(const connect_frame&, const connect_frame&) = default;
};

struct connack_frame {
  /// Header bit 0: `server_version` is on the wire.
  bool has_server_version = false;
  std::uint8_t server_version = 0;
  std::int64_t time_diff = 0; // server ms - client ms
  std::uint8_t reason = 0;
  std::string_view server_key;
  std::string_view salt;
  std::uint64_t node_id = 0; // version >= 4

  friend bool operator==(const connack_frame&, const connack_frame&) = default;
};

struct send_frame {
  header_flags flags;
  std::uint8_t setting = 0;
  std::uint32_t client_seq = 0;
  std::string_view client_msg_no;
  std::string_view stream_no; // 2 <= version < 5 and the stream bit
  std::string_view channel_id;
  std::uint8_t channel_type = 0;
  std::uint32_t expire = 0; // version >= 3; seconds
  std::string_view msg_key;
  std::string_view topic; // topic bit
  std::string_view payload;

  friend bool operator==(const send_frame&, const send_frame&) = default;
};

struct sendack_frame {
  header_flags flags;
  std::int64_t message_id = 0;
  std::uint32_t client_seq = 0;
  std::uint32_t message_seq = 0;
  std::uint8_t reason = 0;

  friend bool operator==(const sendack_frame&, const sendack_frame&) = default;
};

struct recv_frame {
  header_flags flags;
  std::uint8_t setting = 0;
  std::string_view msg_key;
  std::string_view from_uid;
  std::string_view channel_id;
  std::uint8_t channel_type = 0;
  std::uint32_t expire = 0; // version >= 3
  std::string_view client_msg_no;
  std::uint8_t stream_flag = 0; // 2 <= version < 5 and the stream bit
  std::string_view stream_no;   // same
  std::uint64_t stream_id = 0;  // same
  std::int64_t message_id = 0;
  std::uint32_t message_seq = 0;
  std::int32_t timestamp = 0; // seconds
  std::string_view topic;     // topic bit
  std::string_view payload;

  friend bool operator==(const recv_frame&, const recv_frame&) = default;
};

struct recvack_frame {
  header_flags flags;
  std::int64_t message_id = 0;
  std::uint32_t message_seq = 0;

  friend bool operator==(const recvack_frame&, const recvack_frame&) = default;
};

struct ping_frame {
  friend bool operator==(const ping_frame&, const ping_frame&) = default;
};

struct pong_frame {
  friend bool operator==(const pong_frame&, const pong_frame&) = default;
};

struct disconnect_frame {
  header_flags flags;
  std::uint8_t reason = 0;
  std::string_view reason_text;

  friend bool operator==(const disconnect_frame&, const disconnect_frame&)
    = default;
};

struct sub_frame {
  header_flags flags;
  std::uint8_t setting = 0;
  std::string_view sub_no;
  std::string_view channel_id;
  std::uint8_t channel_type = 0;
  std::uint8_t action = sub_action::subscribe;
  std::string_view param;

  friend bool operator==(const sub_frame&, const sub_frame&) = default;
};

struct suback_frame {
  header_flags flags;
  std::string_view sub_no;
  std::string_view channel_id;
  std::uint8_t channel_type = 0;
  std::uint8_t action = 0;
  std::uint8_t reason = 0;

  friend bool operator==(const suback_frame&, const suback_frame&) = default;
};

struct event_frame {
  header_flags flags;
  std::string_view id;
  std::string_view type;
  std::int64_t timestamp = 0; // milliseconds
  std::string_view data;

  friend bool operator==(const event_frame&, const event_frame&) = default;
};

/// Any frame; the alternatives stand in the order of `frame_type`.
using frame
  = std::variant<connect_frame, connack_frame, send_frame, sendack_frame,
                 recv_frame, recvack_frame, ping_frame, pong_frame,
                 disconnect_frame, sub_frame, suback_frame, event_frame>;

constexpr frame_type type_of(const frame& f) {
  return static_cast<frame_type>(f.index() + 1);
}

} // namespace jindou::wire
