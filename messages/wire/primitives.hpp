#pragma once

#include "messages/bytes.hpp"
#include "messages/limits.hpp"

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

/// The three passes over the fields of a body. Each takes the fields of one
/// layout in wire order: integers are big-endian with their own width, texts
/// have a signed 16-bit length, `rest` is whatever is left.
namespace jindou::wire {

/// Turns the bytes of `x` around where the machine is little-endian.
template <std::integral T>
constexpr T big_endian(T x) {
  if constexpr (std::endian::native == std::endian::big || sizeof(T) == 1)
    return x;
  else if constexpr (sizeof(T) == 2)
    return static_cast<T>(__builtin_bswap16(static_cast<std::uint16_t>(x)));
  else if constexpr (sizeof(T) == 4)
    return static_cast<T>(__builtin_bswap32(static_cast<std::uint32_t>(x)));
  else
    return static_cast<T>(__builtin_bswap64(static_cast<std::uint64_t>(x)));
}

/// Counts the bytes of a body and notices texts that are too long.
class size_pass {
public:
  template <class... Ts>
  void operator()(const Ts&... fields) {
    (add(fields), ...);
  }

  void rest(std::string_view bytes) {
    size_ += bytes.size();
  }

  std::size_t size() const {
    return size_;
  }

  bool fits() const {
    return fits_ && size_ <= limits::frame_body_bytes_max;
  }

private:
  void add(std::integral auto field) {
    size_ += sizeof(field);
  }

  void add(std::string_view text) {
    size_ += 2 + text.size();
    fits_ &= text.size() <= limits::wire_string_bytes_max;
  }

  std::size_t size_ = 0;
  bool fits_ = true;
};

/// Writes a body whose size was counted before.
class write_pass {
public:
  explicit write_pass(std::byte* to) : to_(to) {
    // nop
  }

  template <class... Ts>
  void operator()(const Ts&... fields) {
    (add(fields), ...);
  }

  void rest(std::string_view bytes) {
    if (!bytes.empty()) // memcpy from a null view is undefined
      std::memcpy(to_, bytes.data(), bytes.size());
    to_ += bytes.size();
  }

private:
  template <std::integral T>
  void add(T field) {
    auto x = big_endian(field);
    std::memcpy(to_, &x, sizeof(x));
    to_ += sizeof(x);
  }

  void add(std::string_view text) {
    add(static_cast<std::uint16_t>(text.size()));
    rest(text);
  }

  std::byte* to_;
};

/// Reads a body; the texts are views into it. After the first field that is
/// not there everything reads as zero and `ok` is false.
class read_pass {
public:
  explicit read_pass(byte_span body) : left_(body) {
    // nop
  }

  template <class... Ts>
  void operator()(Ts&... fields) {
    (take(fields), ...);
  }

  void rest(std::string_view& bytes) {
    bytes = as_text(left_);
    left_ = {};
  }

  bool ok() const {
    return ok_;
  }

private:
  byte_span cut(std::size_t n) {
    if (n > left_.size()) {
      ok_ = false;
      left_ = {};
      return {};
    }
    auto bytes = left_.first(n);
    left_ = left_.subspan(n);
    return bytes;
  }

  template <std::integral T>
  void take(T& field) {
    field = 0;
    if (auto bytes = cut(sizeof(T)); !bytes.empty())
      std::memcpy(&field, bytes.data(), sizeof(T));
    field = big_endian(field);
  }

  void take(std::string_view& text) {
    std::uint16_t size = 0;
    take(size);
    if (size > limits::wire_string_bytes_max) // negative as a signed number
      ok_ = false;
    else
      text = as_text(cut(size));
  }

  byte_span left_;
  bool ok_ = true;
};

} // namespace jindou::wire
