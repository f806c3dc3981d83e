#include "configs/address.hpp"

#include <algorithm>
#include <charconv>

namespace jindou::configs {

namespace {

constexpr std::size_t host_bytes_max = 253; // longest DNS name

bool valid_host(std::string_view host, std::string_view more) {
  auto legal = [more](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || (c >= '0' && c <= '9') || more.find(c) != more.npos;
  };
  return !host.empty() && host.size() <= host_bytes_max
         && std::all_of(host.begin(), host.end(), legal);
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  auto end = text.data() + text.size();
  auto [stop, code] = std::from_chars(text.data(), end, port);
  if (text.empty() || code != std::errc{} || stop != end)
    return std::nullopt;
  return port;
}

std::optional<address> join(std::string_view host, std::string_view more,
                            std::string_view port_text) {
  auto port = parse_port(port_text);
  if (!port || !valid_host(host, more))
    return std::nullopt;
  return address{std::string{host}, *port};
}

} // namespace

std::optional<address> parse_address(std::string_view text) {
  auto colon = text.rfind(':');
  if (colon == text.npos)
    return std::nullopt;
  auto port = text.substr(colon + 1);
  auto host = text.substr(0, colon);
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']')
    return join(host.substr(1, host.size() - 2), ":.%", port);
  return join(host, ".-", port);
}

bool is_loopback(const address& x) {
  auto numeric = x.host.find_first_not_of("0123456789.") == x.host.npos;
  return x.host == "localhost" || x.host == "::1"
         || (numeric && x.host.rfind("127.", 0) == 0);
}

} // namespace jindou::configs
