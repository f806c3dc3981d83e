#pragma once

#include "actors/http/json_body.hpp"
#include "messages/history.hpp"
#include "messages/ids.hpp"
#include "messages/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// POST /channel/messagesync and GET /channel/max_message_seq. Pure.
namespace jindou::actors::http {

/// What a reader of history asks for.
struct sync_request {
  /// The stored channel.
  channel_key channel;
  std::string login_uid;
  message_seq start = 0;
  message_seq end = 0;
  /// 0: nothing when pulling down, everything when pulling up.
  std::uint32_t limit = 0;
  bool up = false;
};

/// Shape: a limit beyond `limits::history_rows_max` becomes that.
result<sync_request, fault> parse_sync(std::string_view body);

/// Query of GET /channel/max_message_seq: the stored channel.
result<channel_key, fault> parse_max_seq(std::string_view query);

/// The range to be read; nothing if the answer is empty whatever is stored.
std::optional<history_range> range_of(const sync_request& request);

/// The answer of /channel/messagesync.
/// Shape: at most `bytes_max` of payloads and names together, but one message
///        at least; what is left out is announced by `more`.
std::string history_json(const sync_request& request, const history& found,
                         std::size_t bytes_max);

} // namespace jindou::actors::http
