#include "messages/little_endian.hpp"
#include "messages/record.hpp"
#include "storage/dedupe_ring.hpp"
#include "storage/work.hpp"
#include "tests/fuzz/target.hpp"

#include <algorithm>

// The other blobs of the store: duplicates, members and terms of a group.

namespace jindou::fuzz {

namespace {

void duplicates(byte_span bytes) {
  byte_vector copy(bytes.begin(), bytes.end());
  if (copy.size() >= 8)
    store_le(copy.data() + 4, record::crc32c(byte_span{copy}.subspan(8)));
  auto x = storage::decode_dedupe(copy);
  if (!x)
    return;
  auto again = storage::encode_dedupe(x->records);
  if (x->former)
    again[0] = std::byte{1};
  require(again == copy);
  storage::dedupe_ring ring{{64, 1'000}, 5};
  for (auto& one : x->records) {
    ring.expire(one.log_time_s);
    ring.add(one);
    storage::dedupe_ring::candidates found{};
    auto n = ring.find(one.hash, found);
    require(n > 0 && found[0] == one.seq);
  }
}

void members(byte_span bytes) {
  auto x = storage::decode_membership(bytes);
  if (!x)
    return;
  auto again = storage::encode(*x);
  require(std::equal(again.begin(), again.end(), bytes.begin(), bytes.end()));
}

void terms(byte_span bytes) {
  auto x = storage::decode_terms(bytes);
  if (!x)
    return;
  auto again = storage::encode(*x);
  require(std::equal(again.begin(), again.end(), bytes.begin(), bytes.end()));
}

using part = void (*)(byte_span);
constexpr part parts[] = {duplicates, members, terms};

void run(byte_span input) {
  auto [which, rest] = choose(input, std::size(parts));
  parts[which](rest);
}

inputs seeds() {
  std::vector<storage::dedupe_record> some;
  for (std::uint32_t i = 0; i < 100; ++i)
    some.push_back({1 + i % 7, i, 1 + i});
  raft::membership one{3, {{1, 1, raft::member_role::voter}}};
  std::vector<raft::term_run> runs{{1, 1}, {7, 2}};
  auto former = storage::encode_dedupe(some);
  former[0] = std::byte{1};
  return {chosen(0, storage::encode_dedupe({})),
          chosen(0, storage::encode_dedupe(some)), chosen(0, former),
          chosen(1, storage::encode(one)), chosen(2, storage::encode(runs))};
}

} // namespace

const target rows{"rows", run, seeds};

} // namespace jindou::fuzz
