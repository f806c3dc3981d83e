#pragma once

#include "messages/bytes.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

/// The part of MQTT 3.1.1 (OASIS standard) that a load needs. Pure.
namespace jindou::bench::mqtt {

enum class packet_type : std::uint8_t {
  connack = 2,
  publish = 3,
  puback = 4,
  suback = 9,
};

/// A packet in front of some bytes, with a view of its body.
struct packet {
  std::uint8_t type = 0;
  std::uint8_t flags = 0;
  byte_span body;
  std::size_t bytes = 0; ///< of the whole packet
};

/// Returns the first packet, if it is there as a whole. A length of more than
/// four bytes sets `broken`.
std::optional<packet> first_packet(byte_span input, bool& broken);

/// What a PUBLISH of QoS 0 or 1 carries. Nothing: it is malformed.
struct publication {
  std::string_view topic;
  std::uint16_t id = 0; ///< 0: QoS 0
  std::string_view payload;
};
std::optional<publication> read_publish(const packet& x);

/// Returns the packet id of a PUBACK or SUBACK, 0 if it has none.
std::uint16_t read_id(const packet& x);

/// Strings are shorter than 64 KiB.
void append_connect(byte_vector& out, std::string_view client_id);
void append_subscribe(byte_vector& out, std::uint16_t id,
                      std::string_view topic);
void append_publish(byte_vector& out, std::uint16_t id, std::string_view topic,
                    std::string_view payload);
void append_puback(byte_vector& out, std::uint16_t id);

} // namespace jindou::bench::mqtt
