#include "actors/http/requests.hpp"

#include "actors/http/query.hpp"
#include "messages/channel_id.hpp"
#include "messages/limits.hpp"

#include <nlohmann/json.hpp>

#include <charconv>

namespace jindou::actors::http {

namespace {

namespace flag_bits = command::channel_flags;

constexpr auto uint8_max = std::int64_t{UINT8_MAX};
constexpr auto uint32_max = std::int64_t{UINT32_MAX};

/// Ends a parser: the value, or the first fault.
template <class T>
result<T, fault> done(json_fields& x, T value) {
  if (!x.good())
    return x.error();
  return value;
}

void refuse_if(json_fields& x, bool wrong, const char* text) {
  if (wrong)
    x.refuse(text);
}

channel_key read_key(json_fields& x) {
  channel_key key;
  key.id = x.name("channel_id");
  key.type = static_cast<std::uint8_t>(x.number("channel_type", 0, uint8_max));
  return key;
}

void need_id(json_fields& x, const channel_key& key) {
  refuse_if(x, is_blank(key.id), "channel_id must not be empty");
}

void need_plain_id(json_fields& x, const channel_key& key) {
  need_id(x, key);
  refuse_if(x, has_special_characters(key.id),
            "channel_id must not contain @, # or &");
}

void need_type(json_fields& x, const channel_key& key) {
  refuse_if(x, key.type == 0, "channel_type must not be 0");
}

void need_no_person(json_fields& x, const channel_key& key) {
  refuse_if(x, key.type == channel_type::person,
            "person channels have no subscribers of their own");
}

void need_uids(json_fields& x, const std::vector<std::string>& uids) {
  refuse_if(x, uids.empty(), "at least one uid is needed");
}

std::uint32_t read_flags(json_fields& x) {
  std::uint32_t flags = flag_bits::exists;
  flags |= x.flag("large") ? flag_bits::large : 0;
  flags |= x.flag("ban") ? flag_bits::ban : 0;
  flags |= x.flag("disband") ? flag_bits::disband : 0;
  flags |= x.flag("send_ban") ? flag_bits::send_ban : 0;
  flags |= x.flag("allow_stranger") ? flag_bits::allow_stranger : 0;
  return flags;
}

wire::header_flags read_header(json_fields& x) {
  auto header = x.object("header");
  wire::header_flags flags;
  flags.no_persist = header.flag("no_persist");
  flags.red_dot = header.flag("red_dot");
  flags.sync_once = header.flag("sync_once");
  x.refuse_like(header);
  return flags;
}

members_request read_list(json_fields& x) {
  members_request request;
  request.channel = read_key(x);
  request.uids = x.names("uids");
  need_id(x, request.channel);
  return request;
}

void check_channel_of(json_fields& x, const send_request& request) {
  // The id of an agent channel names both ends: `user@agent`.
  auto whole = request.channel_type == channel_type::agent
               && split_channel_id(request.channel_id)
               && request.channel_id.find_first_of("#&") == std::string::npos;
  refuse_if(x, !whole && has_special_characters(request.channel_id),
            "channel_id must not contain @, # or &");
  // It becomes part of the channel's id.
  auto named = request.channel_type == channel_type::person
               || request.channel_type == channel_type::agent;
  refuse_if(x, named && has_special_characters(request.from_uid),
            "from_uid must not contain @, # or &");
}

void check_receivers_of(json_fields& x, const send_request& request) {
  auto to_channel = !is_blank(request.channel_id);
  auto to_list = !request.subscribers.empty();
  refuse_if(x, !to_channel && !to_list,
            "channel_id or subscribers must be given");
  refuse_if(x, to_channel && to_list,
            "channel_id and subscribers must not be given both");
  refuse_if(x, to_list && !request.flags.sync_once,
            "subscribers need header.sync_once = 1");
}

} // namespace

result<user_token_request, fault> parse_user_token(std::string_view body) {
  nlohmann::json storage;
  auto x = json_fields::of(body, storage);
  user_token_request out;
  out.uid = x.name("uid");
  out.token = x.text("token", limits::wire_string_bytes_max);
  out.device_flag
    = static_cast<std::uint8_t>(x.number("device_flag", 0, uint8_max));
  out.level = x.number("device_level", 0, uint8_max) == 1 ? device_level::master
                                                          : device_level::slave;
  refuse_if(x, is_blank(out.uid), "uid must not be empty");
  refuse_if(x, out.token.empty(), "token must not be empty");
  refuse_if(x, has_special_characters(out.uid),
            "uid must not contain @, # or &");
  refuse_if(x, out.uid == well_known::system_uid,
            "the system account has no token");
  return done(x, std::move(out));
}

result<channel_request, fault> parse_channel(std::string_view body) {
  nlohmann::json storage;
  auto x = json_fields::of(body, storage);
  channel_request out;
  out.channel = read_key(x);
  out.flags = read_flags(x);
  out.reset = x.flag("reset");
  out.subscribers = x.names("subscribers");
  need_plain_id(x, out.channel);
  need_type(x, out.channel);
  if (!out.subscribers.empty())
    need_no_person(x, out.channel);
  return done(x, std::move(out));
}

result<channel_request, fault> parse_channel_flags(std::string_view body) {
  nlohmann::json storage;
  auto x = json_fields::of(body, storage);
  channel_request out;
  out.channel = read_key(x);
  out.flags = read_flags(x);
  return done(x, std::move(out));
}

result<channel_key, fault> parse_channel_delete(std::string_view body) {
  nlohmann::json storage;
  auto x = json_fields::of(body, storage);
  auto key = read_key(x);
  need_id(x, key);
  refuse_if(x, key.type == channel_type::person,
            "person channels cannot be deleted");
  return done(x, std::move(key));
}

result<members_request, fault> parse_subscriber_add(std::string_view body) {
  nlohmann::json storage;
  auto x = json_fields::of(body, storage);
  members_request out;
  out.channel = read_key(x);
  out.reset = x.flag("reset");
  out.uids = x.names("subscribers");
  if (out.channel.type == 0)
    out.channel.type = channel_type::group;
  refuse_if(x, x.flag("temp_subscriber"),
            "temporary subscribers are not supported");
  need_plain_id(x, out.channel);
  need_no_person(x, out.channel);
  need_uids(x, out.uids);
  return done(x, std::move(out));
}

result<members_request, fault> parse_subscriber_remove(std::string_view body) {
  nlohmann::json storage;
  auto x = json_fields::of(body, storage);
  members_request out;
  out.channel = read_key(x);
  out.uids = x.names("subscribers");
  need_id(x, out.channel);
  need_no_person(x, out.channel);
  need_uids(x, out.uids);
  return done(x, std::move(out));
}

result<channel_key, fault> parse_subscriber_remove_all(std::string_view body) {
  nlohmann::json storage;
  auto x = json_fields::of(body, storage);
  auto key = read_key(x);
  need_id(x, key);
  need_type(x, key);
  need_no_person(x, key);
  return done(x, std::move(key));
}

result<members_request, fault> parse_list_change(std::string_view body) {
  nlohmann::json storage;
  auto x = json_fields::of(body, storage);
  auto out = read_list(x);
  need_type(x, out.channel);
  need_uids(x, out.uids);
  return done(x, std::move(out));
}

result<members_request, fault> parse_whitelist_add(std::string_view body) {
  nlohmann::json storage;
  auto x = json_fields::of(body, storage);
  auto out = read_list(x);
  need_plain_id(x, out.channel);
  need_type(x, out.channel);
  need_uids(x, out.uids);
  return done(x, std::move(out));
}

result<members_request, fault> parse_list_set(std::string_view body) {
  nlohmann::json storage;
  auto x = json_fields::of(body, storage);
  auto out = read_list(x);
  out.reset = true;
  return done(x, std::move(out));
}

result<channel_key, fault> parse_list_clear(std::string_view body) {
  nlohmann::json storage;
  auto x = json_fields::of(body, storage);
  auto key = read_key(x);
  need_id(x, key);
  need_type(x, key);
  return done(x, std::move(key));
}

result<channel_key, fault> parse_list_query(std::string_view query) {
  channel_key key;
  key.id = query_value(query, "channel_id").value_or("");
  auto type = query_value(query, "channel_type").value_or("0");
  auto end = type.data() + type.size();
  auto read = std::from_chars(type.data(), end, key.type);
  if (read.ec != std::errc{} || read.ptr != end)
    return fault{"channel_type must be a whole number up to 255"};
  if (is_blank(key.id) || key.id.size() > limits::name_bytes_max
      || key.id.find('\0') != std::string::npos)
    return fault{"channel_id must be a name that can be stored"};
  return key;
}

result<send_request, fault> parse_send(std::string_view body) {
  nlohmann::json storage;
  auto x = json_fields::of(body, storage);
  send_request out;
  out.flags = read_header(x);
  out.from_uid = x.name("from_uid");
  out.channel_id = x.name("channel_id");
  out.channel_type
    = static_cast<std::uint8_t>(x.number("channel_type", 0, uint8_max));
  out.payload = x.bytes("payload", limits::payload_bytes_max);
  out.client_msg_no = x.name("client_msg_no");
  out.expire = static_cast<std::uint32_t>(x.number("expire", 0, uint32_max));
  out.stream = x.flag("is_stream");
  out.subscribers = x.names("subscribers");
  if (out.from_uid.empty())
    out.from_uid = well_known::system_uid;
  refuse_if(x, out.payload.empty(), "payload must not be empty");
  check_receivers_of(x, out);
  check_channel_of(x, out);
  return done(x, std::move(out));
}

result<send_request, fault> parse_send_batch(std::string_view body) {
  nlohmann::json storage;
  auto x = json_fields::of(body, storage);
  send_request out;
  out.flags = read_header(x);
  out.from_uid = x.name("from_uid");
  out.channel_type = channel_type::person;
  out.payload = x.bytes("payload", limits::payload_bytes_max);
  out.subscribers = x.names("subscribers");
  refuse_if(x, is_blank(out.from_uid), "from_uid must not be empty");
  refuse_if(x, has_special_characters(out.from_uid),
            "from_uid must not contain @, # or &");
  refuse_if(x, out.payload.empty(), "payload must not be empty");
  need_uids(x, out.subscribers);
  return done(x, std::move(out));
}

} // namespace jindou::actors::http
