# One line per subject: append yours.
set(sources gateway/gateway_fixture.cpp gateway/gateway_test.cpp)
list(APPEND sources gateway/frame_encoder_test.cpp gateway/session_table_test.cpp
            gateway/unacked_test.cpp gateway/websocket_framing_test.cpp)
list(APPEND sources http/http_listener_test.cpp http/json_body_test.cpp
     http/metrics_page_test.cpp http/query_test.cpp http/routes_test.cpp)
