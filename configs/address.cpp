#include "configs/address.hpp"

#include <arpa/inet.h>
#include <array>
#include <charconv>

namespace jindou::configs {

namespace {

bool is_ip(const std::string& text, int family) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  return ::inet_pton(family, text.c_str(), bytes.data()) == 1;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  auto end = text.data() + text.size();
  auto [stop, code] = std::from_chars(text.data(), end, port);
  if (text.empty() || code != std::errc{} || stop != end)
    return std::nullopt;
  return port;
}

} // namespace

std::optional<address> parse_address(std::string_view text) {
  auto colon = text.rfind(':');
  if (colon == text.npos)
    return std::nullopt;
  auto port = parse_port(text.substr(colon + 1));
  std::string ip{text.substr(0, colon)};
  auto in_brackets = ip.size() >= 2 && ip.front() == '[' && ip.back() == ']';
  if (in_brackets)
    ip = ip.substr(1, ip.size() - 2);
  if (!port || ip.find('\0') != ip.npos
      || !is_ip(ip, in_brackets ? AF_INET6 : AF_INET))
    return std::nullopt;
  return address{std::move(ip), *port};
}

bool takes_all(const address& x) {
  return x.ip == "0.0.0.0" || x.ip == "::";
}

std::string to_string(const address& x) {
  auto is_v6 = x.ip.find(':') != x.ip.npos;
  return (is_v6 ? "[" + x.ip + "]" : x.ip) + ":" + std::to_string(x.port);
}

} // namespace jindou::configs
