#include "actors/gateway/proxy_header.hpp"
#include "tests/fuzz/target.hpp"

#include <boost/asio/ip/address.hpp>

// The PROXY header, both versions: what counts as a header does not depend on
// what follows it, and a part of one is never one.

namespace jindou::fuzz {

namespace {

using verdict = actors::proxy_header::verdict;

void check_found(byte_span input, const actors::proxy_header& x) {
  require(x.taken > 0 && x.taken <= input.size());
  auto header = input.first(x.taken);
  for (std::size_t n = 0; n < header.size(); ++n)
    require(actors::read_proxy_header(header.first(n)).what == verdict::more);
  auto alone = actors::read_proxy_header(header);
  require(alone.what == verdict::found && alone.taken == x.taken
          && alone.address == x.address && alone.port == x.port);
  boost::system::error_code ec;
  if (!x.address.empty())
    boost::asio::ip::make_address(x.address, ec);
  require(!ec);
}

void run(byte_span input) {
  auto x = actors::read_proxy_header(input);
  if (x.what == verdict::found)
    check_found(input, x);
  else
    require(x.taken == 0 && x.address.empty());
  // Nobody waits for ever.
  require(x.what != verdict::more || input.size() < 4'096);
}

byte_vector binary(unsigned char command, unsigned char family,
                   unsigned char size) {
  byte_vector res = bytes_of({"\r\n\r\n\0\r\nQUIT\n", 12});
  for (auto x : {command, family, static_cast<unsigned char>(0), size})
    res.push_back(static_cast<std::byte>(x));
  res.resize(res.size() + size, std::byte{7});
  return res;
}

inputs seeds() {
  return {bytes_of("PROXY TCP4 1.2.3.4 5.6.7.8 4711 5100\r\n"),
          bytes_of("PROXY TCP6 ::1 fd00::2 4711 5100\r\nrest"),
          bytes_of("PROXY UNKNOWN\r\n"),
          bytes_of("PROXY UNKNOWN ::1 ::2 1 2\r\n"),
          bytes_of("PROXY TCP4 1.2.3 5.6.7.8 4711 5100\r\n"),
          binary(0x21, 0x11, 12),
          binary(0x21, 0x21, 36),
          binary(0x21, 0x11, 40),
          binary(0x20, 0x00, 0),
          binary(0x20, 0x11, 12),
          binary(0x21, 0x31, 216)};
}

} // namespace

const target proxy{"proxy", run, seeds};

} // namespace jindou::fuzz
