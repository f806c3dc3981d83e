#include "messages/wire/json_text.hpp"
#include "messages/wire/jsonrpc.hpp"

namespace jindou::wire::jsonrpc {

namespace {

// The order of the members is that of the original; members of no value are
// left out where it leaves them out.

void add_header(json_writer& w, header_flags f) {
  if (to_bits(f) == 0)
    return;
  w.open("header");
  if (f.no_persist)
    w.truth("noPersist");
  if (f.red_dot)
    w.truth("redDot");
  if (f.sync_once)
    w.truth("syncOnce");
  if (f.dup)
    w.truth("dup");
  w.close();
}

void add_setting(json_writer& w, std::uint8_t bits) {
  if (bits == 0)
    return;
  w.open("setting");
  if ((bits & setting::receipt) != 0)
    w.truth("receipt");
  if ((bits & setting::signal) != 0)
    w.truth("signal");
  if ((bits & setting::stream) != 0)
    w.truth("stream");
  if ((bits & setting::topic) != 0)
    w.truth("topic");
  w.close();
}

void add_text(json_writer& w, std::string_view name, std::string_view value) {
  if (!value.empty())
    w.text(name, value);
}

void add_number(json_writer& w, std::string_view name,
                std::integral auto value) {
  if (value != 0)
    w.number(name, value);
}

void add_members(json_writer& w, const connack_frame& f) {
  add_number(w, "serverVersion", f.server_version);
  add_text(w, "serverKey", f.server_key);
  add_text(w, "salt", f.salt);
  add_number(w, "timeDiff", f.time_diff);
  w.number("reasonCode", f.reason);
  w.number("nodeId", f.node_id);
}

void add_members(json_writer& w, const sendack_frame& f) {
  add_header(w, f.flags);
  w.number_text("messageId", f.message_id);
  w.number("messageSeq", f.message_seq);
  w.number("reasonCode", f.reason);
}

void add_members(json_writer& w, const recv_frame& f) {
  add_header(w, f.flags);
  add_setting(w, f.setting);
  add_text(w, "msgKey", f.msg_key);
  add_number(w, "expire", f.expire);
  w.number_text("messageId", f.message_id);
  w.number("messageSeq", f.message_seq);
  add_text(w, "clientMsgNo", f.client_msg_no);
  add_text(w, "streamNo", f.stream_no);
  add_text(w, "streamId", f.stream_no); // yes: the number of the stream
  add_number(w, "streamFlag", f.stream_flag);
  w.number("timestamp", f.timestamp);
  w.text("channelId", f.channel_id);
  w.number("channelType", f.channel_type);
  add_text(w, "topic", f.topic);
  w.text("fromUid", f.from_uid);
  w.base64("payload", f.payload);
}

void add_members(json_writer& w, const suback_frame& f) {
  w.text("subNo", f.sub_no);
  w.text("channelId", f.channel_id);
  w.number("channelType", f.channel_type);
  w.number("action", f.action);
  w.number("reasonCode", f.reason);
}

void add_members(json_writer& w, const event_frame& f) {
  add_header(w, f.flags);
  w.text("id", f.id);
  w.text("type", f.type);
  w.number("timestamp", f.timestamp);
  w.text("data", f.data);
}

void add_members(json_writer& w, const disconnect_frame& f) {
  w.number("reasonCode", f.reason);
  add_text(w, "reason", f.reason_text);
}

json_writer begin(byte_vector& out) {
  json_writer w{out};
  w.text("jsonrpc", "2.0");
  return w;
}

errc respond(std::string_view id, const auto& f, byte_vector& out) {
  auto w = begin(out);
  add_text(w, "id", id);
  w.open("result");
  add_members(w, f);
  w.close();
  w.close();
  return errc::none;
}

errc notify(std::string_view method, const auto& f, byte_vector& out) {
  auto w = begin(out);
  w.text("method", method);
  w.open("params");
  add_members(w, f);
  w.close();
  w.close();
  return errc::none;
}

/// Picks the form of a frame by its type.
struct form {
  errc operator()(const connack_frame& f) const {
    return respond(id, f, out);
  }

  errc operator()(const sendack_frame& f) const {
    return respond(id, f, out);
  }

  errc operator()(const suback_frame& f) const {
    return respond(id, f, out);
  }

  errc operator()(const pong_frame&) const {
    auto w = begin(out);
    add_text(w, "id", id);
    w.close();
    return errc::none;
  }

  errc operator()(const recv_frame& f) const {
    return notify("recv", f, out);
  }

  errc operator()(const event_frame& f) const {
    return notify("event", f, out);
  }

  errc operator()(const disconnect_frame& f) const {
    return notify("disconnect", f, out);
  }

  errc operator()(const auto&) const { // what a server does not send
    return errc::unsupported;
  }

  std::string_view id;
  byte_vector& out;
};

} // namespace

errc encode(const frame& f, std::string_view id, byte_vector& out) {
  return std::visit(form{id, out}, f);
}

void encode_error(const refusal& why, byte_vector& out) {
  auto w = begin(out);
  add_text(w, "id", why.id);
  w.open("error");
  w.number("code", 0);
  w.text("message", why.message);
  w.close();
  w.close();
}

} // namespace jindou::wire::jsonrpc
