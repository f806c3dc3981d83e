#include "apps/node/config_check.hpp"

#include "actors/gateway/address_list.hpp"
#include "actors/gateway/tls_context.hpp"

#include <utility>

namespace jindou::app {

namespace {

configs::fault about(std::string key, const std::string& text) {
  auto whole = key + ": " + text;
  return {.key = std::move(key), .text = std::move(whole)};
}

} // namespace

result<void, configs::fault> check_further(const configs::options& x,
                                           bool only_checked) {
  auto& door = x.gateway;
  auto proxies = actors::address_list::parse(door.trusted_proxies);
  if (!proxies)
    return about("gateway.trusted-proxies", proxies.error());
  if (!only_checked || (door.tls_addr.empty() && door.wss_addr.empty()))
    return {};
  auto tls = actors::load_tls(door.tls_cert_file, door.tls_key_file);
  if (!tls)
    return about("gateway.tls-cert-file", tls.error());
  return {};
}

} // namespace jindou::app
