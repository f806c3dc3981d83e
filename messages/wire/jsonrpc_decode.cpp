#include "messages/hex.hpp"
#include "messages/wire/jsonrpc.hpp"
#include "messages/wire/jsonrpc_fields.hpp"
#include "messages/wire/jsonrpc_params.hpp"

#include <openssl/rand.h>

#include <charconv>

namespace jindou::wire::jsonrpc {

namespace {

using kind = json_value::kind;

// -- one function per method --------------------------------------------------

using number_source = std::string (*)();

outcome connect(members& m, number_source) {
  params_reader p{m, "ConnectParams"};
  connect_frame f;
  f.flags = p.header();
  f.version = p.integer<std::uint8_t>(field::version);
  if (m[field::version].integer.value_or(0) == 0)
    f.version = latest_version;
  f.device_flag
    = p.integer<std::uint8_t>(field::device_flag, "jsonrpc.DeviceFlagEnum");
  f.device_id = p.text(field::device_id);
  f.uid = p.text(field::uid);
  f.token = p.text(field::token);
  f.client_timestamp
    = p.integer<std::int64_t>(field::client_timestamp, "int64");
  f.client_key = p.text(field::client_key);
  return p.finish(f, "connect");
}

outcome send(members& m, number_source fresh) {
  params_reader p{m, "SendParams"};
  send_frame f;
  f.flags = p.header();
  f.setting = p.setting();
  f.client_msg_no = p.text(field::client_msg_no);
  f.stream_no = p.text(field::stream_no);
  f.channel_id = p.text(field::channel_id);
  f.channel_type = p.integer<std::uint8_t>(field::channel_type);
  f.expire = p.natural(field::expire);
  f.msg_key = p.text(field::msg_key);
  f.topic = p.text(field::topic);
  p.bytes(field::payload, m.payload);
  f.payload = m.payload;
  if (f.client_msg_no.empty()) {
    m[field::client_msg_no].text = fresh();
    f.client_msg_no = m[field::client_msg_no].text;
  }
  return p.finish(f, "send");
}

outcome ping(members& m, number_source) {
  if (!m.has(field::params))
    return frame{ping_frame{}};
  return params_reader{m, "PingParams"}.finish(ping_frame{}, "ping");
}

outcome disconnect(members& m, number_source) {
  params_reader p{m, "DisconnectParams"};
  disconnect_frame f;
  f.reason
    = p.integer<std::uint8_t>(field::reason_code, "jsonrpc.ReasonCodeEnum");
  f.reason_text = p.text(field::reason);
  return p.finish(f, "disconnect");
}

outcome recvack(members& m, number_source) {
  params_reader p{m, "RecvAckParams"};
  recvack_frame f;
  f.flags = p.header();
  auto id = p.text(field::message_id);
  auto end = id.data() + id.size();
  auto [at, bad] = std::from_chars(id.data(), end, f.message_id);
  if (bad != std::errc{} || at != end)
    f.message_id = 0;
  f.message_seq = p.natural(field::message_seq);
  return p.finish(f, "recvack");
}

outcome not_for_servers(std::string_view type) {
  return joined({"unknown packet type: jsonrpc.", type});
}

/// The original refuses both; here they are the SUB frame.
sub_frame subscription(params_reader& p) {
  sub_frame f;
  f.sub_no = p.text(field::sub_no);
  f.channel_id = p.text(field::channel_id);
  f.channel_type = p.integer<std::uint8_t>(field::channel_type);
  return f;
}

outcome subscribe(members& m, number_source) {
  params_reader p{m, "SubscribeParams"};
  auto f = subscription(p);
  f.param = p.text(field::param);
  return p.finish(f, "subscribe");
}

outcome unsubscribe(members& m, number_source) {
  params_reader p{m, "UnsubscribeParams"};
  auto f = subscription(p);
  f.action = sub_action::unsubscribe;
  return p.finish(f, "unsubscribe");
}

outcome recv_notified(members&, number_source) {
  return not_for_servers("RecvNotification");
}

outcome event_notified(members&, number_source) {
  return not_for_servers("EventNotification");
}

outcome disconnect_notified(members& m, number_source fresh) {
  auto read = disconnect(m, fresh);
  return read ? not_for_servers("DisconnectNotification") : read;
}

struct known_method {
  std::string_view name;
  outcome (*decode)(members&, number_source);
};

constexpr known_method requests[] = {
  {"connect", connect},     {"send", send},
  {"ping", ping},           {"disconnect", disconnect},
  {"subscribe", subscribe}, {"unsubscribe", unsubscribe},
};

constexpr known_method notifications[] = {
  {"recvack", recvack},
  {"recv", recv_notified},
  {"event", event_notified},
  {"disconnect", disconnect_notified},
};

// -- the envelope -------------------------------------------------------------

std::string wrong_text(std::string_view name, kind is) {
  return joined({bad_field, name, ": json: cannot unmarshal ", kind_name(is),
                 " into Go value of type string"});
}

/// "" or what is wrong with the version.
std::string check_version(const members& m) {
  auto& v = m[field::jsonrpc];
  if (v.is == kind::absent || (v.is == kind::text && v.text == "2.0"))
    return {};
  if (v.is != kind::text && v.is != kind::null)
    return wrong_text("jsonrpc field", v.is);
  return joined({"jsonrpc: invalid version: expected '2.0', got '",
                 std::string_view{v.text}.substr(0, 32), "'"});
}

outcome decode_response(const members& m) {
  if (m.has(field::result) == m.has(field::error))
    return std::string{"jsonrpc: invalid response format (missing id, "
                       "result/error mismatch)"};
  return not_for_servers("GenericResponse");
}

outcome decode_request(members& m, number_source fresh) {
  const auto& id = m[field::id];
  std::string_view method = m[field::method].text;
  if (id.is == kind::null)
    return std::string{"jsonrpc: invalid request format (missing id or "
                       "method)"};
  if (id.is != kind::text)
    return wrong_text("request ID", id.is);
  for (auto& known : requests)
    if (known.name == method)
      return m.has(field::params) || method == "ping"
               ? known.decode(m, fresh)
               : joined({"jsonrpc: missing params field: method ", method});
  return joined({"jsonrpc: unknown method: ", method.substr(0, 64)});
}

outcome decode_notification(members& m, number_source fresh) {
  std::string_view method = m[field::method].text;
  for (auto& known : notifications)
    if (known.name == method)
      return m.has(field::params)
               ? known.decode(m, fresh)
               : joined({"jsonrpc: missing params field: method ", method});
  return joined({"jsonrpc decode: unknown notification method '",
                 method.substr(0, 64), "'"});
}

outcome decode_members(members& m, number_source fresh) {
  const auto& method = m[field::method];
  if (m.has(field::method) && method.is != kind::text
      && method.is != kind::null)
    return wrong_text("method", method.is);
  if (auto wrong = check_version(m); !wrong.empty())
    return wrong;
  if (!method.text.empty())
    return m.has(field::id) ? decode_request(m, fresh)
                            : decode_notification(m, fresh);
  if (m.has(field::id) && (m.has(field::result) || m.has(field::error)))
    return decode_response(m);
  return std::string{"jsonrpc decode: unable to determine message type "
                     "(invalid field combination)"};
}

/// "" if `text` is one object as far as braces tell.
std::string check_extent(std::string_view text) {
  auto cut = scanner{}.cut(as_bytes(text));
  if (std::holds_alternative<need_more>(cut))
    return "unexpected EOF";
  if (auto* f = std::get_if<fault>(&cut); f && f->error == errc::too_large)
    return "jsonrpc: text too long";
  return {};
}

} // namespace

std::string random_number() {
  unsigned char bytes[16];
  if (RAND_bytes(bytes, sizeof(bytes)) != 1)
    return {}; // a SEND without number is not recognised when it is repeated
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0f) | 0x40); // UUID 4
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3f) | 0x80);
  return hex_of(std::as_bytes(std::span{bytes}));
}

result<request, refusal> decode(std::string_view text, number_source fresh) {
  if (auto wrong = check_extent(text); !wrong.empty())
    return refusal{{}, wrong};
  auto m = std::make_shared<members>();
  if (auto wrong = m->read(text))
    return refusal{{}, *wrong};
  auto& id = (*m)[field::id];
  auto read = decode_members(*m, fresh);
  if (!read)
    return refusal{id.is == kind::text ? id.text : std::string{}, read.error()};
  return request{*read, id.text, m};
}

} // namespace jindou::wire::jsonrpc
