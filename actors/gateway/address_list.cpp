#include "actors/gateway/address_list.hpp"

#include "actors/gateway/trimmed.hpp"

#include <charconv>
#include <cstdint>
#include <optional>

namespace jindou::actors {

namespace {

namespace ip = boost::asio::ip;
using bytes_type = ip::address_v6::bytes_type;

/// Where an IPv4 address begins in its IPv6 form, in bits.
constexpr unsigned v4_bits = 96;

bytes_type bytes_of(const ip::address& x) {
  return x.is_v6() ? x.to_v6().to_bytes()
                   : ip::make_address_v6(ip::v4_mapped, x.to_v4()).to_bytes();
}

std::optional<unsigned> prefix_of(std::string_view text, unsigned max) {
  unsigned n = 0;
  auto end = text.data() + text.size();
  auto [at, bad] = std::from_chars(text.data(), end, n);
  if (bad != std::errc{} || at != end || n > max)
    return std::nullopt;
  return n;
}

bool same_prefix(const bytes_type& x, const bytes_type& y, unsigned bits) {
  for (std::size_t i = 0; bits > 0; ++i) {
    auto n = bits < 8 ? bits : 8;
    auto mask = static_cast<std::uint8_t>(0xff00 >> n);
    if (((x[i] ^ y[i]) & mask) != 0)
      return false;
    bits -= n;
  }
  return true;
}

} // namespace

result<address_list, std::string> address_list::parse(std::string_view text) {
  address_list res;
  if (trimmed(text).empty())
    return res;
  for (;;) {
    auto comma = text.find(',');
    auto entry = trimmed(text.substr(0, comma));
    auto slash = entry.find('/');
    boost::system::error_code ec;
    auto address = ip::make_address(entry.substr(0, slash), ec);
    auto most = address.is_v4() ? 32u : 128u;
    auto prefix = slash == std::string_view::npos
                    ? most
                    : prefix_of(entry.substr(slash + 1), most);
    if (ec || !prefix)
      return "'" + std::string{entry} + "' is no address and no network";
    res.networks_.push_back(
      {bytes_of(address), *prefix + (address.is_v4() ? v4_bits : 0)});
    if (comma == std::string_view::npos)
      return res;
    text.remove_prefix(comma + 1);
  }
}

bool address_list::contains(const ip::address& x) const {
  if (networks_.empty())
    return false;
  auto bytes = bytes_of(x);
  for (auto& n : networks_)
    if (same_prefix(bytes, n.bytes, n.prefix))
      return true;
  return false;
}

} // namespace jindou::actors
