#pragma once

#include "messages/errc.hpp"

#include <optional>
#include <utility>
#include <variant>

namespace jindou {

/// A value or the error that kept it from being made. For everything pure; no
/// exception leaves a file. `E` is `errc` unless a room has its own error.
template <class T, class E = errc>
class [[nodiscard]] result {
public:
  using value_type = T;
  using error_type = E;

  result(T value) : state_(std::in_place_index<0>, std::move(value)) {
    // nop
  }

  result(E error) : state_(std::in_place_index<1>, std::move(error)) {
    // nop
  }

  explicit operator bool() const {
    return state_.index() == 0;
  }

  T& operator*() & {
    return std::get<0>(state_);
  }

  const T& operator*() const& {
    return std::get<0>(state_);
  }

  T&& operator*() && {
    return std::get<0>(std::move(state_));
  }

  T* operator->() {
    return &std::get<0>(state_);
  }

  const T* operator->() const {
    return &std::get<0>(state_);
  }

  const E& error() const {
    return std::get<1>(state_);
  }

private:
  std::variant<T, E> state_;
};

/// Success or an error.
template <class E>
class [[nodiscard]] result<void, E> {
public:
  using value_type = void;
  using error_type = E;

  result() = default;

  result(E error) : error_(std::move(error)) {
    // nop
  }

  explicit operator bool() const {
    return !error_;
  }

  const E& error() const {
    return *error_;
  }

private:
  std::optional<E> error_;
};

} // namespace jindou
