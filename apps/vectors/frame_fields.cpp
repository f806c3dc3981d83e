#include "apps/vectors/frame_fields.hpp"

#include "apps/vectors/json_fields.hpp"
#include "messages/wire/layout.hpp"

#include <array>
#include <vector>

namespace jindou::vectors {

namespace {

using namespace wire;

constexpr std::array<std::string_view, std::variant_size_v<frame>> frame_names{
  "CONNECT", "CONNACK", "SEND",       "SENDACK", "RECV",   "RECVACK",
  "PING",    "PONG",    "DISCONNECT", "SUB",     "SUBACK", "EVENT"};

// -- the names that vectors give to the fields --------------------------------

void name_fields(auto& v, is<connect_frame> auto& f) {
  v.flags(f.flags);
  v("version", f.version);
  v("device_flag", f.device_flag);
  v("device_id", f.device_id);
  v("uid", f.uid);
  v("token", f.token);
  v("client_timestamp", f.client_timestamp);
  v("client_key", f.client_key);
}

void name_fields(auto& v, is<connack_frame> auto& f) {
  v("has_server_version", f.has_server_version);
  v("server_version", f.server_version);
  v("time_diff", f.time_diff);
  v("reason_code", f.reason);
  v("server_key", f.server_key);
  v("salt", f.salt);
  v("node_id", f.node_id);
}

void name_fields(auto& v, is<send_frame> auto& f) {
  v.flags(f.flags);
  v("setting", f.setting);
  v("client_seq", f.client_seq);
  v("client_msg_no", f.client_msg_no);
  v("stream_no", f.stream_no);
  v("channel_id", f.channel_id);
  v("channel_type", f.channel_type);
  v("expire", f.expire);
  v("msg_key", f.msg_key);
  v("topic", f.topic);
  v.bytes("payload_hex", f.payload);
}

void name_fields(auto& v, is<sendack_frame> auto& f) {
  v.flags(f.flags);
  v("message_id", f.message_id);
  v("client_seq", f.client_seq);
  v("message_seq", f.message_seq);
  v("reason_code", f.reason);
}

void name_fields(auto& v, is<recv_frame> auto& f) {
  v.flags(f.flags);
  v("setting", f.setting);
  v("msg_key", f.msg_key);
  v("from_uid", f.from_uid);
  v("channel_id", f.channel_id);
  v("channel_type", f.channel_type);
  v("expire", f.expire);
  v("client_msg_no", f.client_msg_no);
  v("stream_flag", f.stream_flag);
  v("stream_no", f.stream_no);
  v("stream_id", f.stream_id);
  v("message_id", f.message_id);
  v("message_seq", f.message_seq);
  v("timestamp", f.timestamp);
  v("topic", f.topic);
  v.bytes("payload_hex", f.payload);
}

void name_fields(auto& v, is<recvack_frame> auto& f) {
  v.flags(f.flags);
  v("message_id", f.message_id);
  v("message_seq", f.message_seq);
}

void name_fields(auto&, is<ping_frame> auto&) {
  // nop
}

void name_fields(auto&, is<pong_frame> auto&) {
  // nop
}

void name_fields(auto& v, is<disconnect_frame> auto& f) {
  v.flags(f.flags);
  v("reason_code", f.reason);
  v("reason", f.reason_text);
}

void name_fields(auto& v, is<sub_frame> auto& f) {
  v.flags(f.flags);
  v("setting", f.setting);
  v("sub_no", f.sub_no);
  v("channel_id", f.channel_id);
  v("channel_type", f.channel_type);
  v("action", f.action);
  v("param", f.param);
}

void name_fields(auto& v, is<suback_frame> auto& f) {
  v.flags(f.flags);
  v("sub_no", f.sub_no);
  v("channel_id", f.channel_id);
  v("channel_type", f.channel_type);
  v("action", f.action);
  v("reason_code", f.reason);
}

void name_fields(auto& v, is<event_frame> auto& f) {
  v.flags(f.flags);
  v("id", f.id);
  v("type", f.type);
  v("timestamp", f.timestamp);
  v.bytes("data_hex", f.data);
}

// -- the two directions -------------------------------------------------------

/// Sets fields from JSON.
class filler {
public:
  filler(json_fields& from, std::deque<std::string>& texts)
      : from_(from), texts_(texts) {
    // nop
  }

  void operator()(const char* name, std::integral auto& field) {
    field = from_.number<std::remove_reference_t<decltype(field)>>(name);
  }

  void operator()(const char* name, bool& field) {
    field = from_.truth(name);
  }

  void operator()(const char* name, std::string_view& field) {
    field = texts_.emplace_back(from_.text(name));
  }

  void bytes(const char* name, std::string_view& field) {
    field = texts_.emplace_back(as_text(from_.hex(name)));
  }

  void flags(header_flags& f) {
    json_fields named{from_.part("flags")};
    f = {named.truth("no_persist"), named.truth("red_dot"),
         named.truth("sync_once"), named.truth("dup")};
    if (!named.ok())
      from_.complain("flags", named.problem());
  }

private:
  json_fields& from_;
  std::deque<std::string>& texts_;
};

/// Lists fields with their values as texts.
class lister {
public:
  using list = std::vector<std::pair<std::string_view, std::string>>;

  void operator()(const char* name, std::integral auto field) {
    fields.emplace_back(name, std::to_string(field));
  }

  void operator()(const char* name, std::string_view field) {
    fields.emplace_back(name, '"' + std::string{field} + '"');
  }

  void bytes(const char* name, std::string_view field) {
    fields.emplace_back(name, hex_of(as_bytes(field)));
  }

  void flags(header_flags f) {
    fields.emplace_back("flags", std::to_string(to_bits(f)));
  }

  list fields;
};

lister::list list_of(const frame& f) {
  lister to;
  std::visit([&](const auto& x) { name_fields(to, x); }, f);
  return std::move(to.fields);
}

/// Makes `f` an empty frame of the type that is called `name`.
template <std::size_t I = 0>
bool choose(frame& f, std::string_view name) {
  if constexpr (I == frame_names.size()) {
    return false;
  } else {
    if (frame_names[I] != name)
      return choose<I + 1>(f, name);
    f.emplace<I>();
    return true;
  }
}

std::string cut(const std::string& text) {
  return text.size() > 200 ? text.substr(0, 200) + "..." : text;
}

} // namespace

owned_frame frame_of(const nlohmann::json& fields) {
  owned_frame made;
  json_fields from{fields};
  auto name = from.text("frame");
  if (from.ok() && !choose(made.frame, name))
    from.complain("frame", "names no frame: " + name);
  if (from.ok()) {
    filler fill{from, made.texts};
    std::visit([&](auto& f) { name_fields(fill, f); }, made.frame);
  }
  made.problem = from.problem();
  return made;
}

std::string difference(const frame& got, const frame& expected) {
  if (got.index() != expected.index())
    return std::string{frame_names[got.index()]} + " instead of "
           + std::string{frame_names[expected.index()]};
  auto have = list_of(got);
  auto want = list_of(expected);
  for (std::size_t i = 0; i < have.size(); ++i)
    if (have[i] != want[i])
      return std::string{have[i].first} + " " + cut(have[i].second)
             + " instead of " + cut(want[i].second);
  return {};
}

} // namespace jindou::vectors
