# One line per subject: append yours.
set(sources gateway/frame_encoder.cpp gateway/session_table.cpp
            gateway/unacked.cpp gateway/websocket_framing.cpp)
