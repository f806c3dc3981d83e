#pragma once

#include "messages/wire/frame.hpp"

#include <nlohmann/json.hpp>

#include <deque>
#include <string>

namespace jindou::vectors {

/// A frame that owns the texts it points to.
struct owned_frame {
  wire::frame frame;
  std::deque<std::string> texts;
  std::string problem; // "" unless the fields say no frame
};

/// Makes the frame that the `fields` of a vector describe.
owned_frame frame_of(const nlohmann::json& fields);

/// Says where two frames differ, e.g. `uid "u1" instead of "u2"`, or "".
std::string difference(const wire::frame& got, const wire::frame& expected);

} // namespace jindou::vectors
