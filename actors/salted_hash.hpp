#pragma once

#include "messages/hash.hpp"

#include <cstddef>
#include <cstdint>
#include <random>
#include <string_view>

namespace jindou::actors {

/// Hash of tables in memory, salted so that nobody can choose keys that meet
/// in one bucket. Copies share the salt.
class salted_hash {
public:
  using is_transparent = void;

  std::size_t operator()(std::string_view key) const {
    return hash64{}
      .add(
        std::string_view{reinterpret_cast<const char*>(&salt_), sizeof(salt_)})
      .add(key)
      .value();
  }

private:
  static std::uint64_t make_salt() {
    std::random_device source;
    return std::uint64_t{source()} << 32 | source();
  }

  std::uint64_t salt_ = make_salt();
};

} // namespace jindou::actors
