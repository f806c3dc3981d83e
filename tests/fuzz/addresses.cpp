#include "actors/gateway/address_list.hpp"
#include "configs/address.hpp"
#include "tests/fuzz/target.hpp"

// Addresses in the configuration: listeners and trusted proxies.

namespace jindou::fuzz {

namespace {

void run(byte_span input) {
  auto text = as_text(input);
  if (auto x = configs::parse_address(text)) {
    auto again = configs::parse_address(configs::to_string(*x));
    require(again && again->ip == x->ip && again->port == x->port);
  }
  auto list = actors::address_list::parse(text);
  if (!list)
    return require(!list.error().empty());
  for (auto one : {"127.0.0.1", "::1", "::ffff:127.0.0.1", "10.1.2.3"})
    static_cast<void>(list->contains(boost::asio::ip::make_address(one)));
  require(list->contains(boost::asio::ip::make_address("10.1.2.3"))
          == list->contains(boost::asio::ip::make_address("::ffff:10.1.2.3")));
}

inputs seeds() {
  return {
    bytes_of("127.0.0.1:5100"), bytes_of("[::1]:0"),
    bytes_of("::1:5"),          bytes_of("10.0.0.0/8, 192.168.1.5,fd00::/8"),
    bytes_of("0.0.0.0/0"),      bytes_of("::ffff:10.0.0.0/104"),
    bytes_of("10.0.0.1/33")};
}

} // namespace

const target addresses{"addresses", run, seeds};

} // namespace jindou::fuzz
