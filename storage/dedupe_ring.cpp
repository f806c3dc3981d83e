#include "storage/dedupe_ring.hpp"

#include "messages/little_endian.hpp"
#include "messages/record.hpp"

#include <bit>
#include <cassert>

namespace jindou::storage {

namespace {

constexpr std::byte former_format{1};
constexpr std::byte dedupe_format{2};
constexpr std::size_t head_bytes = 8;
constexpr std::size_t record_bytes = 16;
constexpr std::uint64_t first_capacity = 64;

constexpr std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 32)) * 0xd6e8feb86659fd93ULL;
  return x ^ (x >> 32);
}

} // namespace

// -- on disk ------------------------------------------------------------------

byte_vector encode_dedupe(std::span<const dedupe_record> records) {
  byte_vector res(head_bytes + records.size() * record_bytes);
  res[0] = dedupe_format;
  auto* to = res.data() + head_bytes;
  for (const auto& x : records) {
    store_le(to, x.hash);
    store_le(to + 8, x.log_time_s);
    store_le(to + 12, x.seq);
    to += record_bytes;
  }
  auto crc = record::crc32c(byte_span{res}.subspan(head_bytes));
  store_le(res.data() + 4, crc);
  return res;
}

jindou::result<dedupe_row> decode_dedupe(byte_span bytes) {
  if (bytes.size() < head_bytes
      || (bytes[0] != dedupe_format && bytes[0] != former_format)
      || bytes[1] != std::byte{0} || bytes[2] != std::byte{0}
      || bytes[3] != std::byte{0}
      || (bytes.size() - head_bytes) % record_bytes != 0)
    return errc::corrupt;
  auto covered = bytes.subspan(head_bytes);
  if (load_le<std::uint32_t>(bytes.data() + 4) != record::crc32c(covered))
    return errc::corrupt;
  dedupe_row res;
  res.former = bytes[0] == former_format;
  res.records.resize(covered.size() / record_bytes);
  if (res.records.size() > dedupe_records_per_row)
    return errc::corrupt;
  auto* from = covered.data();
  for (auto& x : res.records) {
    x.hash = load_le<std::uint64_t>(from);
    x.log_time_s = load_le<std::uint32_t>(from + 8);
    x.seq = load_le<std::uint32_t>(from + 12);
    if (x.hash == 0 || x.seq == 0)
      return errc::corrupt;
    from += record_bytes;
  }
  return res;
}

// -- in memory ----------------------------------------------------------------

dedupe_ring::dedupe_ring(dedupe_limits limits, std::uint64_t salt)
    : limits_(limits), salt_(salt) {
  assert(limits_.records_max > 0 && limits_.records_max <= (1U << 30));
  grow();
}

void dedupe_ring::restart(std::uint64_t ordinal) {
  ring_.clear();
  first_ = next_ = former_end_ = ordinal;
  grow();
}

void dedupe_ring::expire(std::uint32_t log_time_s) {
  while (first_ != next_) {
    auto oldest = at(first_).log_time_s;
    if (oldest >= log_time_s || log_time_s - oldest <= limits_.age_s_max)
      return;
    drop_oldest();
  }
}

void dedupe_ring::add(const dedupe_record& x) {
  assert(x.hash != 0 && x.seq != 0);
  if (size() == limits_.records_max)
    drop_oldest();
  if (size() == ring_.size())
    grow();
  auto slot = slot_of(x.hash);
  auto& to = ring_[next_ & mask_];
  to = {x, 0};
  if (slots_[slot] != 0)
    to.older = static_cast<std::uint32_t>((next_ - (slots_[slot] - 1)) & mask_);
  slots_[slot] = static_cast<std::uint32_t>(next_ & mask_) + 1;
  ++next_;
}

std::size_t dedupe_ring::find(std::uint64_t hash, candidates& out) const {
  auto place = slots_[slot_of(hash)];
  if (place == 0)
    return 0;
  // Distance from the oldest record: what is older than that is gone.
  auto ordinal = first_ + ((place - 1 - first_) & mask_);
  std::size_t n = 0;
  while (n < out.size()) {
    const auto& x = ring_[ordinal & mask_];
    out[n++] = x.record.seq;
    if (x.older == 0 || ordinal - first_ < x.older)
      break;
    ordinal -= x.older;
  }
  return n;
}

void dedupe_ring::drop_oldest() {
  auto place = static_cast<std::uint32_t>(first_ & mask_) + 1;
  auto slot = slot_of(ring_[first_ & mask_].record.hash);
  if (slots_[slot] == place)
    erase_slot(slot);
  ++first_;
}

void dedupe_ring::grow() {
  auto capacity = ring_.empty() ? first_capacity : 2 * ring_.size();
  std::vector<entry> bigger(capacity);
  for (auto i = first_; i != next_; ++i)
    bigger[i & (capacity - 1)] = ring_[i & mask_];
  ring_ = std::move(bigger);
  mask_ = capacity - 1;
  slots_.assign(2 * capacity, 0);
  slot_mask_ = slots_.size() - 1;
  for (auto i = first_; i != next_; ++i)
    slots_[slot_of(at(i).hash)] = static_cast<std::uint32_t>(i & mask_) + 1;
}

/// Closes the gap, so that probing needs no marks of former records.
void dedupe_ring::erase_slot(std::size_t gap) {
  for (auto i = (gap + 1) & slot_mask_; slots_[i] != 0;
       i = (i + 1) & slot_mask_) {
    auto from = home(ring_[slots_[i] - 1].record.hash);
    if (((i - from) & slot_mask_) < ((i - gap) & slot_mask_))
      continue;
    slots_[gap] = slots_[i];
    gap = i;
  }
  slots_[gap] = 0;
}

std::size_t dedupe_ring::home(std::uint64_t hash) const {
  return mix(hash ^ salt_) & slot_mask_;
}

/// The slot of this hash, or the empty one where it would go.
std::size_t dedupe_ring::slot_of(std::uint64_t hash) const {
  auto i = home(hash);
  while (slots_[i] != 0 && ring_[slots_[i] - 1].record.hash != hash)
    i = (i + 1) & slot_mask_;
  return i;
}

} // namespace jindou::storage
