# One line per subject: append yours.
set(sources gateway/frame_encoder.cpp gateway/session_table.cpp
            gateway/unacked.cpp gateway/websocket_framing.cpp)
list(APPEND sources http/answers.cpp http/demo_files.cpp http/http_connection.cpp
     http/http_listener.cpp http/json_body.cpp http/metrics_page.cpp
     http/query.cpp http/request_head.cpp http/routes.cpp
     http/state_endpoints.cpp)
