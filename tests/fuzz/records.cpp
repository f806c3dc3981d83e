#include "tests/fuzz/log_records.hpp"

#include <algorithm>

// A row of the log: raw bytes, and bodies of every command under a head whose
// crc is right.

namespace jindou::fuzz {

namespace {

constexpr unsigned ops = std::variant_size_v<command::any>;

void check_command(byte_span rec) {
  auto read = command::decode(rec);
  auto append = command::decode_append(rec);
  if (!read)
    return require(!append);
  require(static_cast<bool>(append)
          == std::holds_alternative<command::append_message>(*read));
  byte_vector written;
  auto outcome = command::encode(*read, written);
  if (outcome == errc::too_large)
    return require(written.empty());
  auto again = command::decode(written);
  require(again && *again == *read);
}

void raw(byte_span bytes) {
  auto head = record::read(bytes);
  if (head) {
    byte_vector copy(bytes.begin(), bytes.end());
    record::stamp(copy, *head);
    require(std::equal(copy.begin(), copy.end(), bytes.begin(), bytes.end()));
  }
  require(record::crc32c(bytes) == record::crc32c_portable(bytes));
  check_command(bytes);
}

void run(byte_span input) {
  auto [which, rest] = choose(input, ops + 2);
  if (which == 0)
    return raw(rest);
  record::head h;
  h.kind = record::kind::command;
  h.op = static_cast<std::uint8_t>(which);
  auto rec = stamped(rest, h);
  require(static_cast<bool>(record::read(rec)));
  check_command(rec);
}

inputs seeds() {
  inputs res;
  for (auto& x : some_commands()) {
    auto body = body_of(x);
    auto op = static_cast<unsigned>(command::op_of(x));
    res.push_back(chosen(op, body));
    record::head h;
    h.kind = record::kind::command;
    h.op = static_cast<std::uint8_t>(op);
    res.push_back(chosen(0, stamped(body, h)));
  }
  return res;
}

} // namespace

const target records{"records", run, seeds};

} // namespace jindou::fuzz
