#pragma once

#include "messages/bytes.hpp"
#include "messages/hex.hpp"

#include <nlohmann/json.hpp>

#include <charconv>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace jindou::vectors {

/// Bytes of hex digits, nothing if it has others.
std::optional<byte_vector> bytes_of_hex(std::string_view hex);

/// Reads members of one object of a file that may say anything. What is
/// missing or of a wrong kind reads as zero or empty; `problem` says what was
/// wrong first.
class json_fields {
public:
  explicit json_fields(const nlohmann::json& object) : object_(object) {
    // nop
  }

  bool has(const char* name) const {
    return object_.is_object() && object_.contains(name);
  }

  std::string text(const char* name);
  byte_vector hex(const char* name);
  bool truth(const char* name);

  /// A number or, as 64-bit numbers are written, its digits in a text.
  template <std::integral T>
  T number(const char* name) {
    T value{};
    if (const auto* x = find(name)) {
      auto digits = x->is_string() ? x->get<std::string>() : std::string{};
      if (x->is_number_integer())
        digits = x->is_number_unsigned()
                   ? std::to_string(x->get<std::uint64_t>())
                   : std::to_string(x->get<std::int64_t>());
      auto end = digits.data() + digits.size();
      auto [at, bad] = std::from_chars(digits.data(), end, value);
      if (bad != std::errc{} || at != end)
        complain(name, "is no number of its range");
    }
    return value;
  }

  /// A member that is an object or array; `null` if there is none.
  const nlohmann::json& part(const char* name);

  const std::string& problem() const {
    return problem_;
  }

  bool ok() const {
    return problem_.empty();
  }

  void complain(std::string_view name, std::string_view what) {
    if (ok())
      problem_ = "key \"" + std::string{name} + "\" " + std::string{what};
  }

private:
  const nlohmann::json* find(const char* name);

  const nlohmann::json& object_;
  std::string problem_;
};

} // namespace jindou::vectors
