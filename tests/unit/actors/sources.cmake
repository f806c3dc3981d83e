# One line per subject: append yours.
set(sources gateway/frame_encoder_test.cpp gateway/session_table_test.cpp
            gateway/unacked_test.cpp gateway/websocket_framing_test.cpp)
