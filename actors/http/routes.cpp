#include "actors/http/routes.hpp"

#include "actors/http/endpoints.hpp"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <array>

namespace jindou::actors::http {

namespace {

constexpr auto table = std::to_array<route>({
  {"GET", "/health", access::open, health},
  {"GET", "/healthz", access::open_monitor, healthz},
  {"GET", "/readyz", access::open_monitor, readyz},
  {"GET", "/metrics", access::monitor, metrics_text},
  {"POST", "/backup", access::operation, backup_begin},
  {"GET", "/backup", access::operation, backup_state},
  {"GET", "/route", access::open, route_one},
  {"POST", "/route/batch", access::token, route_batch},
  {"POST", "/user/token", access::token, user_token},
  {"POST", "/channel", access::token, channel_put},
  {"POST", "/channel/info", access::token, channel_flags_put},
  {"POST", "/channel/delete", access::token, channel_delete},
  {"POST", "/channel/subscriber_add", access::token, subscriber_add},
  {"POST", "/channel/subscriber_remove", access::token, subscriber_remove},
  {"POST", "/channel/subscriber_remove_all", access::token,
   subscriber_remove_all},
  {"POST", "/channel/blacklist_add", access::token, blacklist_add},
  {"POST", "/channel/blacklist_set", access::token, blacklist_set},
  {"POST", "/channel/blacklist_remove", access::token, blacklist_remove},
  {"POST", "/channel/blacklist_remove_all", access::token,
   blacklist_remove_all},
  {"POST", "/channel/whitelist_add", access::token, whitelist_add},
  {"POST", "/channel/whitelist_set", access::token, whitelist_set},
  {"POST", "/channel/whitelist_remove", access::token, whitelist_remove},
  {"POST", "/channel/whitelist_remove_all", access::token,
   whitelist_remove_all},
  {"GET", "/channel/whitelist", access::token, whitelist},
  {"POST", "/message/send", access::token, message_send},
  {"POST", "/message/sendbatch", access::token, message_send_batch},
  {"POST", "/channel/messagesync", access::token, channel_message_sync},
  {"GET", "/channel/max_message_seq", access::token, channel_max_message_seq},
});

constexpr bool open_to_all(access who, http_port port) {
  if (who == access::operation)
    return false;
  return port == http_port::monitor || who == access::open
         || who == access::open_monitor;
}

constexpr bool listens_on(access who, http_port port) {
  if (who == access::operation)
    return port == http_port::monitor;
  return port == http_port::api || who == access::monitor
         || who == access::open_monitor;
}

bool is_demo(std::string_view method, std::string_view path, http_port port) {
  return port == http_port::api && method == "GET"
         && (path == "/demo" || path.starts_with("/demo/"));
}

const route* find(std::string_view method, std::string_view path,
                  http_port port) {
  for (const auto& x : table)
    if (x.path == path && x.method == method && listens_on(x.who, port))
      return &x;
  return nullptr;
}

} // namespace

std::span<const route> routes() {
  return table;
}

admission admit(http_port port, std::string_view method, std::string_view path,
                std::string_view token, const http_options& options) {
  using kind = admission::kind;
  if (is_demo(method, path, port) && !options.demo_folder.empty())
    return {kind::call, demo_page, true};
  auto found = find(method, path, port);
  auto open
    = found ? open_to_all(found->who, port) : port == http_port::monitor;
  if (!open && !options.manager_token.empty()
      && !same_token(token, options.manager_token))
    return {kind::unauthorized, nullptr};
  if (method == "OPTIONS" && port == http_port::api)
    return {kind::preflight, nullptr};
  return found ? admission{kind::call, found->handler, open} : admission{};
}

bool same_token(std::string_view given, std::string_view wanted) {
  // Digests have one length, so the length of the token stays secret, too.
  std::array<unsigned char, SHA256_DIGEST_LENGTH> a{};
  std::array<unsigned char, SHA256_DIGEST_LENGTH> b{};
  SHA256(reinterpret_cast<const unsigned char*>(given.data()), given.size(),
         a.data());
  SHA256(reinterpret_cast<const unsigned char*>(wanted.data()), wanted.size(),
         b.data());
  return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace jindou::actors::http
