#pragma once

#include "messages/errc.hpp"
#include "messages/lease.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

namespace jindou {

/// A batch on its way to an actor: holds places in its queue and is answered
/// exactly once. Whoever drops it unanswered (a killed actor, a dead mailbox,
/// an exception) answers `errc::lost` by doing so.
template <class Batch>
class delivery {
public:
  /// Called once, from any thread: must be cheap and must not block.
  using answer_fun = std::function<void(Batch&, errc)>;

  delivery(Batch content_, std::int64_t places, answer_fun fun)
      : content(std::move(content_)), places_(places), answer_(std::move(fun)) {
    // nop
  }

  delivery(const delivery&) = delete;
  delivery& operator=(const delivery&) = delete;

  ~delivery() {
    if (answer_)
      answer(errc::lost);
    if (lease_)
      lease_->leave(places_);
  }

  /// Ends this delivery; the places stay taken until it is destroyed.
  void answer(errc outcome) {
    if (auto fun = std::exchange(answer_, nullptr))
      fun(content, outcome);
  }

  bool answered() const {
    return !answer_;
  }

  /// Number of queue places that the batch takes: one per event.
  std::int64_t places() const {
    return places_;
  }

  /// For the directory: remembers where the places were taken.
  void hold(std::shared_ptr<lease> where) {
    lease_ = std::move(where);
  }

  Batch content;

private:
  std::int64_t places_;
  std::shared_ptr<lease> lease_;
  answer_fun answer_;
};

template <class Batch>
using delivery_ptr = std::shared_ptr<delivery<Batch>>;

} // namespace jindou
