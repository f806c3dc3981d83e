# One line per subject: append yours.
set(sources gateway/address_list.cpp gateway/client_session.cpp
            gateway/client_session_json.cpp gateway/client_session_tls.cpp
            gateway/client_session_read.cpp gateway/client_session_write.cpp gateway/connection_gate.cpp
            gateway/frame_encoder.cpp gateway/gateway.cpp
            gateway/gateway_options.cpp gateway/inbox.cpp gateway/io_loop.cpp
            gateway/json_inbox.cpp gateway/listener.cpp gateway/login_rules.cpp gateway/outbox.cpp
            gateway/proxy_header.cpp gateway/session_table.cpp
            gateway/tls_context.cpp gateway/tls_stream.cpp gateway/unacked.cpp
            gateway/websocket_framing.cpp gateway/websocket_handshake.cpp)
list(APPEND sources http/answers.cpp http/demo_files.cpp http/http_connection.cpp
     http/http_listener.cpp http/json_body.cpp http/metrics_page.cpp
     http/query.cpp http/request_head.cpp http/routes.cpp
     http/state_endpoints.cpp)
list(APPEND sources handler_chain.cpp rate_limit.cpp)
list(APPEND sources
     channel/channel.cpp channel/channel_chain.cpp channel/channel_directory.cpp
     channel/channel_subscriptions.cpp channel/listener_set.cpp
     channel/distribution.cpp channel/permission.cpp channel/subscriber_set.cpp
     push/pusher.cpp push/pusher_pool.cpp push/recv_writer.cpp
     user/device_policy.cpp user/login.cpp user/user.cpp user/user_chains.cpp
     user/user_directory.cpp user/subscriptions.cpp user/user_subscriptions.cpp)
list(APPEND sources http/channel_endpoints.cpp http/conversations.cpp
     http/history_page.cpp http/list_endpoints.cpp http/message_endpoints.cpp
     http/message_json.cpp http/node_calls.cpp http/orders.cpp http/outgoing.cpp
     http/requests.cpp http/user_endpoints.cpp)
