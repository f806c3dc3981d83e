#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace jindou::bench {

/// Counts values in buckets whose width grows with the value, so that a
/// quantile is never more than 1/128 above the truth.
/// Units:  any; the bench uses nanoseconds up to 73 minutes.
class histogram {
public:
  /// Values at or above it count as this one.
  static constexpr std::uint64_t value_max = (std::uint64_t{1} << 42) - 1;

  void add(std::uint64_t value);

  void merge(const histogram& other);

  void clear();

  std::uint64_t count() const {
    return count_;
  }

  /// The smallest and the largest value, exactly; 0 without values.
  std::uint64_t min() const {
    return count_ == 0 ? 0 : min_;
  }

  std::uint64_t max() const {
    return max_;
  }

  double mean() const;

  /// Returns a value that at least the share `q` of all values do not pass; 0
  /// without values.
  std::uint64_t quantile(double q) const;

private:
  // One bucket per value below 2^8, then 2^7 buckets per power of two.
  static constexpr std::size_t linear = 256;
  static constexpr std::size_t per_power = 128;
  static constexpr std::size_t buckets = linear + (42 - 8) * per_power;

  static std::size_t bucket_of(std::uint64_t value);
  static std::uint64_t last_of(std::size_t bucket);

  std::array<std::uint64_t, buckets> counts_{};
  std::uint64_t count_ = 0;
  std::uint64_t sum_ = 0;
  std::uint64_t min_ = ~std::uint64_t{0};
  std::uint64_t max_ = 0;
};

} // namespace jindou::bench
