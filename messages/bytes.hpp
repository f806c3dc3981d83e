#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace jindou {

using byte_span = std::span<const std::byte>;
using byte_vector = std::vector<std::byte>;

/// Immutable bytes, shared by reference count: a window into one block. Many
/// windows of one block cost one allocation together.
class shared_bytes {
public:
  shared_bytes() = default;

  /// Shares `size` bytes at `data`, kept alive by `owner`.
  shared_bytes(const std::shared_ptr<const void>& owner, const std::byte* data,
               std::size_t size)
      : data_(owner, data), size_(size) {
    // nop
  }

  /// Takes over a whole vector.
  explicit shared_bytes(byte_vector bytes) {
    auto owner = std::make_shared<const byte_vector>(std::move(bytes));
    size_ = owner->size();
    data_ = std::shared_ptr<const std::byte>{owner, owner->data()};
  }

  /// Shares a part of the same block.
  shared_bytes window(std::size_t begin, std::size_t end) const {
    return {data_, data_.get() + begin, end - begin};
  }

  /// Says whether both are windows of one block.
  bool same_block(const shared_bytes& other) const {
    return !data_.owner_before(other.data_) && !other.data_.owner_before(data_);
  }

  byte_span span() const {
    return {data_.get(), size_};
  }

  const std::byte* data() const {
    return data_.get();
  }

  std::size_t size() const {
    return size_;
  }

private:
  std::shared_ptr<const std::byte> data_;
  std::size_t size_ = 0;
};

/// A block that one owner fills and then shares as immutable.
using mutable_block = std::shared_ptr<byte_vector>;

inline std::string_view as_text(byte_span bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline byte_span as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

} // namespace jindou
