#pragma once

#include "configs/option_table.hpp"

#include <caf/fwd.hpp>

#include <string>
#include <string_view>

namespace jindou::configs {

/// Puts a parsed value into its member; refuses a wrong type and a value
/// outside the bounds.
result<void, fault> assign(const option& x, const caf::config_value& value,
                           options& target);

/// Puts the text of `--section.name=text` into its member. Texts need no
/// quotes there; everything else is written as in a file.
result<void, fault> assign_text(const option& x, std::string_view text,
                                options& target);

/// Renders the value that `source` has for `x`, as a file writes it.
std::string render(const option& x, const options& source);

/// Renders type, unit and bounds: `integer from 1 to 64, threads`.
std::string render_bounds(const option& x);

} // namespace jindou::configs
