#include "actors/gateway/websocket_framing.hpp"
#include "tests/fuzz/golden.hpp"

#include <algorithm>

// What a WebSocket client sends: in place or to another buffer, whole or in
// pieces, the same stream and the same control frames come out.

namespace jindou::fuzz {

namespace {

namespace websocket = actors::websocket;
using event = websocket::reader::event;

struct story {
  byte_vector stream;
  std::vector<std::pair<event, byte_vector>> controls;
  bool broken = false;

  friend bool operator==(const story&, const story&) = default;
};

void note(story& to, event what, const websocket::reader& from) {
  if (what == event::broken)
    to.broken = true;
  else if (what != event::more)
    to.controls.push_back(
      {what, {from.control().begin(), from.control().end()}});
}

/// Reads one piece in place, as a session does.
void take_in(websocket::reader& reader, byte_vector piece, story& to) {
  std::size_t taken = 0;
  std::size_t written = 0;
  while (taken < piece.size() && !to.broken) {
    auto rest = byte_span{piece}.subspan(taken);
    auto x = reader.read(rest, piece.data() + written);
    require(x.taken > 0 && x.taken <= rest.size() && x.written <= x.taken);
    taken += x.taken;
    written += x.written;
    require(reader.control().size() <= websocket::control_bytes_max);
    note(to, x.what, reader);
  }
  to.stream.insert(to.stream.end(), piece.begin(),
                   piece.begin() + static_cast<std::ptrdiff_t>(written));
}

story tell(byte_span input, std::size_t step) {
  websocket::reader reader;
  story res;
  while (!input.empty() && !res.broken) {
    auto n = std::min(step, input.size());
    auto piece = input.first(n);
    take_in(reader, {piece.begin(), piece.end()}, res);
    input = input.subspan(n);
  }
  return res;
}

void run(byte_span input) {
  auto [which, bytes] = choose(input, 64);
  auto whole = tell(bytes, bytes.size());
  require(whole.stream.size() <= bytes.size());
  require(tell(bytes, 1) == whole);
  require(tell(bytes, 1 + which) == whole);
}

/// A frame as a client sends it.
byte_vector frame(unsigned first, byte_span payload) {
  byte_vector res(websocket::head_bytes_max);
  websocket::write_head(websocket::opcode::binary, payload.size(), res.data());
  res.resize(websocket::head_size(payload.size()));
  res[0] = static_cast<std::byte>(first);
  res[1] |= std::byte{0x80};
  for (unsigned i = 0; i < 4; ++i)
    res.push_back(static_cast<std::byte>(0xa0 + i));
  for (std::size_t i = 0; i < payload.size(); ++i)
    res.push_back(payload[i] ^ static_cast<std::byte>(0xa0 + (i & 3)));
  return res;
}

/// A long frame whose payload has only begun.
byte_vector first_part(byte_vector x) {
  x.resize(40);
  return x;
}

inputs seeds() {
  auto text = bytes_of("some bytes of a client");
  byte_vector long_text(300, std::byte{'x'});
  byte_vector very_long(70'000, std::byte{'x'});
  auto begun = frame(0x02, text);
  auto ping = frame(0x89, text);
  auto ended = frame(0x80, text);
  auto closed = frame(0x88, bytes_of("\x03\xe8"));
  inputs res{frame(0x82, text),
             frame(0x81, {}),
             frame(0x82, long_text),
             begun,
             ping,
             frame(0x8a, text),
             closed,
             frame(0x09, text),
             frame(0x89, long_text),
             frame(0xc2, text),
             frame(0x83, text),
             first_part(frame(0x82, very_long)),
             ended,
             frame(0x88, bytes_of("x"))};
  res.push_back(joined({begun, ping, frame(0x00, text), ended, closed}));
  for (auto& x : res)
    x.insert(x.begin(), std::byte{5});
  return res;
}

} // namespace

const target websocket_stream{"websocket_stream", run, seeds};

} // namespace jindou::fuzz
