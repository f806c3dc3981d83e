#include "actors/http/answers.hpp"
#include "actors/http/conversations.hpp"
#include "actors/http/endpoints.hpp"
#include "actors/http/node_calls.hpp"
#include "actors/http/orders.hpp"

namespace jindou::actors::http {

namespace {

/// Carries out an order that nothing follows from.
http_reply answer_order(http_call& call, channel_order order) {
  auto e = co_await carry_out(call, std::move(order));
  co_return e == errc::none ? ok() : failure(e);
}

/// Carries out an order that makes `uids` subscribers.
http_reply answer_joining(http_call& call, channel_order order,
                          std::vector<std::string> uids) {
  auto channel = order.channel;
  auto e = co_await carry_out(call, std::move(order));
  if (e != errc::none)
    co_return failure(e);
  if (uids.empty() || !keeps_conversations(channel))
    co_return ok();
  auto view = co_await fetch_view(call, channel);
  if (view) {
    auto make = joined_conversation(channel, view->last_seq);
    co_await change_conversations(call, uids, std::move(make));
  }
  co_return ok();
}

} // namespace

http_reply channel_put(http_call& call) {
  auto request = parse_channel(call.body);
  if (!request)
    co_return failure(request.error().text);
  auto order = channel_order_of(*request);
  co_return co_await answer_joining(call, std::move(order),
                                    std::move(request->subscribers));
}

http_reply channel_flags_put(http_call& call) {
  auto request = parse_channel_flags(call.body);
  if (!request)
    co_return failure(request.error().text);
  auto order = channel_order_of(*request);
  order.event = event_type::channel_update;
  co_return co_await answer_order(call, std::move(order));
}

http_reply channel_delete(http_call& call) {
  auto channel = parse_channel_delete(call.body);
  if (!channel)
    co_return failure(channel.error().text);
  auto order = delete_order(*channel);
  co_return co_await answer_order(call, std::move(order));
}

http_reply subscriber_add(http_call& call) {
  auto request = parse_subscriber_add(call.body);
  if (!request)
    co_return failure(request.error().text);
  auto order = subscriber_add_order(*request);
  co_return co_await answer_joining(call, std::move(order),
                                    std::move(request->uids));
}

http_reply subscriber_remove(http_call& call) {
  auto request = parse_subscriber_remove(call.body);
  if (!request)
    co_return failure(request.error().text);
  auto order = remove_order(*request, command::list::subscriber);
  auto e = co_await carry_out(call, std::move(order));
  if (e != errc::none)
    co_return failure(e);
  if (keeps_conversations(request->channel)) {
    auto make = dropped_conversation(request->channel);
    co_await change_conversations(call, request->uids, std::move(make));
  }
  co_return ok();
}

http_reply subscriber_remove_all(http_call& call) {
  auto channel = parse_subscriber_remove_all(call.body);
  if (!channel)
    co_return failure(channel.error().text);
  auto order = clear_order(*channel, command::list::subscriber);
  co_return co_await answer_order(call, std::move(order));
}

} // namespace jindou::actors::http
