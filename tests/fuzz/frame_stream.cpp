#include "actors/gateway/inbox.hpp"
#include "messages/wire/codec.hpp"
#include "tests/fuzz/golden.hpp"

#include <algorithm>

// What a client sends after another, cut by the inbox of a session: however
// the network cuts it into reads, the same events come out.

namespace jindou::fuzz {

namespace {

constexpr std::size_t sends_max = 3;

/// What came of a whole connection.
struct story {
  bool connected = false;
  std::size_t frames = 0;
  std::size_t events = 0;
  std::size_t sends = 0;
  std::size_t text_bytes = 0;
  std::vector<message_id> acks;
  errc verdict = errc::none;

  friend bool operator==(const story&, const story&) = default;
};

/// Reads the texts of the events: they must still be there.
std::size_t text_bytes(const user_event& x) {
  auto* send = std::get_if<wire::send_frame>(&x);
  if (send == nullptr)
    return 0;
  std::size_t n = 0;
  for (auto text : {send->payload, send->channel_id, send->client_msg_no})
    for (auto c : text)
      n = n * 31 + static_cast<unsigned char>(c);
  return n;
}

void add(story& to, const actors::inbox::batch& x) {
  require(x.sends <= sends_max);
  to.frames += x.frames;
  to.events += x.events.size();
  to.sends += x.sends;
  to.verdict = x.verdict;
  to.acks.insert(to.acks.end(), x.acks.begin(), x.acks.end());
  for (auto& event : x.events)
    to.text_bytes = to.text_bytes * 31 + text_bytes(event);
}

void take_in(actors::inbox& box, story& to, std::uint8_t version) {
  if (!to.connected) {
    auto first = box.cut_connect();
    to.verdict = first.verdict;
    to.connected = first.connect.has_value();
  }
  while (to.connected && to.verdict == errc::none) {
    auto x = box.cut(version, sends_max);
    add(to, x);
    if (!x.more)
      return;
    require(x.frames > 0 || x.verdict != errc::none); // it gets on
  }
}

story tell(byte_span input, std::size_t step, std::uint8_t version) {
  actors::inbox box;
  story res;
  while (!input.empty() && res.verdict == errc::none) {
    auto n = std::min(step, input.size());
    box.add(input.first(n));
    take_in(box, res, version);
    input = input.subspan(n);
  }
  return res;
}

void run(byte_span input) {
  auto [version, bytes] = choose(input, wire::latest_version + 1);
  auto v = static_cast<std::uint8_t>(version);
  auto whole = tell(bytes, bytes.size(), v);
  for (std::size_t step : {1U, 7U, 64U})
    require(tell(bytes, step, v) == whole);
}

inputs seeds() {
  auto all = golden_bytes("vectors");
  auto stream = golden_bytes("streams").front();
  inputs res;
  for (unsigned version = 1; version <= wire::latest_version; ++version)
    for (auto& x : all)
      if (std::to_integer<unsigned>(x.front()) >> 4 == 1)
        res.push_back(chosen(version, joined({x, stream, stream, stream})));
  res.resize(10);
  return res;
}

} // namespace

const target frame_stream{"frame_stream", run, seeds};

} // namespace jindou::fuzz
