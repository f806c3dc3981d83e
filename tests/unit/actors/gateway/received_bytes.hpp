#pragma once

#include "messages/wire/codec.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>

namespace jindou::test {

/// What a blocking client has read and not looked at; `Fill` reads more and
/// says whether there was more.
struct received_bytes {
  /// Cuts the next frame, filling as needed. Nothing: the server closed.
  template <class Fill>
  std::optional<wire::frame> next_frame(Fill fill) {
    for (;;) {
      auto x = wire::decode(bytes, wire::latest_version);
      EXPECT_FALSE(std::holds_alternative<errc>(x));
      if (auto* d = std::get_if<wire::decoded>(&x)) {
        auto size = static_cast<std::ptrdiff_t>(d->bytes);
        last = std::exchange(bytes, {}); // the views stay good
        bytes.assign(last.begin() + size, last.end());
        return d->frame;
      }
      if (!fill())
        return std::nullopt;
    }
  }

  /// Takes everything until the server closes.
  template <class Fill>
  std::string rest(Fill fill) {
    while (fill())
      continue;
    return std::string{as_text(std::exchange(bytes, {}))};
  }

  byte_vector bytes;
  byte_vector last; // what the views of the last frame point into
};

} // namespace jindou::test
