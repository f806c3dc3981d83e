#pragma once

#include "actors/handler_chain.hpp"
#include "actors/user/user_options.hpp"
#include "messages/policy.hpp"
#include "messages/user.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace jindou::actors {

class user_state;

/// One CONNECT on its way through the Connect chain.
struct login {
  std::uint64_t events() const {
    return 1;
  }

  user_state* self = nullptr;
  user_delivery_ptr from;
  const connect_request* request = nullptr;
  std::size_t at = 0;
  bool asked = false;
  std::shared_ptr<const user_view> view;
  session_identity who;
  wire::key_agreement keys;
};

/// Consecutive SENDs of one session on their way through the OnSend chain.
struct sending {
  std::uint64_t events() const {
    return frames.size();
  }

  /// Keeps the batches alive whose bytes the frames are views of.
  std::shared_ptr<const void> holder() const;

  /// Ends the batches but `rest`, of which events are left.
  void answer_all_but(const user_delivery_ptr& rest) const;

  user_state* self = nullptr;
  /// The batch of the first frame, and those of the same session that this
  /// turn brought behind it.
  user_delivery_ptr from;
  std::vector<user_delivery_ptr> more;
  /// One frame of a run that failed: when it fails too, it is set aside.
  bool alone = false;
  /// Ends the batches when it is through.
  bool last = true;
  std::shared_ptr<const session_identity> who;
  std::vector<const wire::send_frame*> frames;
  /// Frames that were handed on or answered, by the last handler.
  std::vector<bool> gone;
  std::vector<submit_item> items;
  mutable_block plain;
  std::size_t at = 0;
};

/// Decides who a client is (v2, behaviour 3). Pure: fills `who.level`.
/// Errors: `errc::auth_failed`, `errc::banned`.
errc authenticate(const user_services& services,
                  const wire::connect_frame& frame, const user_view& view,
                  session_identity& who);

/// The CONNACK of an accepted or refused login, as bytes for the wire of `to`.
shared_bytes connack_for(const user_services& services,
                         const connect_request& request, session& to,
                         errc verdict, const wire::key_agreement& keys);

/// The last words to a refused login; none if it is `refused_in_silence`.
shared_bytes refusal_of(const user_services& services,
                        const connect_request& request, session& to, errc why);

/// Version used with a client that offers `offered`.
constexpr std::uint8_t negotiated(std::uint8_t offered) {
  return offered < wire::latest_version ? offered : wire::latest_version;
}

/// Writes the SENDACKs of a batch to its session, in one append.
void acknowledge(const session_ptr& to, const std::vector<submit_item>& items,
                 metrics& stats);

/// Answers `n` PINGs, as one block.
void answer_pings(const session_ptr& to, std::size_t n, metrics& stats);

} // namespace jindou::actors
