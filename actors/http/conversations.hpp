#pragma once

#include "messages/command.hpp"
#include "messages/ids.hpp"

#include <functional>
#include <string>

/// What a changed list means for the conversations of the people on it
/// (behaviour of v2, 11.1). Pure.
namespace jindou::actors::http {

using conversation_change = std::function<command::any(const std::string& uid)>;

/// Says whether changed subscribers change conversations: not in live channels.
bool keeps_conversations(const channel_key& channel);

/// Says whether a changed deny list changes conversations: neither in live
/// channels nor, since the list does not name the conversation, between people.
bool denial_changes_conversations(const channel_key& channel);

/// A subscriber has read everything up to `last_seq`; whatever was is replaced.
conversation_change joined_conversation(const channel_key& channel,
                                        message_seq last_seq);

conversation_change dropped_conversation(const channel_key& channel);

/// Made if missing, nothing read.
conversation_change opened_conversation(const channel_key& channel);

/// The conversation with the owner of an allow list, made if missing.
conversation_change allowed_conversation(const std::string& owner);

} // namespace jindou::actors::http
