#include "actors/gateway/websocket_framing.hpp"

#include <algorithm>
#include <cstring>

namespace jindou::actors::websocket {

namespace {

constexpr std::byte fin_bit{0x80};
constexpr std::byte mask_bit{0x80};
constexpr std::byte reserved_bits{0x70};

void write_big_endian(std::uint64_t x, std::size_t width, std::byte* to) {
  for (auto i = width; i-- > 0; x >>= 8)
    to[i] = static_cast<std::byte>(x & 0xff);
}

std::uint64_t read_big_endian(const std::byte* from, std::size_t width) {
  std::uint64_t x = 0;
  for (std::size_t i = 0; i < width; ++i)
    x = x << 8 | std::to_integer<std::uint64_t>(from[i]);
  return x;
}

/// Width of the length behind the second byte: 0, 2 or 8.
std::size_t long_length_width(std::byte second) {
  auto n = std::to_integer<unsigned>(second & ~mask_bit);
  return n == 126 ? 2 : n == 127 ? 8 : 0;
}

bool is_known(std::uint8_t op) {
  return op <= 2 || (op >= 8 && op <= 10);
}

} // namespace

void write_head(opcode op, std::size_t payload, std::byte* to) {
  to[0] = fin_bit | static_cast<std::byte>(op);
  switch (head_size(payload)) {
  case 2:
    to[1] = static_cast<std::byte>(payload);
    break;
  case 4:
    to[1] = std::byte{126};
    write_big_endian(payload, 2, to + 2);
    break;
  default:
    to[1] = std::byte{127};
    write_big_endian(payload, 8, to + 2);
  }
}

void append_control(opcode op, byte_span payload, byte_vector& out) {
  payload = payload.first(std::min(payload.size(), control_bytes_max));
  std::byte head[2];
  write_head(op, payload.size(), head);
  out.insert(out.end(), head, head + 2);
  out.insert(out.end(), payload.begin(), payload.end());
}

void append_close(std::uint16_t code, byte_vector& out) {
  std::byte payload[2];
  write_big_endian(code, 2, payload);
  append_control(opcode::close, payload, out);
}

// -- from the client ----------------------------------------------------------

reader::outcome reader::read(byte_span input, std::byte* out) {
  outcome res;
  while (res.taken < input.size() && state_ != state::broken) {
    auto rest = input.subspan(res.taken);
    if (state_ == state::head) {
      res.taken += take_head(rest);
    } else {
      auto n = take_payload(rest, out + res.written);
      res.taken += n;
      res.written += is_control() ? 0 : n;
    }
    if (state_ == state::payload && left_ == 0) {
      res.what = finish_frame();
      if (res.what != event::more)
        return res;
    }
  }
  res.what = state_ == state::broken ? event::broken : event::more;
  return res;
}

/// Collects the 6, 8 or 14 bytes of a head.
std::size_t reader::take_head(byte_span input) {
  std::size_t taken = 0;
  auto collect = [&](std::size_t until) {
    while (head_size_ < until && taken < input.size())
      head_[head_size_++] = input[taken++];
    return head_size_ >= until;
  };
  if (!collect(2))
    return taken;
  auto wide = long_length_width(head_[1]);
  if ((head_[1] & mask_bit) == std::byte{}) // a client always masks
    state_ = state::broken;
  else if (collect(2 + wide + 4))
    state_ = accept_head() ? state::payload : state::broken;
  return taken;
}

bool reader::accept_head() {
  auto wide = long_length_width(head_[1]);
  left_ = wide > 0 ? read_big_endian(head_.data() + 2, wide)
                   : std::to_integer<std::uint64_t>(head_[1] & ~mask_bit);
  std::memcpy(mask_.data(), head_.data() + 2 + wide, mask_.size());
  fin_ = (head_[0] & fin_bit) != std::byte{};
  op_ = std::to_integer<std::uint8_t>(head_[0] & std::byte{0x0f});
  mask_at_ = 0;
  head_size_ = 0;
  if ((head_[0] & reserved_bits) != std::byte{} || !is_known(op_))
    return false;
  if (is_control()) {
    control_size_ = 0;
    return fin_ && left_ <= control_bytes_max;
  }
  auto goes_on = op_ == static_cast<std::uint8_t>(opcode::continuation);
  if (goes_on != in_message_) // a message inside another, or none to go on
    return false;
  in_message_ = !fin_;
  return left_ <= frame_bytes_max;
}

std::size_t reader::take_payload(byte_span input, std::byte* out) {
  auto n
    = static_cast<std::size_t>(std::min<std::uint64_t>(input.size(), left_));
  if (is_control())
    out = control_.data() + control_size_;
  for (std::size_t i = 0; i < n; ++i)
    out[i] = input[i] ^ mask_[(mask_at_ + i) & 3];
  mask_at_ = static_cast<std::uint8_t>((mask_at_ + n) & 3);
  left_ -= n;
  if (is_control())
    control_size_ = static_cast<std::uint8_t>(control_size_ + n);
  return n;
}

reader::event reader::finish_frame() {
  state_ = state::head;
  switch (static_cast<opcode>(op_)) {
  case opcode::ping:
    return event::ping;
  case opcode::pong:
    return event::pong;
  case opcode::close:
    if (control_size_ == 1) // a close code has two bytes
      state_ = state::broken;
    return control_size_ == 1 ? event::broken : event::close;
  default:
    return event::more;
  }
}

} // namespace jindou::actors::websocket
