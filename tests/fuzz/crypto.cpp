#include "messages/wire/crypto.hpp"

#include "messages/wire/base64.hpp"
#include "tests/fuzz/target.hpp"

#include <algorithm>

// What a client may say about keys, and payloads that claim to be encrypted.

namespace jindou::fuzz {

namespace {

wire::session_keys some_keys() {
  constexpr std::string_view key{"57adf0d1952526ad"};
  constexpr std::string_view iv{"aB3dE6gH9jK2mN5p"};
  wire::session_keys res;
  std::copy(key.begin(), key.end(), res.key.begin());
  std::copy(iv.begin(), iv.end(), res.iv.begin());
  return res;
}

wire::cipher& cipher() {
  static wire::cipher one;
  one.use(some_keys());
  return one;
}

void decrypt(byte_span text) {
  byte_vector plain{std::byte{1}}; // what was there stays there
  auto outcome = cipher().decrypt(text, plain);
  require(!plain.empty() && plain.front() == std::byte{1});
  if (outcome == errc::none)
    require(plain.size() - 1 <= wire::base64_bytes_max(text.size()));
}

void encrypt_and_back(byte_span plain) {
  byte_vector text;
  cipher().encrypt(plain, text);
  byte_vector again;
  require(cipher().decrypt(text, again) == errc::none);
  require(std::equal(plain.begin(), plain.end(), again.begin(), again.end()));
}

void agree(byte_span key) {
  auto x = wire::agree(as_text(key));
  require(!x || x->salt.size() >= 16);
}

void base64(byte_span text) {
  byte_vector bytes(wire::base64_bytes_max(text.size()));
  auto n = wire::base64_decode(as_text(text), bytes.data());
  if (!n)
    return;
  require(*n <= bytes.size());
  bytes.resize(*n);
  byte_vector again(wire::base64_bytes_max(wire::base64_size(*n)));
  auto m = wire::base64_decode(wire::base64_encode(bytes), again.data());
  require(m == n && std::equal(bytes.begin(), bytes.end(), again.begin()));
}

void derive(byte_span both) {
  auto half = both.size() / 2;
  static_cast<void>(wire::derive_keys(both.first(half), both.subspan(half),
                                      "0123456789abcdef"));
}

using part = void (*)(byte_span);
constexpr part parts[] = {decrypt, encrypt_and_back, agree, base64, derive};

void run(byte_span input) {
  auto [which, rest] = choose(input, std::size(parts));
  parts[which](rest);
}

inputs seeds() {
  inputs res;
  for (std::string_view plain :
       {"", "a", "fifteen bytes..", "sixteen bytes..."})
    for (unsigned cut : {0U, 1U}) {
      byte_vector text;
      cipher().encrypt(as_bytes(plain), text);
      text.resize(text.size() - cut);
      res.push_back(chosen(0, text));
      res.push_back(chosen(1, as_bytes(plain)));
      res.push_back(chosen(3, text));
    }
  for (std::string_view key : {"hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=",
                               "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="})
    res.push_back(chosen(2, as_bytes(key)));
  res.push_back(chosen(4, byte_vector(64, std::byte{9})));
  return res;
}

} // namespace

const target crypto{"crypto", run, seeds};

} // namespace jindou::fuzz
