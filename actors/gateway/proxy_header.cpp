#include "actors/gateway/proxy_header.hpp"

#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <string_view>
#include <sys/socket.h>
#include <vector>

namespace jindou::actors {

namespace {

using verdict = proxy_header::verdict;

constexpr std::string_view text_start{"PROXY "};
constexpr std::size_t text_bytes_max = 107; // with its CR LF

constexpr std::string_view binary_start{"\r\n\r\n\0\r\nQUIT\n", 12};
constexpr std::size_t binary_head_bytes = 16;

/// More than this is no header: addresses take 216 bytes at most, the rest is
/// for extensions that we skip.
constexpr std::size_t binary_body_bytes_max = 2'048;

/// Says whether `input` starts with `start`, as far as it goes.
bool may_start_with(std::string_view input, std::string_view start) {
  return input.substr(0, start.size()) == start.substr(0, input.size());
}

std::string address_text(int family, const void* bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  return ::inet_ntop(family, bytes, text.data(), text.size()) != nullptr
           ? std::string{text.data()}
           : std::string{};
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> res;
  for (;;) {
    auto at = line.find(' ');
    res.push_back(line.substr(0, at));
    if (at == std::string_view::npos)
      return res;
    line.remove_prefix(at + 1);
  }
}

/// Reads e.g. "PROXY TCP4 1.2.3.4 5.6.7.8 4711 5100".
proxy_header read_line(std::string_view line) {
  proxy_header res{verdict::found, line.size() + 2, {}, 0};
  auto words = words_of(line);
  if (words.size() >= 2 && words[1] == "UNKNOWN")
    return res;
  if (words.size() != 6 || (words[1] != "TCP4" && words[1] != "TCP6"))
    return {};
  auto family = words[1] == "TCP4" ? AF_INET : AF_INET6;
  std::array<std::byte, 16> bytes{};
  if (::inet_pton(family, std::string{words[2]}.c_str(), bytes.data()) != 1)
    return {};
  auto end = words[4].data() + words[4].size();
  auto port = std::from_chars(words[4].data(), end, res.port);
  if (port.ec != std::errc{} || port.ptr != end)
    return {};
  res.address = address_text(family, bytes.data());
  return res;
}

proxy_header read_text(std::string_view input) {
  auto end = input.substr(0, text_bytes_max).find("\r\n");
  if (end != std::string_view::npos)
    return read_line(input.substr(0, end));
  return {
    input.size() < text_bytes_max ? verdict::more : verdict::none, 0, {}, 0};
}

std::size_t two_bytes(byte_span bytes, std::size_t at) {
  return std::to_integer<std::size_t>(bytes[at]) << 8
         | std::to_integer<std::size_t>(bytes[at + 1]);
}

/// Bytes that the addresses of a family take: source, target, both ports.
std::size_t addresses_size(std::byte family) {
  switch (std::to_integer<unsigned>(family) >> 4) {
  case 1:
    return 12;
  case 2:
    return 36;
  case 3:
    return 216; // Unix: of no use to us
  default:
    return 1; // length 0 is refused
  }
}

proxy_header read_binary(byte_span input) {
  if (input.size() < binary_head_bytes)
    return {verdict::more, 0, {}, 0};
  auto command = std::to_integer<unsigned>(input[12]);
  auto size = two_bytes(input, 14);
  auto needed = addresses_size(input[13]);
  if (command >> 4 != 2 || size < needed || size > binary_body_bytes_max)
    return {};
  if (input.size() < binary_head_bytes + size)
    return {verdict::more, 0, {}, 0};
  proxy_header res{verdict::found, binary_head_bytes + size, {}, 0};
  auto body = input.subspan(binary_head_bytes);
  if ((command & 0x0f) == 1 && (needed == 12 || needed == 36)) {
    res.address = address_text(needed == 12 ? AF_INET : AF_INET6, body.data());
    res.port = static_cast<std::uint16_t>(two_bytes(body, needed - 4));
  }
  return res;
}

} // namespace

proxy_header read_proxy_header(byte_span input) {
  auto text = as_text(input);
  if (may_start_with(text, text_start))
    return text.size() < text_start.size()
             ? proxy_header{verdict::more, 0, {}, 0}
             : read_text(text);
  if (may_start_with(text, binary_start))
    return read_binary(input);
  return {};
}

} // namespace jindou::actors
