#pragma once

#include "messages/wire/frame.hpp"

#include <concepts>
#include <cstdint>
#include <type_traits>

/// Which field of a frame stands where: one list per frame type, walked alike
/// by the passes of primitives.hpp, so that reading, writing and counting
/// cannot disagree. `v` is the negotiated version.
namespace jindou::wire {

template <class F, class Frame>
concept is = std::same_as<std::remove_const_t<F>, Frame>;

/// The stream fields belong to versions 2 to 4; from 5 on the bit is a mark.
constexpr bool has_stream_fields(std::uint8_t bits, std::uint8_t v) {
  return v >= 2 && v < 5 && (bits & setting::stream) != 0;
}

constexpr bool has_topic(std::uint8_t bits) {
  return (bits & setting::topic) != 0;
}

void layout(auto& pass, is<connect_frame> auto& f, std::uint8_t) {
  pass(f.version, f.device_flag, f.device_id, f.uid, f.token,
       f.client_timestamp, f.client_key);
}

void layout(auto& pass, is<connack_frame> auto& f, std::uint8_t v) {
  if (f.has_server_version)
    pass(f.server_version);
  pass(f.time_diff, f.reason, f.server_key, f.salt);
  if (v >= 4)
    pass(f.node_id);
}

void layout(auto& pass, is<send_frame> auto& f, std::uint8_t v) {
  pass(f.setting, f.client_seq, f.client_msg_no);
  if (has_stream_fields(f.setting, v))
    pass(f.stream_no);
  pass(f.channel_id, f.channel_type);
  if (v >= 3)
    pass(f.expire);
  pass(f.msg_key);
  if (has_topic(f.setting))
    pass(f.topic);
  pass.rest(f.payload);
}

void layout(auto& pass, is<sendack_frame> auto& f, std::uint8_t) {
  pass(f.message_id, f.client_seq, f.message_seq, f.reason);
}

void layout(auto& pass, is<recv_frame> auto& f, std::uint8_t v) {
  pass(f.setting, f.msg_key, f.from_uid, f.channel_id, f.channel_type);
  if (v >= 3)
    pass(f.expire);
  pass(f.client_msg_no);
  if (has_stream_fields(f.setting, v))
    pass(f.stream_flag, f.stream_no, f.stream_id);
  pass(f.message_id, f.message_seq, f.timestamp);
  if (has_topic(f.setting))
    pass(f.topic);
  pass.rest(f.payload);
}

void layout(auto& pass, is<recvack_frame> auto& f, std::uint8_t) {
  pass(f.message_id, f.message_seq);
}

void layout(auto& pass, is<disconnect_frame> auto& f, std::uint8_t) {
  pass(f.reason, f.reason_text);
}

void layout(auto& pass, is<sub_frame> auto& f, std::uint8_t) {
  pass(f.setting, f.sub_no, f.channel_id, f.channel_type, f.action, f.param);
}

void layout(auto& pass, is<suback_frame> auto& f, std::uint8_t) {
  pass(f.sub_no, f.channel_id, f.channel_type, f.action, f.reason);
}

void layout(auto& pass, is<event_frame> auto& f, std::uint8_t) {
  pass(f.id, f.type, f.timestamp);
  pass.rest(f.data);
}

} // namespace jindou::wire
