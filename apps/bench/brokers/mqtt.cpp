#include "apps/bench/brokers/mqtt.hpp"

namespace jindou::bench::mqtt {

namespace {

constexpr std::uint8_t qos_1 = 0x02;

void append_byte(byte_vector& out, std::size_t x) {
  out.push_back(static_cast<std::byte>(x & 0xff));
}

void append_u16(byte_vector& out, std::size_t x) {
  append_byte(out, x >> 8);
  append_byte(out, x);
}

void append_raw(byte_vector& out, std::string_view text) {
  auto bytes = as_bytes(text);
  out.insert(out.end(), bytes.begin(), bytes.end());
}

void append_string(byte_vector& out, std::string_view text) {
  append_u16(out, text.size());
  append_raw(out, text);
}

void append_head(byte_vector& out, std::uint8_t first, std::size_t length) {
  append_byte(out, first);
  do {
    append_byte(out, (length & 0x7f) | (length > 0x7f ? 0x80 : 0));
    length >>= 7;
  } while (length > 0);
}

std::uint16_t u16_at(byte_span x, std::size_t at) {
  return static_cast<std::uint16_t>(std::to_integer<unsigned>(x[at]) << 8
                                    | std::to_integer<unsigned>(x[at + 1]));
}

} // namespace

std::optional<packet> first_packet(byte_span input, bool& broken) {
  std::size_t length = 0;
  for (std::size_t i = 1; i < input.size(); ++i) {
    if (i > 4) {
      broken = true;
      return std::nullopt;
    }
    auto x = std::to_integer<std::size_t>(input[i]);
    length |= (x & 0x7f) << (7 * (i - 1));
    if (x >= 0x80)
      continue;
    if (input.size() - i - 1 < length)
      return std::nullopt;
    auto first = std::to_integer<unsigned>(input[0]);
    return packet{static_cast<std::uint8_t>(first >> 4),
                  static_cast<std::uint8_t>(first & 0x0f),
                  input.subspan(i + 1, length), i + 1 + length};
  }
  return std::nullopt;
}

std::optional<publication> read_publish(const packet& x) {
  auto acknowledged = (x.flags & qos_1) != 0;
  if (x.body.size() < 2)
    return std::nullopt;
  std::size_t at = 2U + u16_at(x.body, 0);
  auto end = at + (acknowledged ? 2U : 0U);
  if (end > x.body.size())
    return std::nullopt;
  publication res;
  res.topic = as_text(x.body.subspan(2, at - 2));
  if (acknowledged)
    res.id = u16_at(x.body, at);
  res.payload = as_text(x.body.subspan(end));
  return res;
}

std::uint16_t read_id(const packet& x) {
  return x.body.size() < 2 ? std::uint16_t{0} : u16_at(x.body, 0);
}

void append_connect(byte_vector& out, std::string_view client_id) {
  append_head(out, 0x10, 12 + client_id.size());
  append_string(out, "MQTT");
  append_byte(out, 4);    // 3.1.1
  append_byte(out, 0x02); // a session without a past
  append_u16(out, 0);     // no keep-alive
  append_string(out, client_id);
}

void append_subscribe(byte_vector& out, std::uint16_t id,
                      std::string_view topic) {
  append_head(out, 0x82, 5 + topic.size());
  append_u16(out, id);
  append_string(out, topic);
  append_byte(out, 1);
}

void append_publish(byte_vector& out, std::uint16_t id, std::string_view topic,
                    std::string_view payload) {
  append_head(out, 0x30 | qos_1, 4 + topic.size() + payload.size());
  append_string(out, topic);
  append_u16(out, id);
  append_raw(out, payload);
}

void append_puback(byte_vector& out, std::uint16_t id) {
  append_head(out, 0x40, 2);
  append_u16(out, id);
}

} // namespace jindou::bench::mqtt
