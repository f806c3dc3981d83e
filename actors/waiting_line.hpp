#pragma once

#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

namespace jindou::actors {

/// First in, first out. An empty one holds next to nothing: a standard deque
/// takes 576 bytes before its first element, and there is a line or two in
/// every user and channel.
template <class T>
class waiting_line {
public:
  using iterator = typename std::vector<T>::iterator;
  using const_iterator = typename std::vector<T>::const_iterator;

  void push_back(T x) {
    if (head_ > 0 && items_.size() == items_.capacity())
      close_gap();
    items_.push_back(std::move(x));
  }

  /// Shape: not empty.
  T pop_front() {
    auto res = std::move(items_[head_++]);
    if (head_ == items_.size())
      forget();
    return res;
  }

  T& front() {
    return items_[head_];
  }

  const T& front() const {
    return items_[head_];
  }

  bool empty() const {
    return head_ == items_.size();
  }

  std::size_t size() const {
    return items_.size() - head_;
  }

  iterator begin() {
    return items_.begin() + static_cast<std::ptrdiff_t>(head_);
  }

  iterator end() {
    return items_.end();
  }

  const_iterator begin() const {
    return items_.begin() + static_cast<std::ptrdiff_t>(head_);
  }

  const_iterator end() const {
    return items_.end();
  }

private:
  /// Places that an empty line keeps.
  static constexpr std::size_t kept = 4;

  void forget() {
    head_ = 0;
    if (items_.capacity() > kept)
      items_ = std::vector<T>{};
    else
      items_.clear();
  }

  void close_gap() {
    items_.erase(items_.begin(), begin());
    head_ = 0;
  }

  std::vector<T> items_;
  std::size_t head_ = 0;
};

} // namespace jindou::actors
