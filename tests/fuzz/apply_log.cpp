#include "storage/apply.hpp"
#include "storage/memory_tables.hpp"
#include "tests/fuzz/log_records.hpp"

#include <algorithm>

// A whole log of good and odd commands, applied one after the other: each is
// applied or refused, none stops the process, and the state stays one that can
// be read.

namespace jindou::fuzz {

namespace {

constexpr std::size_t entries_max = 64;
constexpr unsigned ops = std::variant_size_v<command::any>;

/// Takes `op, length, body` off the input.
byte_vector next_record(byte_span& input, record::head h) {
  auto which = std::to_integer<unsigned>(input[0]) % (ops + 4);
  auto size = std::min<std::size_t>(std::to_integer<unsigned>(input[1]),
                                    input.size() - 2);
  h.kind = which > ops ? static_cast<record::kind>(which - ops + 1)
                       : record::kind::command;
  h.op = static_cast<std::uint8_t>(which > ops ? 0 : which);
  if (which > ops && h.kind == record::kind::command)
    h.kind = record::kind::noop;
  auto res = stamped(input.subspan(2, size), h);
  input = input.subspan(2 + size);
  return res;
}

void check_messages(storage::memory_tables& state) {
  for (storage::chan_t no = 1; no < state.mark().next_chan; ++no) {
    auto found = state.find(no);
    require(found && *found != nullptr);
    auto& channel = **found;
    require(state.places(no).size() == channel.head.last_seq);
    for (message_seq seq = 1; seq <= channel.head.last_seq; ++seq) {
      auto at = state.locate(channel, seq);
      require(static_cast<bool>(at));
      auto rec = state.record_at(*at);
      require(rec && command::decode_append(*rec));
    }
  }
}

void run(byte_span input) {
  storage::memory_tables state{{}, {16, 1'000}};
  std::vector<slot_id> changed;
  record::head h;
  h.index = 1;
  h.log_time = 1'700'000'000'000;
  for (std::size_t n = 0; n < entries_max && input.size() >= 2; ++n) {
    ++h.index;
    h.term += std::to_integer<unsigned>(input[0]) >> 7;
    h.log_time += std::to_integer<unsigned>(input[1]);
    auto rec = next_record(input, h);
    state.keep(h.index, rec);
    auto done = storage::apply(state, rec, h.index, changed);
    require(static_cast<bool>(done));
    require(state.mark().applied == h.index);
  }
  check_messages(state);
}

byte_vector packed(const std::vector<command::any>& all) {
  byte_vector res;
  for (auto& x : all) {
    auto body = body_of(x);
    res.push_back(static_cast<std::byte>(command::op_of(x)));
    res.push_back(static_cast<std::byte>(body.size()));
    res.insert(res.end(), body.begin(), body.end());
  }
  return res;
}

inputs seeds() {
  auto all = some_commands();
  inputs res{packed(all)};
  for (auto& x : all)
    res.push_back(packed({x, x}));
  std::reverse(all.begin(), all.end());
  res.push_back(packed(all));
  return res;
}

} // namespace

const target apply_log{"apply_log", run, seeds};

} // namespace jindou::fuzz
