#include "actors/gateway/login_rules.hpp"

#include "messages/ids.hpp"
#include "messages/limits.hpp"

#include <string_view>

namespace jindou::actors {

namespace {

constexpr std::string_view blanks{" \t\n\v\f\r"};

/// These separate the parts of stored channel ids and keys.
constexpr std::string_view reserved{"@#&"};

bool is_a_uid(std::string_view uid) {
  return uid.find_first_not_of(blanks) != std::string_view::npos
         && uid.find_first_of(reserved) == std::string_view::npos;
}

} // namespace

login_verdict judge_login(const wire::connect_frame& f) {
  if (!is_a_uid(f.uid))
    return login_verdict::close;
  if (f.uid.size() > limits::name_bytes_max
      || f.device_id.size() > limits::name_bytes_max
      || f.device_id == well_known::system_device)
    return login_verdict::refuse;
  return login_verdict::ask;
}

} // namespace jindou::actors
