#pragma once

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

} // namespace jindou::actors
