#pragma once

#include "messages/bytes.hpp"
#include "messages/push.hpp"
#include "messages/session.hpp"
#include "messages/wire/crypto.hpp"
#include "messages/wire/frame.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace jindou::actors {

/// RECVs of one push in the form in which they travel.
struct recv_block {
  /// Where one frame lies in `bytes`.
  struct place {
    message_id id = 0;
    std::size_t begin = 0;
    std::size_t end = 0;
    bool remember = false;
  };

  shared_bytes bytes;
  std::vector<place> frames;
};

/// Writes the RECVs of a push for one receiver's connection: fills the fields
/// as that receiver sees them, encrypts and signs with its keys. Receivers who
/// see the same and do not encrypt share one block. One per pusher; keeps its
/// buffers.
class recv_writer {
public:
  /// Turns to another push.
  /// Lifetime: `content` stays until the last `write` for it.
  void begin(const push_content& content);

  /// Writes all messages but those that came from `to`'s own connection.
  /// Lifetime: until the next call.
  const recv_block& write(std::string_view receiver, const session& to,
                          const session_identity& who);

private:
  /// Sessions that read the same bytes.
  struct dialect {
    std::uint8_t version = 0;
    bool json_rpc = false;
    bool websocket = false;

    friend bool operator==(const dialect&, const dialect&) = default;
  };

  bool is_as_for_others(std::string_view receiver, const session& to) const;
  void fill(recv_block& x, std::string_view receiver, const session& to,
            const session_identity& who);
  void append(recv_block& x, const push_item& item, std::string_view receiver,
              bool websocket, const session_identity& who);

  const push_content* content_ = nullptr;
  std::vector<std::pair<dialect, recv_block>> shared_;
  recv_block own_;
  wire::cipher cipher_;
  byte_vector out_;
  byte_vector payload_;
};

/// The fields of a RECV as `receiver` sees them, payload plain, not signed.
/// A person channel named after the receiver is shown as the sender's; the
/// system account is not shown.
wire::recv_frame recv_for(const push_content& content, const push_item& item,
                          std::string_view receiver);

} // namespace jindou::actors
