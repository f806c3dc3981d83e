#pragma once

#include "messages/ids.hpp"
#include "messages/session.hpp"

#include <cstdint>
#include <string_view>

/// What a login does to the sessions that are there already (v2, behaviour
/// 3.1). Pure.
namespace jindou::actors::device_policy {

enum class fate : std::uint8_t {
  /// Stays.
  keep,
  /// DISCONNECT(12), then the socket is closed.
  kick,
  /// The socket is closed without a word: the same device came back.
  replace,
};

/// Decides about `old` when `fresh` logs in; both are of one uid.
fate of(const session_identity& fresh, const session_identity& old);

/// Says whether `uid` is a visitor, who needs no token.
bool is_visitor(std::string_view uid, std::string_view suffix);

/// Compares secrets without telling by time where they differ.
bool same_secret(std::string_view a, std::string_view b);

} // namespace jindou::actors::device_policy
