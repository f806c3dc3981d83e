#include "actors/http/orders.hpp"

#include "messages/limits.hpp"

#include <algorithm>

namespace jindou::actors::http {

namespace {

/// Calls `f(first part), f(second part), ...`.
template <class F>
void for_each_part(const std::vector<std::string>& uids, F f) {
  constexpr auto step
    = static_cast<std::ptrdiff_t>(limits::uids_per_command_max);
  for (auto i = uids.begin(); i != uids.end();) {
    auto end = i + std::min(step, uids.end() - i);
    f(std::vector<std::string>(i, end));
    i = end;
  }
}

event_type event_of(command::list list, event_type subscriber_event) {
  return list == command::list::subscriber ? subscriber_event
                                           : event_type::channel_update;
}

channel_order order_of(const channel_key& channel, event_type event) {
  channel_order out;
  out.channel = channel;
  out.event = event;
  return out;
}

} // namespace

void append_members(std::vector<command::any>& to, const channel_key& channel,
                    command::list list, bool reset,
                    const std::vector<std::string>& uids) {
  if (reset && uids.empty())
    to.emplace_back(command::members_clear{channel, list});
  for_each_part(uids, [&](std::vector<std::string> part) {
    to.emplace_back(
      command::members_add{channel, list, reset, std::move(part)});
    reset = false; // the later parts come on top of the first
  });
}

channel_order channel_order_of(const channel_request& request) {
  auto out = order_of(request.channel, event_type::channel_create);
  out.commands.emplace_back(
    command::channel_put{request.channel, request.flags, false});
  append_members(out.commands, request.channel, command::list::subscriber,
                 request.reset, request.subscribers);
  return out;
}

channel_order subscriber_add_order(const members_request& request) {
  auto out = order_of(request.channel, event_type::subscriber_add);
  out.commands.emplace_back(command::channel_put{
    request.channel, command::channel_flags::exists, true});
  append_members(out.commands, request.channel, command::list::subscriber,
                 request.reset, request.uids);
  return out;
}

channel_order list_order(const members_request& request, command::list list) {
  auto out
    = order_of(request.channel, event_of(list, event_type::subscriber_add));
  append_members(out.commands, request.channel, list, request.reset,
                 request.uids);
  return out;
}

channel_order remove_order(const members_request& request, command::list list) {
  auto out
    = order_of(request.channel, event_of(list, event_type::subscriber_remove));
  for_each_part(request.uids, [&](std::vector<std::string> part) {
    out.commands.emplace_back(
      command::members_remove{request.channel, list, std::move(part)});
  });
  return out;
}

channel_order clear_order(const channel_key& channel, command::list list) {
  auto out = order_of(channel, event_of(list, event_type::subscriber_remove));
  out.commands.emplace_back(command::members_clear{channel, list});
  return out;
}

channel_order delete_order(const channel_key& channel) {
  auto out = order_of(channel, event_type::channel_delete);
  out.commands.emplace_back(command::channel_disband{channel});
  return out;
}

} // namespace jindou::actors::http
