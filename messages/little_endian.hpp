#pragma once

#include "messages/bytes.hpp"

#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

/// Numbers as they stand in records, blocks and rows: little-endian. (Frames
/// of clients are big-endian and have a reader of their own.)
namespace jindou {

/// Reads a number; unaligned is fine.
template <class T>
T load_le(const std::byte* from) {
  static_assert(std::is_unsigned_v<T>);
  T res;
  std::memcpy(&res, from, sizeof(T)); // the house runs on little-endian only
  return res;
}

/// Writes a number; unaligned is fine.
template <class T>
void store_le(std::byte* to, T value) {
  static_assert(std::is_unsigned_v<T>);
  std::memcpy(to, &value, sizeof(T));
}

/// Appends a number.
template <class T>
void append_le(byte_vector& out, T value) {
  auto at = out.size();
  out.resize(at + sizeof(T));
  store_le(out.data() + at, value);
}

inline void append_text(byte_vector& out, std::string_view text) {
  auto bytes = as_bytes(text);
  out.insert(out.end(), bytes.begin(), bytes.end());
}

/// Reads numbers and texts from hostile bytes. What does not fit reads as zero
/// or empty and makes the reader bad for good, so that callers check once.
class le_reader {
public:
  explicit le_reader(byte_span bytes) : rest_(bytes) {
    // nop
  }

  template <class T>
  T number() {
    auto bytes = take(sizeof(T));
    return bytes.empty() ? T{0} : load_le<T>(bytes.data());
  }

  std::string_view text(std::size_t size) {
    return as_text(take(size));
  }

  byte_span take(std::size_t size) {
    if (size > rest_.size())
      good_ = false;
    if (!good_)
      return {};
    auto res = rest_.first(size);
    rest_ = rest_.subspan(size);
    return res;
  }

  /// Makes the reader bad: a value is out of its range.
  void refuse() {
    good_ = false;
  }

  bool good() const {
    return good_;
  }

  std::size_t left() const {
    return rest_.size();
  }

  /// Everything was read and nothing was wrong.
  bool done() const {
    return good_ && rest_.empty();
  }

private:
  byte_span rest_;
  bool good_ = true;
};

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
              "records are copied as they lie in memory");

} // namespace jindou
