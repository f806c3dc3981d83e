#pragma once

#include "messages/ids.hpp"
#include "messages/policy.hpp"

#include <string>
#include <string_view>

namespace jindou::actors::http {

/// Writes a stored message as v2 shows it; the channel is named as its sender
/// named it, with the exceptions of v2.
std::string message_json(const channel_key& channel, const stored_message& x);

/// The channel_id of that text. For a person channel the other end than
/// `from_uid`; of a command message the second part, its suffix included.
std::string_view shown_channel_id(const channel_key& channel,
                                  std::string_view from_uid);

} // namespace jindou::actors::http
