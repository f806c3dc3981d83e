#pragma once

#include <nlohmann/json.hpp>

#include <string>

namespace jindou::actors::http {

/// Writes `x` without spaces. Names that clients chose need not be UTF-8; what
/// is not becomes U+FFFD, as in v2.
inline std::string json_text(const nlohmann::ordered_json& x) {
  return x.dump(-1, ' ', false,
                nlohmann::ordered_json::error_handler_t::replace);
}

} // namespace jindou::actors::http
