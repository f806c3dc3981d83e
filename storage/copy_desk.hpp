#pragma once

#include "storage/work.hpp"

#include <atomic>
#include <cstdint>
#include <future>
#include <memory>
#include <mutex>
#include <string>

namespace jindou::storage {

/// A copy of the running store that somebody waits for.
struct copy_order {
  /// Of the file to be made.
  std::string path;
  std::atomic<std::uint32_t> pages_total{0};
  std::atomic<std::uint32_t> pages_left{0};
  /// Whoever waits has no use for the copy any more.
  std::atomic<bool> given_up{false};
  /// Fulfilled once, by the log writer: the copy is there, not synchronised,
  /// and holds everything that was durable when it was ordered.
  std::promise<result<void>> done;
};

using copy_order_ptr = std::shared_ptr<copy_order>;

/// Where copies of the store are ordered: one at a time, from any thread.
class copy_desk {
public:
  /// False: another one waits already.
  bool put(copy_order_ptr x) {
    std::lock_guard guard{mutex_};
    if (waiting_)
      return false;
    waiting_ = std::move(x);
    return true;
  }

  copy_order_ptr take() {
    std::lock_guard guard{mutex_};
    return std::exchange(waiting_, nullptr);
  }

private:
  std::mutex mutex_;
  copy_order_ptr waiting_;
};

} // namespace jindou::storage
