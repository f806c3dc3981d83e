#pragma once

#include "messages/bytes.hpp"
#include "messages/errc.hpp"
#include "messages/session.hpp"
#include "messages/wire/frame.hpp"

#include <cstdint>

/// Puts a frame into the form in which it travels to one session, pure.
namespace jindou::actors {

/// Appends `f` at `version` to `out`, with the head of a WebSocket message in
/// front of it where the session needs one: every frame is one message.
/// Errors: `errc::too_large`, then `out` is unchanged.
errc append_frame(std::uint8_t version, bool websocket, const wire::frame& f,
                  byte_vector& out);

/// The same for an established session.
inline errc append_frame(const session_identity& who, bool websocket,
                         const wire::frame& f, byte_vector& out) {
  return append_frame(who.version, websocket, f, out);
}

/// Returns one encoded frame, empty if it cannot be encoded.
shared_bytes encoded_frame(std::uint8_t version, bool websocket,
                           const wire::frame& f);

} // namespace jindou::actors
