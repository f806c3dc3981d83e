#pragma once

#include "messages/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// JSON bodies by the rules of Go, which the back ends of v2 are used to: names
/// without regard to case, unknown ones ignored, null like absent, numbers must
/// be numbers. Pure.
namespace jindou::actors::http {

/// Why a request is refused, in words for its caller.
struct fault {
  std::string text;
};

/// Reads one JSON text. Names of fields come out in lower case; of two equal
/// ones the last counts, and null never overwrites.
/// Shape:  at most 16 levels and 250,000 values: what a body costs in memory
///         is bounded.
/// Errors: not JSON, not UTF-8, too deep, too many values.
result<nlohmann::json, fault> parse_json(std::string_view text);

/// Reads an array of names, as /route/batch has it.
result<std::vector<std::string>, fault> parse_names(std::string_view body);

/// The fields of one object. The first fault sticks; after it everything reads
/// as zero.
class json_fields {
public:
  /// Takes null for an object without fields.
  explicit json_fields(const nlohmann::json& object);

  /// Parses a body; a fault of parsing sticks, too.
  static json_fields of(std::string_view body, nlohmann::json& storage);

  /// A text of any content up to `bytes_max`.
  std::string text(std::string_view name, std::size_t bytes_max);

  /// A name that will be stored: without NUL, at most
  /// `limits::name_bytes_max`.
  std::string name(std::string_view name);

  /// A whole number in `min`...`max`.
  std::int64_t number(std::string_view name, std::int64_t min,
                      std::int64_t max);

  /// An int that is 1 for yes.
  bool flag(std::string_view name);

  /// Names; blank ones are left out.
  std::vector<std::string> names(std::string_view name);

  /// Bytes in base64, at most `bytes_max`.
  std::string bytes(std::string_view name, std::size_t bytes_max);

  /// The fields of an object within this one.
  json_fields object(std::string_view name);

  /// Makes `text` the fault, unless there is one.
  void refuse(std::string text);

  /// Takes over the fault of an object within this one.
  void refuse_like(const json_fields& inner);

  bool good() const {
    return fault_.empty();
  }

  fault error() const {
    return {fault_};
  }

private:
  const nlohmann::json* find(std::string_view name);

  const nlohmann::json* object_;
  std::string fault_;
};

/// Says whether a text is empty or white space only.
bool is_blank(std::string_view text);

} // namespace jindou::actors::http
