#include "apps/client/words.hpp"

#include "messages/wire/reason.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <charconv>
#include <random>

namespace asio = boost::asio;

namespace jindou::client {

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  std::int64_t n = 0;
  auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (ec != std::errc{} || n < 0 || n > 1'000'000'000)
    return std::nullopt;
  auto unit = text.substr(static_cast<std::size_t>(end - text.data()));
  using namespace std::chrono;
  if (unit == "ms")
    return milliseconds{n};
  if (unit == "s")
    return seconds{n};
  if (unit == "m")
    return minutes{n};
  if (unit == "h")
    return hours{n};
  return std::nullopt;
}

std::optional<endpoint> parse_address(const std::string& text) {
  auto colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == text.size())
    return std::nullopt;
  asio::io_context io;
  asio::ip::tcp::resolver resolver{io};
  boost::system::error_code ec;
  auto found
    = resolver.resolve(text.substr(0, colon), text.substr(colon + 1), ec);
  if (ec || found.empty())
    return std::nullopt;
  return found.begin()->endpoint();
}

std::string_view reason_name(std::uint8_t code) {
  static constexpr std::array<std::string_view, 26> names
    = {"Unknown",          "Success",
       "AuthFail",         "SubscriberNotExist",
       "InBlacklist",      "ChannelNotExist",
       "UserNotOnNode",    "SenderOffline",
       "MsgKeyError",      "PayloadDecodeError",
       "ForwardError",     "NotAllowSend",
       "ConnectKick",      "NotInWhitelist",
       "QueryTokenError",  "SystemError",
       "ChannelIDError",   "NodeMatchError",
       "NodeNotMatch",     "Ban",
       "NotSupportHeader", "ClientKeyIsEmpty",
       "RateLimit",        "NotSupportChannelType",
       "Disband",          "SendBan"};
  return code < names.size() ? names[code] : "Unknown";
}

std::string random_name() {
  static std::mt19937_64 engine{std::random_device{}()};
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string text(16, '0');
  auto x = engine();
  for (auto& c : text) {
    c = digits[x & 15];
    x >>= 4;
  }
  return text;
}

} // namespace jindou::client
