#pragma once

#include "messages/raft_host.hpp"

#include <caf/execution_unit.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <atomic>
#include <mutex>
#include <utility>
#include <vector>

namespace jindou::cluster {

/// Base of the RAFT HOST: keeps proposals and the word of the applier from
/// waking it while it could do nothing with them. A wake-up costs the sender a
/// system call and, where all processors are busy, its processor; a host whose
/// writer is busy would only put the message aside. All others pass as ever, so
/// the answer of the writer ends the wait, and so does every tick. The order of
/// what one sender says stays.
template <class Base>
class coalescing_actor : public Base {
public:
  using Base::Base;

  using Base::enqueue;

  void enqueue(caf::mailbox_element_ptr what,
               caf::execution_unit* eu) override {
    if (coalescing_.load(std::memory_order_acquire)
        && can_wait(what->content())) {
      std::lock_guard guard{mutex_};
      if (coalescing_.load(std::memory_order_relaxed)) {
        held_.push_back(std::move(what));
        return;
      }
    }
    Base::enqueue(std::move(what), eu);
  }

  bool cleanup(caf::error&& why, caf::execution_unit* eu) override {
    let_in(); // whoever ends with messages in its mailbox drops them, so these
    return Base::cleanup(std::move(why), eu);
  }

  /// Holds what can wait from now on until `let_in`.
  void coalesce() {
    coalescing_.store(true, std::memory_order_release);
  }

  /// Puts what was held behind what is in the mailbox and holds nothing more.
  void let_in() {
    if (!coalescing_.load(std::memory_order_relaxed))
      return;
    std::lock_guard guard{mutex_};
    for (auto& x : held_)
      Base::enqueue(std::move(x), nullptr);
    held_.clear();
    coalescing_.store(false, std::memory_order_release);
  }

private:
  static bool can_wait(const caf::type_erased_tuple& what) {
    return what.match_elements<propose_ptr>()
           || what.match_elements<applied_to>();
  }

  std::atomic<bool> coalescing_ = false; // written by the host alone
  std::mutex mutex_;
  std::vector<caf::mailbox_element_ptr> held_;
};

} // namespace jindou::cluster
