#include "actors/gateway/frame_encoder.hpp"

#include "actors/gateway/websocket_framing.hpp"
#include "messages/wire/codec.hpp"
#include "messages/wire/reason.hpp"

#include <cstring>
#include <string>
#include <utility>

namespace jindou::actors {

namespace {

/// Head room that fits nearly all frames, so that they are moved only if they
/// are shorter than 126 or longer than 65,535 bytes.
constexpr std::size_t usual_head = 4;

constexpr auto accepted = static_cast<std::uint8_t>(wire::reason::success);

/// Puts the head in front of the frame that starts `usual_head` behind `at`.
void place_head(websocket::opcode op, std::size_t at, byte_vector& out) {
  auto size = out.size() - at - usual_head;
  auto head = websocket::head_size(size);
  if (head != usual_head) {
    if (head > usual_head)
      out.resize(at + head + size);
    std::memmove(out.data() + at + head, out.data() + at + usual_head, size);
    out.resize(at + head + size);
  }
  websocket::write_head(op, size, out.data() + at);
}

namespace jsonrpc = wire::jsonrpc;

/// Appends what `write` writes, over WebSocket as one message.
template <class Fun>
errc append_message(bool websocket, websocket::opcode op, byte_vector& out,
                    Fun write) {
  if (!websocket)
    return write();
  auto at = out.size();
  out.resize(at + usual_head);
  auto res = write();
  if (res == errc::none)
    place_head(op, at, out);
  else
    out.resize(at);
  return res;
}

jsonrpc::refusal login_refusal(std::string_view request,
                               const wire::connack_frame& f) {
  return {std::string{request},
          "connect refused: reasonCode " + std::to_string(f.reason)};
}

} // namespace

errc append_frame(std::uint8_t version, bool websocket, const wire::frame& f,
                  byte_vector& out) {
  return append_message(websocket, websocket::opcode::binary, out,
                        [&] { return wire::encode(f, version, out); });
}

errc append_text(std::string_view request, bool websocket, const wire::frame& f,
                 byte_vector& out) {
  auto* ack = std::get_if<wire::connack_frame>(&f);
  if (ack != nullptr && ack->reason != accepted) {
    append_refusal(login_refusal(request, *ack), websocket, out);
    return errc::none;
  }
  return append_message(websocket, websocket::opcode::text, out,
                        [&] { return jsonrpc::encode(f, request, out); });
}

void append_refusal(const jsonrpc::refusal& why, bool websocket,
                    byte_vector& out) {
  append_message(websocket, websocket::opcode::text, out, [&] {
    jsonrpc::encode_error(why, out);
    return errc::none;
  });
}

wire::suback_frame answer_to(const wire::sub_frame& f, wire::reason why) {
  wire::suback_frame ack;
  ack.flags = f.flags;
  ack.sub_no = f.sub_no;
  ack.channel_id = f.channel_id;
  ack.channel_type = f.channel_type;
  ack.action = f.action;
  ack.reason = static_cast<std::uint8_t>(why);
  return ack;
}

shared_bytes encoded_frame(std::uint8_t version, bool websocket,
                           const wire::frame& f) {
  byte_vector out;
  if (append_frame(version, websocket, f, out) != errc::none)
    return {};
  return shared_bytes{std::move(out)};
}

shared_bytes encoded_text(std::string_view request, bool websocket,
                          const wire::frame& f) {
  byte_vector out;
  if (append_text(request, websocket, f, out) != errc::none)
    return {};
  return shared_bytes{std::move(out)};
}

} // namespace jindou::actors
