#pragma once

#include "messages/bytes.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// Standard base64 with padding, as keys, ciphertexts and the payloads of
/// JSON-RPC have it.
namespace jindou::wire {

/// Number of characters that `n` bytes become.
constexpr std::size_t base64_size(std::size_t n) {
  return (n + 2) / 3 * 4;
}

/// Upper bound of the bytes that a text of `n` characters stands for.
constexpr std::size_t base64_bytes_max(std::size_t n) {
  return n / 4 * 3;
}

/// Writes `base64_size(bytes.size())` characters to `to`.
void base64_encode(byte_span bytes, char* to);

std::string base64_encode(byte_span bytes);

/// Writes at most `base64_bytes_max(text.size())` bytes to `to` and returns
/// their number; nothing if the text is not base64. Line breaks are skipped and
/// the unused low bits of the last character ignored, as the original does.
std::optional<std::size_t> base64_decode(std::string_view text, std::byte* to);

} // namespace jindou::wire
