#pragma once

#include "messages/bytes.hpp"
#include "messages/errc.hpp"
#include "messages/session.hpp"
#include "messages/wire/frame.hpp"
#include "messages/wire/jsonrpc.hpp"
#include "messages/wire/reason.hpp"

#include <cstdint>
#include <string_view>

/// Puts a frame into the form in which it travels to one session, pure.
namespace jindou::actors {

/// Appends `f` at `version` to `out`, with the head of a WebSocket message in
/// front of it where the session needs one: every frame is one message.
/// Errors: `errc::too_large`, then `out` is unchanged.
errc append_frame(std::uint8_t version, bool websocket, const wire::frame& f,
                  byte_vector& out);

/// Appends `f` as a JSON-RPC text, as the answer to `request` where it is one;
/// a CONNACK that refuses becomes an error, since clients take any result for
/// a success.
/// Errors: `errc::unsupported`, then `out` is unchanged.
errc append_text(std::string_view request, bool websocket, const wire::frame& f,
                 byte_vector& out);

/// Appends the answer to a text that was refused.
void append_refusal(const wire::jsonrpc::refusal& why, bool websocket,
                    byte_vector& out);

/// Appends a frame for an established session in the form that it speaks.
inline errc append_frame(const session_identity& who, bool websocket,
                         const wire::frame& f, byte_vector& out,
                         std::string_view request = {}) {
  return who.json_rpc ? append_text(request, websocket, f, out)
                      : append_frame(who.version, websocket, f, out);
}

/// The answer to a SUB.
wire::suback_frame answer_to(const wire::sub_frame& f, wire::reason why);

/// Returns one encoded frame, empty if it cannot be encoded.
shared_bytes encoded_frame(std::uint8_t version, bool websocket,
                           const wire::frame& f);

/// The same as a text.
shared_bytes encoded_text(std::string_view request, bool websocket,
                          const wire::frame& f);

/// The same for an established session.
inline shared_bytes encoded_frame(const session_identity& who, bool websocket,
                                  const wire::frame& f,
                                  std::string_view request = {}) {
  return who.json_rpc ? encoded_text(request, websocket, f)
                      : encoded_frame(who.version, websocket, f);
}

} // namespace jindou::actors
