#include "actors/rate_limit.hpp"

namespace jindou::actors {

namespace {

/// A full table is swept at most this often.
constexpr std::int64_t sweep_gap_ms = 100;

} // namespace

std::int64_t token_bucket::filled(const rate& limit,
                                  std::int64_t now_ms) const {
  auto passed = std::max<std::int64_t>(0, now_ms - at_ms_);
  // A thousandth of a token per millisecond and event per second. A bucket is
  // never empty for longer than its depth takes, so that nothing overflows.
  auto refill = std::min<std::int64_t>(passed, 1'000'000'000)
                * static_cast<std::int64_t>(limit.per_second);
  return std::max<std::int64_t>(0, missing_ - refill);
}

/// What was owed under a generous rate may take hours under a strict one.
void token_bucket::meet(const rate& limit) {
  if (met_ == limit)
    return;
  met_ = limit;
  missing_
    = std::min(missing_, static_cast<std::int64_t>(limit.depth()) * 1'000);
}

/// Brings the bucket up to date. Returns the whole tokens in it.
std::size_t token_bucket::fill(const rate& limit, std::int64_t now_ms) {
  meet(limit);
  missing_ = filled(limit, now_ms);
  at_ms_ = std::max(at_ms_, now_ms);
  auto depth = static_cast<std::int64_t>(limit.depth()) * 1'000;
  return static_cast<std::size_t>(
    std::max<std::int64_t>(0, (depth - missing_) / 1'000));
}

std::size_t token_bucket::take(const rate& limit, std::size_t n,
                               std::int64_t now_ms) {
  if (!limit.limited())
    return n;
  auto taken = std::min(n, fill(limit, now_ms));
  missing_ += static_cast<std::int64_t>(taken) * 1'000;
  return taken;
}

bool token_bucket::admit(const rate& limit, std::size_t n,
                         std::int64_t now_ms) {
  if (!limit.limited())
    return true;
  if (fill(limit, now_ms) == 0)
    return false;
  missing_ += static_cast<std::int64_t>(n) * 1'000;
  return true;
}

bool token_bucket::full(const rate& limit, std::int64_t now_ms) const {
  return filled(limit, now_ms) == 0;
}

rate_table::rate_table(rate limit, std::size_t names_max)
    : limit_(limit), names_max_(names_max) {
  // nop
}

std::size_t rate_table::take(std::string_view name, std::size_t n,
                             std::int64_t now_ms) {
  auto limit = limit_.get();
  if (!limit.limited())
    return n;
  std::lock_guard guard{mx_};
  return bucket_of(name, limit, now_ms).take(limit, n, now_ms);
}

token_bucket& rate_table::bucket_of(std::string_view name, const rate& limit,
                                    std::int64_t now_ms) {
  if (auto i = buckets_.find(name); i != buckets_.end())
    return i->second;
  if (buckets_.size() >= names_max_ && now_ms - swept_at_ms_ >= sweep_gap_ms) {
    swept_at_ms_ = now_ms;
    std::erase_if(buckets_,
                  [&](auto& kv) { return kv.second.full(limit, now_ms); });
  }
  if (buckets_.size() >= names_max_)
    return rest_;
  return buckets_[std::string{name}];
}

std::size_t rate_table::size() const {
  std::lock_guard guard{mx_};
  return buckets_.size();
}

} // namespace jindou::actors
