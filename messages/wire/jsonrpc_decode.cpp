#include "messages/wire/base64.hpp"
#include "messages/wire/jsonrpc.hpp"
#include "messages/wire/jsonrpc_fields.hpp"

#include <openssl/rand.h>

#include <charconv>
#include <limits>

namespace jindou::wire::jsonrpc {

namespace {

using kind = json_value::kind;
using outcome = result<frame, std::string>;

// The words of an error are part of what clients see, so they follow the
// original, which names its own types in them.

constexpr std::string_view bad_field = "jsonrpc: failed to unmarshal field: ";

std::string_view kind_name(kind k) {
  switch (k) {
  case kind::truth:
    return "bool";
  case kind::number:
    return "number";
  case kind::text:
    return "string";
  case kind::array:
    return "array";
  default:
    return "object";
  }
}

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (auto p : parts)
    text += p;
  return text;
}

/// Takes the members that one method knows out of its params, and remembers
/// the first of them that has a wrong type.
class params_reader {
public:
  /// `type` is what the original calls these params.
  params_reader(const members& from, std::string_view type)
      : from_(from), type_(type) {
    if (from[field::params].is != kind::object && !is_null(field::params))
      fail(field::params,
           joined({"json: cannot unmarshal ", kind_name(from[field::params].is),
                   " into Go value of type jsonrpc.", type}));
  }

  std::string_view text(field f) {
    if (is_null(f))
      return {};
    if (from_[f].is != kind::text)
      mismatch(f, "string");
    else if (from_[f].text.size() > limits::wire_string_bytes_max)
      fail(f, joined({"text too long: ", name_of(f)}));
    return from_[f].text;
  }

  /// A number of the original's type `type`, cut to `T` as the original does.
  template <std::integral T>
  T integer(field f, std::string_view type = "int",
            std::int64_t least = std::numeric_limits<std::int64_t>::min(),
            std::int64_t most = std::numeric_limits<std::int64_t>::max()) {
    if (is_null(f))
      return 0;
    auto& v = from_[f];
    if (v.is != kind::number || !v.integer || *v.integer < least
        || *v.integer > most) {
      mismatch(f, type, v.text);
      return 0;
    }
    return static_cast<T>(*v.integer);
  }

  std::uint32_t natural(field f) {
    return integer<std::uint32_t>(f, "uint32", 0,
                                  std::numeric_limits<std::uint32_t>::max());
  }

  bool flag(field f) {
    if (!is_null(f) && from_[f].is != kind::truth)
      mismatch(f, "bool");
    return from_[f].truth;
  }

  void bytes(field f, std::string& to) {
    if (is_null(f))
      return;
    if (from_[f].is != kind::text)
      return mismatch(f, "[]uint8");
    const auto& text = from_[f].text;
    to.resize(base64_bytes_max(text.size()));
    auto size = base64_decode(text, reinterpret_cast<std::byte*>(to.data()));
    to.resize(size.value_or(0));
    if (!size)
      fail(f, "illegal base64 data");
  }

  header_flags header() {
    part(field::header, "Header");
    return {flag(field::no_persist), flag(field::red_dot),
            flag(field::sync_once), flag(field::dup)};
  }

  std::uint8_t setting() {
    part(field::setting, "SettingFlags");
    auto bits = (flag(field::receipt) ? setting::receipt : 0)
                | (flag(field::signal) ? setting::signal : 0)
                | (flag(field::stream) ? setting::stream : 0)
                | (flag(field::use_topic) ? setting::topic : 0);
    return static_cast<std::uint8_t>(bits);
  }

  /// The frame, or the complaint about the first wrong member.
  outcome finish(frame f, std::string_view method) const {
    if (complaint_.empty())
      return f;
    return joined({bad_field, method, " params: ", complaint_});
  }

private:
  bool is_null(field f) const {
    return from_[f].is == kind::absent || from_[f].is == kind::null;
  }

  void part(field f, std::string_view type) {
    if (!is_null(f) && from_[f].is != kind::object)
      mismatch(f, joined({"jsonrpc.", type}));
  }

  void mismatch(field f, std::string_view type, std::string_view digits = {}) {
    auto& v = from_[f];
    auto number = v.is == kind::number && !digits.empty();
    auto path = std::string{name_of(f)};
    auto owner = type_;
    if (scope_of(f) == scope::header) {
      owner = "Header";
      path = "header." + path;
    } else if (scope_of(f) == scope::setting) {
      owner = "SettingFlags";
      path = "setting." + path;
    }
    fail(f,
         joined({"json: cannot unmarshal ", kind_name(v.is), number ? " " : "",
                 number ? digits : "", " into Go struct field ", owner, ".",
                 path, " of type ", type}));
  }

  void fail(field f, std::string why) {
    if (!complaint_.empty() && from_[f].order > complaint_order_)
      return;
    complaint_ = std::move(why);
    complaint_order_ = from_[f].order;
  }

  const members& from_;
  std::string_view type_;
  std::string complaint_;
  std::size_t complaint_order_ = 0;
};

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

outcome subscribe(members& m, number_source) {
  params_reader p{m, "SubscribeParams"};
  p.text(field::sub_no);
  p.text(field::channel_id);
  p.integer<std::uint8_t>(field::channel_type);
  p.text(field::param);
  auto read = p.finish(ping_frame{}, "subscribe");
  return read ? not_for_servers("SubscribeRequest") : read;
}

outcome unsubscribe(members& m, number_source) {
  params_reader p{m, "UnsubscribeParams"};
  p.text(field::sub_no);
  p.text(field::channel_id);
  p.integer<std::uint8_t>(field::channel_type);
  auto read = p.finish(ping_frame{}, "unsubscribe");
  return read ? not_for_servers("UnsubscribeRequest") : read;
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
  std::string hex;
  for (auto b : bytes) {
    hex += "0123456789abcdef"[b >> 4];
    hex += "0123456789abcdef"[b & 15];
  }
  return hex;
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
