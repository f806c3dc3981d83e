#pragma once

#include "actors/http/http_call.hpp"

/// One function per endpoint; which path leads to which, `routes.cpp` says.
namespace jindou::actors::http {

using http_reply = boost::asio::awaitable<http_answer>;

// -- state of the node (state_endpoints.cpp) ----------------------------------

http_reply health(http_call& call);
http_reply healthz(http_call& call);
http_reply readyz(http_call& call);
http_reply metrics_text(http_call& call);
http_reply route_one(http_call& call);
http_reply route_batch(http_call& call);
http_reply demo_page(http_call& call);
http_reply backup_begin(http_call& call);
http_reply backup_state(http_call& call);

// -- users (user_endpoints.cpp) -----------------------------------------------

http_reply user_token(http_call& call);

// -- channels and their subscribers (channel_endpoints.cpp) -------------------

http_reply channel_put(http_call& call);
http_reply channel_flags_put(http_call& call);
http_reply channel_delete(http_call& call);
http_reply subscriber_add(http_call& call);
http_reply subscriber_remove(http_call& call);
http_reply subscriber_remove_all(http_call& call);

// -- deny and allow lists (list_endpoints.cpp) --------------------------------

http_reply blacklist_add(http_call& call);
http_reply blacklist_set(http_call& call);
http_reply blacklist_remove(http_call& call);
http_reply blacklist_remove_all(http_call& call);
http_reply whitelist_add(http_call& call);
http_reply whitelist_set(http_call& call);
http_reply whitelist_remove(http_call& call);
http_reply whitelist_remove_all(http_call& call);
http_reply whitelist(http_call& call);

// -- messages (message_endpoints.cpp) -----------------------------------------

http_reply message_send(http_call& call);
http_reply message_send_batch(http_call& call);
http_reply channel_message_sync(http_call& call);
http_reply channel_max_message_seq(http_call& call);

} // namespace jindou::actors::http
