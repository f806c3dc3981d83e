#pragma once

#include "actors/http/json_body.hpp"
#include "messages/command.hpp"
#include "messages/ids.hpp"
#include "messages/result.hpp"
#include "messages/wire/frame.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Bodies of requests as values, checked as v2 checks them. Pure.
namespace jindou::actors::http {

struct user_token_request {
  std::string uid;
  std::string token;
  std::uint8_t device_flag = 0;
  device_level level = device_level::slave;
};

/// POST /user/token.
result<user_token_request, fault> parse_user_token(std::string_view body);

/// A channel record and who shall be in it.
struct channel_request {
  channel_key channel;
  /// `command::channel_flags`.
  std::uint32_t flags = 0;
  /// Drops the present subscribers first.
  bool reset = false;
  std::vector<std::string> subscribers;
};

/// POST /channel.
result<channel_request, fault> parse_channel(std::string_view body);

/// POST /channel/info: the flags alone, id and type unchecked.
result<channel_request, fault> parse_channel_flags(std::string_view body);

/// POST /channel/delete.
result<channel_key, fault> parse_channel_delete(std::string_view body);

/// Uids and the channel to whose list they are put or from which they go.
struct members_request {
  channel_key channel;
  bool reset = false;
  std::vector<std::string> uids;
};

/// POST /channel/subscriber_add.
result<members_request, fault> parse_subscriber_add(std::string_view body);

/// POST /channel/subscriber_remove.
result<members_request, fault> parse_subscriber_remove(std::string_view body);

/// POST /channel/subscriber_remove_all.
result<channel_key, fault> parse_subscriber_remove_all(std::string_view body);

/// POST /channel/blacklist_add and _remove, whitelist_remove.
result<members_request, fault> parse_list_change(std::string_view body);

/// POST /channel/whitelist_add: no special characters.
result<members_request, fault> parse_whitelist_add(std::string_view body);

/// POST /channel/blacklist_set and whitelist_set: no uids empties the list.
result<members_request, fault> parse_list_set(std::string_view body);

/// POST /channel/blacklist_remove_all and whitelist_remove_all.
result<channel_key, fault> parse_list_clear(std::string_view body);

/// GET /channel/whitelist.
result<channel_key, fault> parse_list_query(std::string_view query);

/// A message of the business back end.
struct send_request {
  wire::header_flags flags;
  std::string from_uid;
  std::string channel_id;
  std::uint8_t channel_type = 0;
  std::string payload;
  std::string client_msg_no;
  std::uint32_t expire = 0;
  bool stream = false;
  /// Receivers instead of a channel.
  std::vector<std::string> subscribers;
};

/// POST /message/send.
result<send_request, fault> parse_send(std::string_view body);

/// POST /message/sendbatch: a person message to each of `subscribers`.
result<send_request, fault> parse_send_batch(std::string_view body);

} // namespace jindou::actors::http
