#pragma once

#include "tests/fuzz/target.hpp"

#include <string>
#include <string_view>

/// Seeds from the golden vectors.
namespace jindou::fuzz {

/// The bytes of every vector of `section` (`vectors`, `streams`, `malformed`).
inputs golden_bytes(std::string_view section);

/// The texts of every JSON-RPC vector.
inputs golden_texts();

/// Both together: a stream of many.
byte_vector joined(const inputs& all);

} // namespace jindou::fuzz
