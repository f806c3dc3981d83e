#include "storage/journal.hpp"

#include "messages/little_endian.hpp"
#include "messages/record.hpp"
#include "tests/fuzz/target.hpp"

// The journal of a cut, behind a right crc.

namespace jindou::fuzz {

namespace {

void run(byte_span input) {
  byte_vector bytes(input.begin(), input.end());
  append_le(bytes, record::crc32c(input));
  auto x = storage::decode_journal(bytes);
  if (!x)
    return;
  require(x->size() <= input.size());
  auto again = storage::decode_journal(storage::encode_journal(*x));
  require(again && *again == *x);
}

inputs seeds() {
  inputs res;
  std::vector<storage::journal_entry> some;
  for (std::uint32_t i = 0; i < 20; ++i) {
    auto bytes = storage::encode_journal(some);
    bytes.resize(bytes.size() - 4);
    res.push_back(bytes);
    some.push_back(
      {1 + i / 5, 100 + i, 10'000ULL * i, static_cast<std::uint16_t>(i)});
  }
  return res;
}

} // namespace

const target journal{"journal", run, seeds};

} // namespace jindou::fuzz
