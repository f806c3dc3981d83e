#pragma once

#include "messages/bytes.hpp"

#include <concepts>
#include <cstdint>
#include <string_view>

namespace jindou::wire {

/// Writes one JSON object straight to bytes, member by member in the order of
/// the calls; an object inside of it is begun and ended by `open` and `close`.
class json_writer {
public:
  /// Appends to `out` and begins the object.
  explicit json_writer(byte_vector& out);

  void text(std::string_view name, std::string_view value);
  void number(std::string_view name, std::signed_integral auto value) {
    put_signed(name, value);
  }
  void number(std::string_view name, std::unsigned_integral auto value) {
    put_unsigned(name, value);
  }

  /// A number as a text, as 64-bit ids are written for JavaScript.
  void number_text(std::string_view name, std::int64_t value);
  void base64(std::string_view name, std::string_view bytes);
  void truth(std::string_view name); // always true

  void open(std::string_view name);
  void close();

private:
  void put_signed(std::string_view name, std::int64_t value);
  void put_unsigned(std::string_view name, std::uint64_t value);
  void name(std::string_view text);
  void raw(std::string_view text);
  void quoted(std::string_view text);

  byte_vector& out_;
  bool first_ = true;
};

/// Number of bytes of the UTF-8 character that `text` begins with, 0 if it
/// begins with none.
std::size_t utf8_size(std::string_view text);

} // namespace jindou::wire
