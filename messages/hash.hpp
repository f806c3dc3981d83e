#pragma once

#include "messages/ids.hpp"

#include <cstdint>
#include <string_view>

namespace jindou {

/// The one hash of slots, duplicates, hints and lanes: FNV-1a 64 over the
/// bytes, then the splitmix64 finaliser. Frozen by golden tests, since slots
/// and duplicate records are replicated state. Feed parts in order:
/// `hash64{}.add(type).add(id).value()`.
class hash64 {
public:
  constexpr hash64& add(std::string_view bytes) {
    for (auto c : bytes)
      add(static_cast<std::uint8_t>(c));
    return *this;
  }

  constexpr hash64& add(std::uint8_t byte) {
    state_ = (state_ ^ byte) * 0x100000001b3ULL;
    return *this;
  }

  constexpr std::uint64_t value() const {
    auto x = state_;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
  }

private:
  std::uint64_t state_ = 0xcbf29ce484222325ULL;
};

/// Hash of a user: over the uid.
constexpr std::uint64_t hash_of_user(std::string_view uid) {
  return hash64{}.add(uid).value();
}

/// Hash of a channel: over the type byte and the stored id.
constexpr std::uint64_t hash_of_channel(std::uint8_t type,
                                        std::string_view id) {
  return hash64{}.add(type).add(id).value();
}

/// Hash of a client message number in its channel: type byte, stored id, a zero
/// byte, client message number. Of hints, and of duplicate records of the first
/// format. Never 0, which marks a free place.
constexpr std::uint64_t hash_of_number(std::uint8_t type, std::string_view id,
                                       std::string_view client_msg_no) {
  auto h = hash64{}
             .add(type)
             .add(id)
             .add(std::uint8_t{0})
             .add(client_msg_no)
             .value();
  return h == 0 ? 1 : h;
}

/// Hash of a duplicate record: `hash_of_number` as eight bytes, low first, then
/// the uid of the sender. Never 0.
constexpr std::uint64_t hash_of_sent_number(std::uint64_t hash_of_number,
                                            std::string_view from_uid) {
  hash64 h;
  for (int i = 0; i < 64; i += 8)
    h.add(static_cast<std::uint8_t>(hash_of_number >> i));
  auto res = h.add(from_uid).value();
  return res == 0 ? 1 : res;
}

constexpr slot_id slot_of(std::uint64_t hash) {
  return static_cast<slot_id>(hash % 1024);
}

} // namespace jindou
