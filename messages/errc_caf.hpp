#pragma once

// Registers errc with CAF; errc.hpp itself knows no CAF.

#include "messages/errc.hpp"

#include <caf/error.hpp>
#include <caf/make_message.hpp> // must precede the macro in 0.17.6

#include <string>

CAF_ERROR_CODE_ENUM(jindou::errc, "jindou")

namespace jindou {

/// Renders an error of category "jindou" for `add_error_category`.
inline std::string render_errc(std::uint8_t code, caf::atom_value,
                               const caf::message&) {
  return std::string{to_string(static_cast<errc>(code))};
}

} // namespace jindou
