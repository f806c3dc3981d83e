#include "messages/wire/codec.hpp"
#include "tests/fuzz/golden.hpp"

// Binary frames, at every version. What was read, written and read again is the
// same frame; a part of a frame is never taken for a frame.

namespace jindou::fuzz {

namespace {

void check_part(byte_span part, std::uint8_t version) {
  require(std::holds_alternative<wire::need_more>(wire::decode(part, version)));
}

void check_parts(byte_span whole, std::uint8_t version) {
  check_part(whole.first(whole.size() - 1), version);
  check_part(whole.first(whole.size() / 2), version);
  check_part(whole.first(0), version);
}

void check_frame(byte_span input, const wire::decoded& x,
                 std::uint8_t version) {
  require(x.bytes > 0 && x.bytes <= input.size());
  check_parts(input.first(x.bytes), version);
  byte_vector written;
  require(wire::encode(x.frame, version, written) == errc::none);
  auto again = wire::decode(written, version);
  auto* read = std::get_if<wire::decoded>(&again);
  require(read != nullptr && read->bytes == written.size());
  require(read->frame == x.frame);
}

void run(byte_span input) {
  for (std::uint8_t version = 0; version <= wire::latest_version + 1;
       ++version) {
    auto read = wire::decode(input, version);
    if (auto* x = std::get_if<wire::decoded>(&read))
      check_frame(input, *x, version);
  }
}

inputs seeds() {
  auto res = golden_bytes("vectors");
  for (auto& x : golden_bytes("malformed"))
    res.push_back(x);
  return res;
}

} // namespace

const target frames{"frames", run, seeds};

} // namespace jindou::fuzz
