#pragma once

#include "messages/bytes.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

/// The framing of WebSocket (RFC 6455), pure. Extensions are not negotiated.
namespace jindou::actors::websocket {

enum class opcode : std::uint8_t {
  continuation = 0,
  text = 1,
  binary = 2,
  close = 8,
  ping = 9,
  pong = 10,
};

/// Longest head of a frame that a server writes: unmasked, 64-bit length.
constexpr std::size_t head_bytes_max = 10;

/// Longest payload of a control frame.
constexpr std::size_t control_bytes_max = 125;

/// Longest single frame that is taken from a client.
constexpr std::uint64_t frame_bytes_max = 16 << 20;

/// Close codes that we send.
constexpr std::uint16_t close_normal = 1000;
constexpr std::uint16_t close_protocol_error = 1002;

/// Number of head bytes in front of `payload` bytes: 2, 4 or 10.
constexpr std::size_t head_size(std::size_t payload) {
  return payload < 126 ? 2 : payload <= 0xffff ? 4 : head_bytes_max;
}

/// Writes the head of a whole unmasked message to `to`, which has room for
/// `head_size(payload)` bytes.
void write_head(opcode op, std::size_t payload, std::byte* to);

/// Appends a whole control frame; a longer payload is cut.
void append_control(opcode op, byte_span payload, byte_vector& out);

/// Appends a close frame with a code.
void append_close(std::uint16_t code, byte_vector& out);

/// Turns what a client sends back into the byte stream that its data messages
/// make up (text or binary, fragmented or not), one read after the other.
class reader {
public:
  enum class event : std::uint8_t {
    more,   ///< the input is used up
    ping,   ///< answer with a pong of `control()`
    pong,   ///< nothing to do
    close,  ///< answer with a close of `control()`, then close
    broken, ///< against the protocol: close with 1002
  };

  struct outcome {
    event what = event::more;
    std::size_t taken = 0;   // bytes of the input that are done with
    std::size_t written = 0; // stream bytes, at the front of `out`
  };

  /// Unmasks `input` into `out` until the input is used up or a control frame
  /// is complete; call again with the rest. Writes no more than it takes, so
  /// `out` may be the same memory as the input or any place before it.
  outcome read(byte_span input, std::byte* out);

  /// Payload of the control frame that `read` has just reported.
  byte_span control() const {
    return byte_span{control_}.first(control_size_);
  }

private:
  enum class state : std::uint8_t { head, payload, broken };

  std::size_t take_head(byte_span input);
  bool accept_head();
  std::size_t take_payload(byte_span input, std::byte* out);
  event finish_frame();
  bool is_control() const {
    return (op_ & 8) != 0;
  }

  std::array<std::byte, 14> head_{};
  std::array<std::byte, control_bytes_max> control_{};
  std::array<std::byte, 4> mask_{};
  std::uint64_t left_ = 0; // payload bytes still to come
  std::uint8_t head_size_ = 0;
  std::uint8_t control_size_ = 0;
  std::uint8_t mask_at_ = 0;
  std::uint8_t op_ = 0;
  bool fin_ = false;
  bool in_message_ = false; // a fragmented message has begun
  state state_ = state::head;
};

} // namespace jindou::actors::websocket
