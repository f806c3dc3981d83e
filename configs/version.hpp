#pragma once

#include <string_view>

namespace jindou::configs {

/// The version of this source; a test compares it with CMakeLists.txt.
constexpr std::string_view version = "0.1.0";

} // namespace jindou::configs
