#include "apps/bench/histogram.hpp"

#include <algorithm>
#include <cmath>

namespace jindou::bench {

std::size_t histogram::bucket_of(std::uint64_t value) {
  if (value < linear)
    return static_cast<std::size_t>(value);
  auto power = static_cast<std::size_t>(std::bit_width(value)) - 1; // >= 8
  auto sub = static_cast<std::size_t>(value >> (power - 7)) - per_power;
  return linear + (power - 8) * per_power + sub;
}

std::uint64_t histogram::last_of(std::size_t bucket) {
  if (bucket < linear)
    return bucket;
  auto power = (bucket - linear) / per_power + 8;
  auto sub = (bucket - linear) % per_power + per_power;
  return ((std::uint64_t{sub} + 1) << (power - 7)) - 1;
}

void histogram::add(std::uint64_t value) {
  value = std::min(value, value_max);
  ++counts_[bucket_of(value)];
  ++count_;
  sum_ += value;
  min_ = std::min(min_, value);
  max_ = std::max(max_, value);
}

void histogram::merge(const histogram& other) {
  for (std::size_t i = 0; i < buckets; ++i)
    counts_[i] += other.counts_[i];
  count_ += other.count_;
  sum_ += other.sum_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
}

void histogram::clear() {
  *this = histogram{};
}

double histogram::mean() const {
  return count_ == 0 ? 0.0
                     : static_cast<double>(sum_) / static_cast<double>(count_);
}

std::uint64_t histogram::quantile(double q) const {
  if (count_ == 0)
    return 0;
  auto share = std::ceil(q * static_cast<double>(count_));
  auto wanted
    = std::clamp(static_cast<std::uint64_t>(share), std::uint64_t{1}, count_);
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < buckets; ++i) {
    seen += counts_[i];
    if (seen >= wanted)
      return std::clamp(last_of(i), min_, max_);
  }
  return max_;
}

} // namespace jindou::bench
