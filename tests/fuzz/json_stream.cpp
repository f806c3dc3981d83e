#include "actors/gateway/json_inbox.hpp"
#include "tests/fuzz/golden.hpp"

#include <algorithm>

// JSON-RPC texts one after the other: however they arrive in pieces, the same
// requests and refusals come out.

namespace jindou::fuzz {

namespace {

constexpr std::size_t sends_max = 3;
// How many may be open depends on the answers, which are not told here.
constexpr std::size_t others_max = 1'000'000;

struct story {
  bool connected = false;
  std::size_t frames = 0;
  std::size_t events = 0;
  std::vector<std::string> ids;
  std::vector<std::string> refused;
  errc verdict = errc::none;

  friend bool operator==(const story&, const story&) = default;
};

void add(story& to, const actors::json_inbox::batch& x) {
  require(x.cut.sends <= sends_max);
  to.frames += x.cut.frames;
  to.events += x.cut.events.size();
  to.verdict = x.cut.verdict;
  for (auto& one : x.requests) {
    require(one.id.size() <= actors::request_id_bytes_max);
    to.ids.push_back(one.id);
  }
  for (auto& one : x.refused) {
    require(one.id.size() <= actors::request_id_bytes_max);
    if (!one.message.ends_with("begin with {")) // one per read of such bytes
      to.refused.push_back(one.message);
  }
}

/// Returns how many bytes are done with.
std::size_t take_in(actors::json_inbox& box, byte_span waiting, story& to) {
  std::size_t taken = 0;
  if (!to.connected) {
    auto first = box.cut_connect(waiting);
    to.verdict = first.verdict;
    to.connected = first.connect.has_value();
    taken = first.taken;
  }
  while (to.connected && to.verdict == errc::none) {
    auto x = box.cut(waiting.subspan(taken), sends_max, others_max);
    require(x.taken <= waiting.size() - taken);
    taken += x.taken;
    add(to, x);
    if (!x.cut.more)
      break;
    require(x.taken > 0);
  }
  return taken;
}

story tell(byte_span input, std::size_t step) {
  actors::json_inbox box;
  byte_vector waiting;
  story res;
  while (!input.empty() && res.verdict == errc::none) {
    auto n = static_cast<std::ptrdiff_t>(std::min(step, input.size()));
    waiting.insert(waiting.end(), input.begin(), input.begin() + n);
    auto taken = take_in(box, waiting, res);
    waiting.erase(waiting.begin(),
                  waiting.begin() + static_cast<std::ptrdiff_t>(taken));
    input = input.subspan(static_cast<std::size_t>(n));
  }
  return res;
}

void run(byte_span input) {
  auto [which, bytes] = choose(input, 64);
  auto by_byte = tell(bytes, 1);
  require(tell(bytes, 1 + which) == by_byte);
}

inputs seeds() {
  auto texts = golden_texts();
  inputs res;
  for (auto& x : texts)
    for (unsigned step : {0U, 17U}) {
      res.push_back(chosen(step, joined({texts.front(), x})));
      res.push_back(chosen(step, joined({texts.front(), bytes_of(" \n"), x, x,
                                         bytes_of(" x {} "), x})));
    }
  return res;
}

} // namespace

const target json_stream{"json_stream", run, seeds};

} // namespace jindou::fuzz
