#include "messages/errc.hpp"

namespace jindou {

// NOLINTNEXTLINE(readability-function-size): a table
std::string_view to_string(errc e) {
  switch (e) {
  case errc::none:
    return "none";
  case errc::malformed:
    return "malformed";
  case errc::too_large:
    return "too_large";
  case errc::bad_payload:
    return "bad_payload";
  case errc::bad_client_key:
    return "bad_client_key";
  case errc::auth_failed:
    return "auth_failed";
  case errc::unsupported:
    return "unsupported";
  case errc::banned:
    return "banned";
  case errc::send_banned:
    return "send_banned";
  case errc::disbanded:
    return "disbanded";
  case errc::denied:
    return "denied";
  case errc::not_allowed:
    return "not_allowed";
  case errc::not_subscribed:
    return "not_subscribed";
  case errc::not_found:
    return "not_found";
  case errc::invalid_argument:
    return "invalid_argument";
  case errc::busy:
    return "busy";
  case errc::lost:
    return "lost";
  case errc::quarantined:
    return "quarantined";
  case errc::stopping:
    return "stopping";
  case errc::rate_limited:
    return "rate_limited";
  case errc::not_leader:
    return "not_leader";
  case errc::unavailable:
    return "unavailable";
  case errc::unknown:
    return "unknown";
  case errc::corrupt:
    return "corrupt";
  case errc::disk_failed:
    return "disk_failed";
  }
  return "undefined";
}

bool retryable(errc e) {
  switch (e) {
  case errc::busy:
  case errc::lost:
  case errc::stopping:
  case errc::rate_limited:
  case errc::not_leader:
  case errc::unavailable:
  case errc::unknown:
    return true;
  default:
    return false;
  }
}

} // namespace jindou
