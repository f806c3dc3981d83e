#pragma once

#include "messages/bytes.hpp"
#include "messages/push.hpp"
#include "messages/session.hpp"
#include "messages/wire/crypto.hpp"
#include "messages/wire/frame.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace jindou::actors {

/// Writes the RECVs of a push for one receiver's connection: fills the fields
/// as that receiver sees them, encrypts and signs with its keys. One per
/// pusher; keeps its buffers.
class recv_writer {
public:
  /// Where one frame of the block ends.
  struct written {
    message_id id = 0;
    std::size_t begin = 0;
    std::size_t end = 0;
    bool remember = false;
  };

  /// Writes all items of `content` but those that came from `to`'s own
  /// connection.
  /// Shape: `out` and `frames` are overwritten.
  void write(const push_content& content, std::string_view receiver,
             const session& to, const session_identity& who);

  byte_vector out;
  std::vector<written> frames;

private:
  void append(const push_content& content, const push_item& item,
              std::string_view receiver, bool websocket,
              const session_identity& who);

  wire::cipher cipher_;
  byte_vector payload_;
};

/// The fields of a RECV as `receiver` sees them, payload plain, not signed.
/// A person channel named after the receiver is shown as the sender's; the
/// system account is not shown.
wire::recv_frame recv_for(const push_content& content, const push_item& item,
                          std::string_view receiver);

} // namespace jindou::actors
