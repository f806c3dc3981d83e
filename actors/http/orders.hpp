#pragma once

#include "actors/http/requests.hpp"
#include "messages/channel.hpp"
#include "messages/command.hpp"

#include <functional>
#include <string>
#include <vector>

/// What a request makes the channel or its members' conversations do, as
/// commands. Lists are split, so that no command is longer than
/// `limits::uids_per_command_max`. Pure.
namespace jindou::actors::http {

/// Puts `uids` on a list; with `reset` they become the list.
void append_members(std::vector<command::any>& to, const channel_key& channel,
                    command::list list, bool reset,
                    const std::vector<std::string>& uids);

/// The record with all its flags, then the subscribers.
channel_order channel_order_of(const channel_request& request);

/// The record if missing, then the subscribers.
channel_order subscriber_add_order(const members_request& request);

/// Adds to a list, or replaces it if the request says reset.
channel_order list_order(const members_request& request, command::list list);

/// Takes off a list.
channel_order remove_order(const members_request& request, command::list list);

/// Empties a list.
channel_order clear_order(const channel_key& channel, command::list list);

/// Marks the channel as disbanded.
channel_order delete_order(const channel_key& channel);

} // namespace jindou::actors::http
