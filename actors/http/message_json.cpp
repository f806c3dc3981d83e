#include "actors/http/message_json.hpp"

#include "actors/http/json_text.hpp"
#include "messages/channel_id.hpp"
#include "messages/wire/base64.hpp"

namespace jindou::actors::http {

namespace {

int bit(std::uint16_t flags, std::uint16_t which) {
  return (flags & which) != 0 ? 1 : 0;
}

nlohmann::ordered_json header_of(std::uint16_t flags) {
  nlohmann::ordered_json x;
  x["no_persist"] = bit(flags, command::append_flags::no_persist);
  x["red_dot"] = bit(flags, command::append_flags::red_dot);
  x["sync_once"] = bit(flags, command::append_flags::sync_once);
  return x;
}

} // namespace

std::string_view shown_channel_id(const channel_key& channel,
                                  std::string_view from_uid) {
  std::string_view id = channel.id;
  if (channel.type != channel_type::person)
    return id;
  auto ends = split_channel_id(id);
  if (!ends)
    return id;
  return ends->second != from_uid || is_command_channel(id) ? ends->second
                                                            : ends->first;
}

std::string message_json(const channel_key& channel, const stored_message& x) {
  const auto& body = x.body;
  auto from = body.from_uid == well_known::system_uid ? std::string_view{}
                                                      : body.from_uid;
  nlohmann::ordered_json out;
  out["header"] = header_of(body.flags);
  out["setting"] = body.setting;
  out["message_id"] = body.message_id;
  out["message_idstr"] = std::to_string(body.message_id);
  out["client_msg_no"] = body.client_msg_no;
  out["message_seq"] = x.seq;
  out["from_uid"] = from;
  out["channel_id"] = shown_channel_id(channel, from);
  out["channel_type"] = channel.type;
  if (!body.topic.empty())
    out["topic"] = body.topic;
  out["expire"] = body.expire;
  out["timestamp"] = x.log_time / 1000;
  out["payload"] = wire::base64_encode(as_bytes(body.payload));
  return json_text(out);
}

} // namespace jindou::actors::http
