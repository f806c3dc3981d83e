#include "messages/wire/codec.hpp"

#include "messages/limits.hpp"
#include "messages/wire/layout.hpp"
#include "messages/wire/primitives.hpp"

#include <optional>

namespace jindou::wire {

namespace {

constexpr std::size_t length_bytes_max = 4;

using outcome = std::variant<decoded, need_more, errc>;

/// The fixed header: where the body begins and how long it is.
struct header {
  std::uint8_t type = 0;
  std::uint8_t bits = 0;
  std::size_t body_at = 1;
  std::size_t body_size = 0;
};

constexpr bool has_body(std::uint8_t type) {
  return type != static_cast<std::uint8_t>(frame_type::ping)
         && type != static_cast<std::uint8_t>(frame_type::pong);
}

constexpr bool is_defined(std::uint8_t type) {
  return type >= 1 && type <= std::variant_size_v<frame>;
}

/// Reads the remaining length; says nothing while bytes are missing.
std::optional<errc> read_length(byte_span input, header& h) {
  for (std::size_t i = 0; i < length_bytes_max; ++i) {
    if (h.body_at == input.size())
      return std::nullopt;
    auto b = std::to_integer<std::size_t>(input[h.body_at++]);
    h.body_size |= (b & 0x7f) << (7 * i);
    if ((b & 0x80) == 0)
      return h.body_size > limits::frame_body_bytes_max ? errc::too_large
                                                        : errc::none;
  }
  return errc::malformed; // the length would go on after its fourth byte
}

template <class Frame>
void set_bits(Frame& f, std::uint8_t bits) {
  if constexpr (std::is_same_v<Frame, connack_frame>)
    f.has_server_version = (bits & 1) != 0;
  else
    f.flags = flags_of(bits);
}

template <class Frame>
std::uint8_t bits_of(const Frame& f) {
  if constexpr (std::is_same_v<Frame, connack_frame>)
    return f.has_server_version ? 1 : 0;
  else
    return to_bits(f.flags);
}

template <class Frame>
outcome read_body(byte_span input, const header& h, std::uint8_t version) {
  outcome result{std::in_place_type<decoded>};
  auto& to = std::get<decoded>(result);
  auto& f = to.frame.emplace<Frame>();
  to.bytes = h.body_at + h.body_size;
  set_bits(f, h.bits);
  read_pass pass{input.subspan(h.body_at, h.body_size)};
  layout(pass, f, version);
  if (!pass.ok())
    return errc::malformed;
  return result;
}

outcome read_body_of_type(byte_span input, const header& h, std::uint8_t v) {
  switch (static_cast<frame_type>(h.type)) {
  case frame_type::connect:
    return read_body<connect_frame>(input, h, v);
  case frame_type::connack:
    return read_body<connack_frame>(input, h, v);
  case frame_type::send:
    return read_body<send_frame>(input, h, v);
  case frame_type::sendack:
    return read_body<sendack_frame>(input, h, v);
  case frame_type::recv:
    return read_body<recv_frame>(input, h, v);
  case frame_type::recvack:
    return read_body<recvack_frame>(input, h, v);
  case frame_type::ping:
    return decoded{ping_frame{}, 1};
  case frame_type::pong:
    return decoded{pong_frame{}, 1};
  case frame_type::disconnect:
    return read_body<disconnect_frame>(input, h, v);
  case frame_type::sub:
    return read_body<sub_frame>(input, h, v);
  case frame_type::suback:
    return read_body<suback_frame>(input, h, v);
  case frame_type::event:
    return read_body<event_frame>(input, h, v);
  }
  return errc::malformed;
}

/// Writes first byte and remaining length, at most five bytes.
std::size_t write_header(std::byte* to, std::uint8_t first, std::size_t size) {
  std::size_t n = 0;
  to[n++] = std::byte{first};
  do {
    auto group = static_cast<std::uint8_t>(size & 0x7f);
    size >>= 7;
    to[n++] = static_cast<std::byte>(size > 0 ? group | 0x80 : group);
  } while (size > 0);
  return n;
}

template <class Frame>
errc append(const Frame& f, std::uint8_t type, std::uint8_t version,
            byte_vector& out) {
  size_pass counted;
  layout(counted, f, version);
  if (!counted.fits())
    return errc::too_large;
  std::byte head[1 + length_bytes_max];
  auto first = static_cast<std::uint8_t>(type << 4 | bits_of(f));
  auto head_size = write_header(head, first, counted.size());
  auto at = out.size();
  out.resize(at + head_size + counted.size()); // the one growth
  std::memcpy(out.data() + at, head, head_size);
  write_pass pass{out.data() + at + head_size};
  layout(pass, f, version);
  return errc::none;
}

} // namespace

outcome decode(byte_span input, std::uint8_t version) {
  if (input.empty())
    return need_more{};
  header h;
  auto first = std::to_integer<std::uint8_t>(input.front());
  h.type = first >> 4;
  h.bits = first & 0x0f;
  if (!is_defined(h.type))
    return errc::malformed;
  if (has_body(h.type)) {
    auto verdict = read_length(input, h);
    if (!verdict)
      return need_more{};
    if (*verdict != errc::none)
      return *verdict;
    if (input.size() - h.body_at < h.body_size)
      return need_more{};
  }
  return read_body_of_type(input, h, version);
}

errc encode(const frame& f, std::uint8_t version, byte_vector& out) {
  auto type = static_cast<std::uint8_t>(type_of(f));
  if (!has_body(type)) {
    out.push_back(static_cast<std::byte>(type << 4));
    return errc::none;
  }
  return std::visit(
    [&]<class Frame>(const Frame& x) {
      if constexpr (requires(size_pass p) { layout(p, x, version); })
        return append(x, type, version, out);
      else
        return errc::none; // PING and PONG, written above
    },
    f);
}

} // namespace jindou::wire
