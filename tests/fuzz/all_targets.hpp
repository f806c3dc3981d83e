#pragma once

#include "tests/fuzz/target.hpp"

namespace jindou::fuzz {

/// Every target; a new one is added here and in `sources.cmake`.
inline const target* const all_targets[] = {&frames,
                                            &frame_stream,
                                            &crypto,
                                            &json_frames,
                                            &json_text,
                                            &json_stream,
                                            &proxy,
                                            &websocket_stream,
                                            &http_head,
                                            &http_body,
                                            &websocket_request,
                                            &http_query,
                                            &addresses,
                                            &config,
                                            &records,
                                            &log_tail,
                                            &apply_log,
                                            &blocks,
                                            &journal,
                                            &rows};

} // namespace jindou::fuzz
