#pragma once

#include "messages/bytes.hpp"
#include "messages/errc.hpp"
#include "messages/wire/frame.hpp"

#include <cstddef>
#include <cstdint>
#include <variant>

namespace jindou::wire {

/// More bytes are needed before a frame can be cut.
struct need_more {};

/// A frame and the number of bytes that it took.
struct decoded {
  wire::frame frame;
  std::size_t bytes = 0;
};

/// Cuts and decodes the first frame of `input` at `version`; CONNECT reads the
/// same at every version.
/// Shape:  the views of the frame point into `input`.
/// Errors: `errc::malformed`; `errc::too_large` as soon as the header says so.
std::variant<decoded, need_more, errc> decode(byte_span input,
                                              std::uint8_t version);

/// Appends the bytes of `f` at `version` to `out`.
/// Errors: `errc::too_large`, then `out` is unchanged.
errc encode(const frame& f, std::uint8_t version, byte_vector& out);

} // namespace jindou::wire
