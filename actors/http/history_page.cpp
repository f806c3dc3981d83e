#include "actors/http/history_page.hpp"

#include "actors/http/json_text.hpp"
#include "actors/http/message_json.hpp"
#include "actors/http/query.hpp"
#include "actors/http/requests.hpp"
#include "messages/channel_id.hpp"
#include "messages/limits.hpp"

#include <algorithm>
#include <charconv>
#include <span>

namespace jindou::actors::http {

namespace {

using message_span = std::span<const stored_message>;

/// The stored id of what `login_uid` calls `id` when reading.
std::string read_id(std::string_view login_uid, std::string id,
                    std::uint8_t type) {
  if (type != channel_type::person || split_channel_id(id))
    return id; // of an agent channel the whole id is given
  auto stored = person_channel_id(login_uid, without_command_suffix(id));
  return is_command_channel(id) ? command_channel_id(stored) : stored;
}

std::size_t size_of(const command::append_message& x) {
  return x.payload.size() + x.topic.size() + x.client_msg_no.size()
         + x.from_uid.size();
}

/// Leaves out what goes beyond `bytes_max`, from the end that the reader
/// would ask for next.
message_span within(message_span all, bool up, std::size_t bytes_max) {
  std::size_t n = 0;
  for (std::size_t bytes = 0; n < all.size(); ++n) {
    auto i = up ? n : all.size() - 1 - n;
    bytes += size_of(all[i].body);
    if (n > 0 && bytes > bytes_max)
      break;
  }
  return up ? all.first(n) : all.last(n);
}

bool has_more(const sync_request& request, message_span shown) {
  if (shown.empty())
    return false;
  auto limit = request.limit > 0 ? request.limit : limits::history_rows_max;
  if (shown.size() < limit)
    return false;
  auto edge = request.up ? shown.back().seq : shown.front().seq;
  return request.end == 0 || edge != request.end;
}

} // namespace

result<sync_request, fault> parse_sync(std::string_view body) {
  nlohmann::json storage;
  auto x = json_fields::of(body, storage);
  sync_request out;
  out.login_uid = x.name("login_uid");
  auto id = x.name("channel_id");
  out.channel.type
    = static_cast<std::uint8_t>(x.number("channel_type", 0, UINT8_MAX));
  out.start
    = static_cast<message_seq>(x.number("start_message_seq", 0, INT64_MAX));
  out.end = static_cast<message_seq>(x.number("end_message_seq", 0, INT64_MAX));
  auto limit = x.number("limit", INT64_MIN, INT64_MAX);
  out.limit = static_cast<std::uint32_t>(
    std::clamp<std::int64_t>(limit, 0, std::int64_t{limits::history_rows_max}));
  out.up = x.flag("pull_mode");
  if (is_blank(out.login_uid))
    x.refuse("login_uid must not be empty");
  if (is_blank(id))
    x.refuse("channel_id must not be empty");
  if (!x.good())
    return x.error();
  out.channel.id = read_id(out.login_uid, std::move(id), out.channel.type);
  return out;
}

result<channel_key, fault> parse_max_seq(std::string_view query) {
  auto key = parse_list_query(query);
  if (!key || key->type != channel_type::person)
    return key;
  auto login_uid = query_value(query, "login_uid").value_or("");
  if (login_uid.empty() && !split_channel_id(key->id))
    return fault{"login_uid must not be empty"};
  if (login_uid.size() > limits::name_bytes_max
      || login_uid.find('\0') != std::string::npos)
    return fault{"login_uid must be a name that can be stored"};
  key->id = read_id(login_uid, std::move(key->id), key->type);
  return key;
}

std::optional<history_range> range_of(const sync_request& request) {
  using order = history_range::order;
  constexpr auto all = limits::history_rows_max;
  history_range out;
  out.channel = request.channel;
  out.limit = request.limit;
  if (request.limit == 0 && !request.up)
    return std::nullopt;
  out.limit = request.limit == 0 ? all : request.limit;
  if (request.start == 0 && request.end == 0)
    return out; // the newest
  if (request.up) {
    out.first = std::max<message_seq>(request.start, 1);
    out.last = request.end == 0 ? 0 : request.end - 1;
    out.which = order::oldest;
    if (request.end != 0 && out.last < out.first)
      return std::nullopt;
    return out;
  }
  if (request.end >= request.start)
    return std::nullopt;
  auto floor = request.start - std::min<message_seq>(out.limit, request.start);
  out.first = 1 + (request.end == 0 ? floor : request.end);
  out.last = request.start;
  return out;
}

std::string history_json(const sync_request& request, const history& found,
                         std::size_t bytes_max) {
  auto shown = within(found.messages, request.up, bytes_max);
  auto cut = shown.size() < found.messages.size();
  auto used = found.last_seq > 0;
  nlohmann::ordered_json head;
  head["start_message_seq"] = used ? request.start : 0;
  head["end_message_seq"] = used ? request.end : 0;
  head["more"] = cut || has_more(request, shown) ? 1 : 0;
  auto out = json_text(head);
  out.pop_back();
  out += R"(,"messages":[)";
  std::string_view separator;
  for (const auto& x : shown) {
    out += separator;
    out += message_json(request.channel, x);
    separator = ",";
  }
  return out += "]}";
}

} // namespace jindou::actors::http
