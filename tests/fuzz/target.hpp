#pragma once

#include "messages/bytes.hpp"

#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace jindou::fuzz {

using inputs = std::vector<byte_vector>;

/// A decoder, fed with whatever bytes: it must come back, and what it says must
/// agree with itself.
struct target {
  const char* name;
  void (*run)(byte_span);
  /// Inputs that are mostly good, from which others are made.
  inputs (*seeds)();
};

extern const target frames;
extern const target frame_stream;
extern const target crypto;
extern const target json_frames;
extern const target json_text;
extern const target json_stream;
extern const target proxy;
extern const target websocket_stream;
extern const target websocket_request;
extern const target http_head;
extern const target http_body;
extern const target http_query;
extern const target addresses;
extern const target config;
extern const target records;
extern const target log_tail;
extern const target apply_log;
extern const target blocks;
extern const target journal;
extern const target rows;

/// The target of this program, where there is one program per target.
const target& chosen_target();

/// Ends the process unless `good`: the decoder broke a promise.
inline void require(bool good, const char* file = __builtin_FILE(),
                    int line = __builtin_LINE()) {
  if (good)
    return;
  std::fprintf(stderr, "broken promise at %s:%d\n", file, line);
  std::abort();
}

inline byte_vector bytes_of(std::string_view text) {
  auto bytes = as_bytes(text);
  return {bytes.begin(), bytes.end()};
}

/// The first byte of an input says what to do with the others.
struct choice {
  unsigned which = 0;
  byte_span rest;
};

inline choice choose(byte_span input, unsigned n) {
  if (input.empty())
    return {};
  return {std::to_integer<unsigned>(input.front()) % n, input.subspan(1)};
}

inline byte_vector chosen(unsigned which, byte_span rest) {
  byte_vector res{static_cast<std::byte>(which)};
  res.insert(res.end(), rest.begin(), rest.end());
  return res;
}

} // namespace jindou::fuzz
