#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What a JSON-RPC text says, before it is known what it means: the members
/// that some method knows, everything else skipped.
namespace jindou::wire::jsonrpc {

/// The members that are known, by place.
enum class field : std::uint8_t {
  jsonrpc,
  id,
  method,
  params,
  result,
  error,
  // -- params
  header,
  setting,
  version,
  client_key,
  device_id,
  device_flag,
  client_timestamp,
  uid,
  token,
  msg_key,
  expire,
  client_msg_no,
  stream_no,
  channel_id,
  channel_type,
  topic,
  payload,
  message_id,
  message_seq,
  reason_code,
  reason,
  sub_no,
  param,
  // -- params.header
  no_persist,
  red_dot,
  sync_once,
  dup,
  // -- params.setting
  receipt,
  signal,
  stream,
  use_topic,
  none, // not known; keep last
};

constexpr auto field_count = static_cast<std::size_t>(field::none);

/// Where a member stands.
enum class scope : std::uint8_t { envelope, params, header, setting, other };

/// A member's name as it is written, e.g. "channelId".
std::string_view name_of(field f);
scope scope_of(field f);

/// A value of any kind; objects and arrays only say that they are one.
struct json_value {
  enum class kind : std::uint8_t {
    absent,
    null,
    truth,
    number,
    text,
    array,
    object
  };

  kind is = kind::absent;
  bool truth = false;
  std::optional<std::int64_t> integer; // nothing: a fraction or too large
  std::string text;                    // the text or the digits of a number
  std::size_t order = 0;               // how many members came before it
};

/// The known members of one text, with what keeps their texts.
class members {
public:
  const json_value& operator[](field f) const {
    return values_[static_cast<std::size_t>(f)];
  }

  json_value& operator[](field f) {
    return values_[static_cast<std::size_t>(f)];
  }

  bool has(field f) const {
    return (*this)[f].is != json_value::kind::absent;
  }

  /// Reads `text`, the whole of which must be one JSON value.
  /// Errors: what is wrong with it.
  std::optional<std::string> read(std::string_view text);

  std::string payload; // decoded, or a number that was made

private:
  std::array<json_value, field_count> values_;
};

} // namespace jindou::wire::jsonrpc
