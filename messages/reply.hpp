#pragma once

#include "messages/errc.hpp"
#include "messages/result.hpp"

#include <functional>
#include <memory>
#include <utility>

namespace jindou {

/// The way back to whoever asked: called exactly once with a value or an
/// error, from any thread; dropped unanswered it says `errc::lost`. For calls
/// below some hundreds a second (HTTP, history); hot paths use deliveries.
template <class T>
class reply {
public:
  using fun = std::function<void(result<T>)>;

  explicit reply(fun f) : fun_(std::move(f)) {
    // nop
  }

  reply(const reply&) = delete;
  reply& operator=(const reply&) = delete;

  ~reply() {
    if (fun_)
      answer(errc::lost);
  }

  void answer(result<T> x) {
    if (auto f = std::exchange(fun_, nullptr))
      f(std::move(x));
  }

private:
  fun fun_;
};

template <class T>
using reply_ptr = std::shared_ptr<reply<T>>;

template <class T, class F>
reply_ptr<T> make_reply(F f) {
  return std::make_shared<reply<T>>(typename reply<T>::fun{std::move(f)});
}

} // namespace jindou
