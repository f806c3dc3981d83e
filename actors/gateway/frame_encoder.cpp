#include "actors/gateway/frame_encoder.hpp"

#include "actors/gateway/websocket_framing.hpp"
#include "messages/wire/codec.hpp"

#include <cstring>

namespace jindou::actors {

namespace {

/// Head room that fits nearly all frames, so that they are moved only if they
/// are shorter than 126 or longer than 65,535 bytes.
constexpr std::size_t usual_head = 4;

/// Puts the head in front of the frame that starts `usual_head` behind `at`.
void place_head(std::size_t at, byte_vector& out) {
  auto size = out.size() - at - usual_head;
  auto head = websocket::head_size(size);
  if (head != usual_head) {
    if (head > usual_head)
      out.resize(at + head + size);
    std::memmove(out.data() + at + head, out.data() + at + usual_head, size);
    out.resize(at + head + size);
  }
  websocket::write_head(websocket::opcode::binary, size, out.data() + at);
}

} // namespace

errc append_frame(std::uint8_t version, bool websocket, const wire::frame& f,
                  byte_vector& out) {
  if (!websocket)
    return wire::encode(f, version, out);
  auto at = out.size();
  out.resize(at + usual_head);
  auto res = wire::encode(f, version, out);
  if (res == errc::none)
    place_head(at, out);
  else
    out.resize(at);
  return res;
}

shared_bytes encoded_frame(std::uint8_t version, bool websocket,
                           const wire::frame& f) {
  byte_vector out;
  if (append_frame(version, websocket, f, out) != errc::none)
    return {};
  return shared_bytes{std::move(out)};
}

} // namespace jindou::actors
