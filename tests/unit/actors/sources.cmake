# One line per subject: append yours.
set(sources gateway/address_list_test.cpp gateway/bulk_line_test.cpp gateway/gateway_bulk_test.cpp gateway/fair_window_test.cpp gateway/frame_encoder_test.cpp gateway/gateway_fixture.cpp
            gateway/gateway_limits_test.cpp gateway/gateway_test.cpp
            gateway/inbox_test.cpp gateway/late_line_test.cpp gateway/outbox_test.cpp
            gateway/json_inbox_test.cpp gateway/json_session_test.cpp
            gateway/proxy_header_test.cpp
            gateway/session_table_test.cpp gateway/tls_client.cpp
            gateway/tls_test.cpp gateway/unacked_test.cpp
            gateway/websocket_framing_test.cpp gateway/websocket_test.cpp)
list(APPEND sources http/http_listener_test.cpp http/json_body_test.cpp
     http/metrics_page_test.cpp http/query_test.cpp http/routes_test.cpp)
list(APPEND sources directory_test.cpp id_generator_test.cpp rate_limit_test.cpp
     handler_chain_test.cpp log_limit_test.cpp waiting_line_test.cpp
     push/pusher_test.cpp push/recv_writer_test.cpp
     user/device_policy_test.cpp user/subscriptions_test.cpp
     user/user_sessions_test.cpp user/user_subscription_test.cpp
     user/user_test.cpp
     channel/channel_subscription_test.cpp channel/channel_test.cpp
     channel/channel_types_test.cpp channel/listener_set_test.cpp
     channel/permission_test.cpp
     channel/subscriber_set_test.cpp)
list(APPEND sources http/endpoints_test.cpp http/history_page_test.cpp
     http/outgoing_test.cpp http/requests_test.cpp)
