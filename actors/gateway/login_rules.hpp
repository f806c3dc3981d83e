#pragma once

#include "messages/errc.hpp"
#include "messages/wire/frame.hpp"

#include <cstdint>

namespace jindou::actors {

/// What the gateway itself makes of a CONNECT, before any user is asked.
enum class login_verdict : std::uint8_t {
  ask,    ///< let the user decide
  refuse, ///< CONNACK with `reason::auth_fail`, then close
  close,  ///< close without a word, as the original does
};

/// Judges names alone; pure.
login_verdict judge_login(const wire::connect_frame& f);

/// Whether a refused login gets no answer but the close. What passes by itself
/// gets no CONNACK: clients of frames take that for final but come back 3 s
/// after a plain close. Those of JSON-RPC wait for an answer.
inline bool refused_in_silence(errc why, bool json_rpc) {
  return retryable(why) && !json_rpc;
}

} // namespace jindou::actors
