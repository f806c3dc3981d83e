#include "actors/user/device_policy.hpp"

#include <openssl/crypto.h>

namespace jindou::actors::device_policy {

fate of(const session_identity& fresh, const session_identity& old) {
  if (fresh.device_flag != old.device_flag)
    return fate::keep;
  auto same_device = fresh.device_id == old.device_id;
  if (same_device)
    return fate::replace;
  return fresh.level == device_level::master ? fate::kick : fate::keep;
}

bool is_visitor(std::string_view uid, std::string_view suffix) {
  return !suffix.empty() && uid.ends_with(suffix);
}

bool same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size()
         && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace jindou::actors::device_policy
