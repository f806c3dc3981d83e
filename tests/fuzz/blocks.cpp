#include "messages/little_endian.hpp"
#include "messages/record.hpp"
#include "storage/block.hpp"
#include "storage/head.hpp"
#include "tests/fuzz/target.hpp"

#include <algorithm>

// Position blocks and heads of channels. Behind a right crc anything may stand.

namespace jindou::fuzz {

namespace {

using storage::position_block;

constexpr std::size_t block_head_bytes = 16;
constexpr std::size_t channel_head_bytes = 24;

/// Makes the crc of a block right.
void mend_block(std::span<std::byte> bytes) {
  if (bytes.size() >= block_head_bytes)
    store_le(bytes.data() + 4,
             record::crc32c(bytes.subspan(8),
                            std::to_integer<std::uint8_t>(bytes[1])));
}

void check_part(const position_block& block, unsigned n) {
  auto part = block.first(n);
  require(part.size() == n);
  for (unsigned i = 0; i < n; ++i)
    require(part.at(i) == block.at(i) && part.hint(i) == block.hint(i));
  auto again = position_block::decode(part.encode());
  require(again && *again == part);
}

void check_block(const position_block& block) {
  require(block.size() <= position_block::capacity);
  for (unsigned i = 1; i < block.size(); ++i)
    require(block.at(i - 1) <= block.at(i));
  check_part(block, block.size());
  check_part(block, block.size() / 2);
  if (block.full() || block.empty())
    return;
  auto longer = block;
  longer.push(block.last(), 7);
  require(longer.at(block.size()) == block.last());
  require(longer.first(block.size()) == block);
}

void block(byte_span bytes) {
  byte_vector copy(bytes.begin(), bytes.end());
  mend_block(copy);
  auto x = position_block::decode(copy);
  if (!x)
    return;
  check_block(*x);
  require(x->encode() == copy);
}

void head(byte_span bytes) {
  byte_vector copy(bytes.begin(), bytes.end());
  if (copy.size() >= channel_head_bytes) {
    store_le(copy.data() + 16, record::crc32c(byte_span{copy}.first(16)));
    mend_block(std::span{copy}.subspan(channel_head_bytes));
  }
  auto x = storage::decode_head(copy);
  if (!x)
    return;
  check_block(x->open);
  require(storage::encode_head(*x) == copy);
}

void run(byte_span input) {
  auto [which, rest] = choose(input, 2);
  which == 0 ? block(rest) : head(rest);
}

inputs seeds() {
  inputs res;
  for (unsigned n : {0U, 1U, 2U, 63U}) {
    position_block some;
    for (unsigned i = 0; i < n; ++i)
      some.push(1'000ULL * i * i, static_cast<std::uint16_t>(i));
    res.push_back(chosen(0, some.encode()));
    res.push_back(chosen(1, storage::encode_head({128 + n, 1, some})));
  }
  return res;
}

} // namespace

const target blocks{"blocks", run, seeds};

} // namespace jindou::fuzz
