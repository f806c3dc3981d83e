#include "apps/client/commands.hpp"

#include <nlohmann/json.hpp>

namespace jindou::client {

using nlohmann::json;

namespace {

constexpr auto replace = json::error_handler_t::replace;

/// Keeps one message on one line, whatever its bytes are.
std::string visible(const std::string& text) {
  auto quoted = json(text).dump(-1, ' ', false, replace);
  return quoted.substr(1, quoted.size() - 2);
}

} // namespace

std::string text_payload(const std::string& text) {
  return json{{"type", 1}, {"content", text}}.dump(-1, ' ', false, replace);
}

std::string shown_text(std::string_view payload) {
  auto x = json::parse(payload, nullptr, false);
  if (x.is_object())
    if (auto i = x.find("content"); i != x.end() && i->is_string())
      return visible(i->get<std::string>());
  return visible(std::string{payload});
}

} // namespace jindou::client
