#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace jindou::actors::http {

/// Path and query of a request target, as on the wire.
struct target_parts {
  std::string_view path;
  std::string_view query;
};

target_parts split_target(std::string_view target);

/// Returns the decoded value of the first parameter called `name`; nothing if
/// there is none or its escapes are broken.
std::optional<std::string> query_value(std::string_view query,
                                       std::string_view name);

} // namespace jindou::actors::http
