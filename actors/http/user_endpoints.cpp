#include "actors/http/answers.hpp"
#include "actors/http/endpoints.hpp"
#include "actors/http/node_calls.hpp"
#include "actors/http/requests.hpp"
#include "messages/wire/reason.hpp"

namespace jindou::actors::http {

http_reply user_token(http_call& call) {
  auto request = parse_user_token(call.body);
  if (!request)
    co_return failure(request.error().text);
  channel_key record{channel_type::person, request->uid};
  auto view = co_await fetch_view(call, std::move(record));
  if (!view)
    co_return failure(view.error());
  if ((view->flags & command::channel_flags::ban) != 0)
    co_return soft_status(static_cast<unsigned>(wire::reason::ban));
  if ((view->flags & command::channel_flags::disband) != 0)
    co_return soft_status(static_cast<unsigned>(wire::reason::disband));
  set_token event;
  event.device_flag = request->device_flag;
  event.level = request->level;
  event.token = std::move(request->token);
  auto e
    = co_await write_token(call, std::move(request->uid), std::move(event));
  co_return e == errc::none ? ok() : failure(e);
}

} // namespace jindou::actors::http
