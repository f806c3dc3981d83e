#pragma once

#include "actors/salted_hash.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace jindou::actors {

/// How much may pass. Units: events per second, and how many of them at once.
struct rate {
  /// 0 = no limit.
  std::uint32_t per_second = 0;
  /// 0 = as many as pass in one second.
  std::uint32_t burst = 0;

  bool limited() const {
    return per_second != 0;
  }

  std::uint32_t depth() const {
    return burst != 0 ? burst : per_second;
  }

  friend bool operator==(const rate&, const rate&) = default;
};

/// A rate that an operator changes while others go by it. Any thread.
class live_rate {
public:
  explicit live_rate(rate x = {}) : value_(x) {
    // nop
  }

  rate get() const {
    return value_.load(std::memory_order_relaxed);
  }

  void set(rate x) {
    value_.store(x, std::memory_order_relaxed);
  }

private:
  std::atomic<rate> value_;
  static_assert(std::atomic<rate>::is_always_lock_free);
};

/// A token bucket; pure, told the time. Starts full. When it meets another rate
/// than the last time, it owes no more than the new one holds.
class token_bucket {
public:
  /// Takes up to `n` tokens. Returns how many there were.
  /// Units: `now_ms` of any clock; a step back gives nothing.
  std::size_t take(const rate& limit, std::size_t n, std::int64_t now_ms);

  /// Lets all of `n` pass if there is one token at least; what is missing is
  /// owed. For batches that are taken or refused as a whole.
  bool admit(const rate& limit, std::size_t n, std::int64_t now_ms);

  /// Says whether nothing is missing, so that forgetting it changes nothing.
  bool full(const rate& limit, std::int64_t now_ms) const;

private:
  void meet(const rate& limit);
  std::size_t fill(const rate& limit, std::int64_t now_ms);
  std::int64_t filled(const rate& limit, std::int64_t now_ms) const;

  /// Thousandths of a token that are missing.
  std::int64_t missing_ = 0;
  std::int64_t at_ms_ = 0;
  rate met_;
};

/// Buckets by a name that anybody may invent (an address). Bounded: when there
/// are too many names, those with a full bucket are forgotten, and if none is
/// full the newcomers share one bucket. Any thread.
class rate_table {
public:
  rate_table(rate limit, std::size_t names_max);

  /// Takes up to `n` tokens of `name`. Returns how many there were.
  std::size_t take(std::string_view name, std::size_t n, std::int64_t now_ms);

  /// Says whether `take` refuses anything at all.
  bool limited() const {
    return limit_.get().limited();
  }

  /// Goes by another rate from now on.
  void change(rate limit) {
    limit_.set(limit);
  }

  std::size_t size() const;

private:
  token_bucket& bucket_of(std::string_view name, const rate& limit,
                          std::int64_t now_ms);

  live_rate limit_;
  const std::size_t names_max_;
  mutable std::mutex mx_;
  std::unordered_map<std::string, token_bucket, salted_hash, std::equal_to<>>
    buckets_;
  token_bucket rest_;
  std::int64_t swept_at_ms_ = 0;
};

} // namespace jindou::actors
