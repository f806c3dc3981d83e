#pragma once

#include "actors/http/http_call.hpp"
#include "messages/result.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace jindou::actors::http {

/// Where the answers to some questions are collected, on the HTTP thread.
template <class T>
struct answer_slots {
  answer_slots(const http_call& call, std::size_t n)
      : done(call.executor, call.deadline), values(n), left(n) {
    // nop
  }

  /// The first answer counts.
  void set(std::size_t i, result<T> x) {
    if (values[i])
      return;
    values[i].emplace(std::move(x));
    if (--left == 0)
      done.cancel();
  }

  boost::asio::steady_timer done;
  std::vector<std::optional<result<T>>> values;
  std::size_t left;
};

/// Brings the answer to one question back to the HTTP thread. May be called
/// from any thread, and several times: the first one counts.
template <class T>
class answer_to {
public:
  answer_to(std::shared_ptr<loop_gate> gate,
            std::weak_ptr<answer_slots<T>> slots, std::size_t i)
      : gate_(std::move(gate)), slots_(std::move(slots)), i_(i) {
    // nop
  }

  void operator()(result<T> x) const {
    gate_->post([slots = slots_, i = i_, x = std::move(x)]() mutable {
      if (auto here = slots.lock())
        here->set(i, std::move(x));
    });
  }

private:
  std::shared_ptr<loop_gate> gate_;
  std::weak_ptr<answer_slots<T>> slots_;
  std::size_t i_;
};

/// Asks `n` questions at once: `start(i, answer_to<T>)` each, and waits for all
/// answers, but not past the deadline of the call.
/// Errors: per question; `errc::unknown` if no answer came in time.
template <class T, class Start>
boost::asio::awaitable<std::vector<result<T>>>
ask_each(http_call& call, std::size_t n, Start start) {
  std::vector<result<T>> out;
  if (n == 0)
    co_return out;
  auto slots = std::make_shared<answer_slots<T>>(call, n);
  for (std::size_t i = 0; i < n; ++i)
    start(i, answer_to<T>{call.gate, slots, i});
  co_await slots->done.async_wait(
    boost::asio::as_tuple(boost::asio::use_awaitable));
  out.reserve(n);
  for (auto& x : slots->values)
    out.push_back(x ? std::move(*x) : result<T>{errc::unknown});
  co_return out;
}

/// Asks one question: `start(answer_to<T>)`.
template <class T, class Start>
boost::asio::awaitable<result<T>> ask(http_call& call, Start start) {
  auto answers = co_await ask_each<T>(
    call, 1, [&start](std::size_t, answer_to<T> to) { start(std::move(to)); });
  co_return std::move(answers.front());
}

} // namespace jindou::actors::http
