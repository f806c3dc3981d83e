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

} // namespace jindou::actors::http
