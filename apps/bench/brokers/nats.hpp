#pragma once

#include "messages/bytes.hpp"

#include <optional>
#include <string_view>

/// The part of the client protocol of NATS that a load needs. Pure.
namespace jindou::bench::nats {

/// A line of the server; the payload of a MSG comes with it.
struct line {
  std::string_view word;
  std::string_view payload;
  std::size_t bytes = 0; ///< of everything, line ends included
};

/// Returns the first line, if it is there as a whole. A line that is too long,
/// or a MSG without a size, sets `broken`.
std::optional<line> first_line(std::string_view input, bool& broken);

void append_publish(byte_vector& out, std::string_view topic,
                    std::string_view payload);

} // namespace jindou::bench::nats
