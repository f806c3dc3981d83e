#include "apps/node/told_address.hpp"

#include "configs/address.hpp"

#include <arpa/inet.h>
#include <array>
#include <cstring>
#include <ifaddrs.h>
#include <memory>
#include <net/if.h>
#include <netinet/in.h>

namespace jindou::app {

std::string told_address(const std::string& bound,
                         const std::string& external_ip,
                         const std::string& machine_ip) {
  auto port = bound.substr(bound.rfind(':'));
  if (!external_ip.empty())
    return external_ip + port;
  auto x = configs::parse_address(bound);
  if (x && configs::takes_all(*x) && !machine_ip.empty())
    return machine_ip + port;
  return bound;
}

std::string machine_ip() {
  ifaddrs* first = nullptr;
  if (getifaddrs(&first) != 0)
    return {};
  std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> all{first, freeifaddrs};
  for (auto* x = all.get(); x != nullptr; x = x->ifa_next) {
    if (x->ifa_addr == nullptr || x->ifa_addr->sa_family != AF_INET
        || (x->ifa_flags & IFF_LOOPBACK) != 0 || (x->ifa_flags & IFF_UP) == 0)
      continue;
    sockaddr_in in{};
    std::memcpy(&in, x->ifa_addr, sizeof(in));
    std::array<char, INET_ADDRSTRLEN> text{};
    if (inet_ntop(AF_INET, &in.sin_addr, text.data(), text.size()) != nullptr)
      return text.data();
  }
  return {};
}

} // namespace jindou::app
