#include "actors/http/answers.hpp"
#include "actors/http/conversations.hpp"
#include "actors/http/endpoints.hpp"
#include "actors/http/node_calls.hpp"
#include "actors/http/orders.hpp"

#include <algorithm>

namespace jindou::actors::http {

namespace {

using command::list;

/// Carries out an order; then, if `make` is one, changes conversations.
http_reply answer_list(http_call& call, channel_order order,
                       std::vector<std::string> uids,
                       conversation_change make) {
  auto e = co_await carry_out(call, std::move(order));
  if (e != errc::none)
    co_return failure(e);
  if (make)
    co_await change_conversations(call, uids, std::move(make));
  co_return ok();
}

conversation_change denied(const channel_key& channel) {
  return denial_changes_conversations(channel) ? dropped_conversation(channel)
                                               : nullptr;
}

conversation_change no_more_denied(const channel_key& channel) {
  return denial_changes_conversations(channel) ? opened_conversation(channel)
                                               : nullptr;
}

http_reply clear_list(http_call& call, list which) {
  auto channel = parse_list_clear(call.body);
  if (!channel)
    co_return failure(channel.error().text);
  auto order = clear_order(*channel, which);
  std::vector<std::string> nobody;
  co_return co_await answer_list(call, std::move(order), std::move(nobody),
                                 nullptr);
}

} // namespace

http_reply blacklist_add(http_call& call) {
  auto request = parse_list_change(call.body);
  if (!request)
    co_return failure(request.error().text);
  auto order = list_order(*request, list::deny);
  auto make = denied(request->channel);
  co_return co_await answer_list(call, std::move(order),
                                 std::move(request->uids), std::move(make));
}

http_reply blacklist_set(http_call& call) {
  auto request = parse_list_set(call.body);
  if (!request)
    co_return failure(request.error().text);
  auto order = list_order(*request, list::deny);
  auto make = denied(request->channel);
  co_return co_await answer_list(call, std::move(order),
                                 std::move(request->uids), std::move(make));
}

http_reply blacklist_remove(http_call& call) {
  auto request = parse_list_change(call.body);
  if (!request)
    co_return failure(request.error().text);
  auto order = remove_order(*request, list::deny);
  auto make = no_more_denied(request->channel);
  co_return co_await answer_list(call, std::move(order),
                                 std::move(request->uids), std::move(make));
}

http_reply blacklist_remove_all(http_call& call) {
  co_return co_await clear_list(call, list::deny);
}

http_reply whitelist_add(http_call& call) {
  auto request = parse_whitelist_add(call.body);
  if (!request)
    co_return failure(request.error().text);
  auto order = list_order(*request, list::allow);
  conversation_change make;
  if (request->channel.type == channel_type::person) {
    make = allowed_conversation(request->channel.id);
    std::erase(request->uids, request->channel.id);
  }
  co_return co_await answer_list(call, std::move(order),
                                 std::move(request->uids), std::move(make));
}

http_reply whitelist_set(http_call& call) {
  auto request = parse_list_set(call.body);
  if (!request)
    co_return failure(request.error().text);
  auto order = list_order(*request, list::allow);
  co_return co_await answer_list(call, std::move(order),
                                 std::move(request->uids), nullptr);
}

http_reply whitelist_remove(http_call& call) {
  auto request = parse_list_change(call.body);
  if (!request)
    co_return failure(request.error().text);
  auto order = remove_order(*request, list::allow);
  co_return co_await answer_list(call, std::move(order),
                                 std::move(request->uids), nullptr);
}

http_reply whitelist_remove_all(http_call& call) {
  co_return co_await clear_list(call, list::allow);
}

http_reply whitelist(http_call& call) {
  auto channel = parse_list_query(call.query);
  if (!channel)
    co_return failure(channel.error().text);
  auto view = co_await fetch_view(call, std::move(*channel));
  if (!view)
    co_return failure(view.error());
  co_return http_answer{200, members_json(view->allowed)};
}

} // namespace jindou::actors::http
