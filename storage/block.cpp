#include "storage/block.hpp"

#include "messages/little_endian.hpp"
#include "messages/record.hpp"
#include "storage/varint.hpp"

#include <algorithm>
#include <cassert>

namespace jindou::storage {

namespace {

constexpr std::uint8_t block_format = 1;

/// Bytes of `n` hints.
constexpr std::ptrdiff_t hint_bytes(unsigned n) {
  return std::ptrdiff_t{2} * n;
}

} // namespace

void position_block::push(position pos, std::uint16_t hint) {
  assert(!full() && pos >= last_);
  // The new hint goes between hints and deltas: at most 200 bytes move.
  std::array<std::byte, 2> bytes;
  store_le(bytes.data(), hint);
  body_.insert(body_.begin() + hint_bytes(n_), bytes.begin(), bytes.end());
  if (n_ == 0)
    first_ = pos;
  else
    append_varint(body_, pos - last_);
  last_ = pos;
  ++n_;
}

position position_block::at(unsigned i) const {
  assert(i < n_);
  if (i + 1 == n_)
    return last_;
  auto res = first_;
  auto from = static_cast<std::size_t>(hint_bytes(n_));
  std::uint64_t delta = 0;
  for (unsigned k = 0; k < i; ++k) {
    read_varint(body_, from, delta);
    res += delta;
  }
  return res;
}

std::uint16_t position_block::hint(unsigned i) const {
  assert(i < n_);
  return load_le<std::uint16_t>(body_.data() + hint_bytes(i));
}

std::size_t position_block::delta_end(unsigned n) const {
  auto from = static_cast<std::size_t>(hint_bytes(n_));
  std::uint64_t delta = 0;
  for (unsigned k = 1; k < n; ++k)
    read_varint(body_, from, delta);
  return from;
}

position_block position_block::first(unsigned n) const {
  assert(n <= n_);
  if (n == n_)
    return *this;
  position_block res;
  if (n == 0)
    return res;
  auto begin = body_.begin();
  res.body_.assign(begin, begin + hint_bytes(n));
  res.body_.insert(res.body_.end(), begin + hint_bytes(n_),
                   begin + static_cast<std::ptrdiff_t>(delta_end(n)));
  res.n_ = static_cast<std::uint8_t>(n);
  res.first_ = first_;
  res.last_ = at(n - 1);
  return res;
}

void position_block::clear() {
  *this = position_block{};
}

void position_block::append_to(byte_vector& out) const {
  auto at = out.size();
  out.resize(at + head_bytes);
  out.insert(out.end(), body_.begin(), body_.end());
  auto* to = out.data() + at;
  to[0] = std::byte{block_format};
  to[1] = std::byte{n_};
  store_le(to + 8, first_);
  auto covered = byte_span{out}.subspan(at + 8);
  store_le(to + 4, record::crc32c(covered, n_));
}

byte_vector position_block::encode() const {
  byte_vector res;
  res.reserve(encoded_bytes());
  append_to(res);
  return res;
}

bool position_block::parse_deltas() {
  auto from = static_cast<std::size_t>(hint_bytes(n_));
  last_ = first_;
  std::uint64_t delta = 0;
  for (unsigned k = 1; k < n_; ++k) {
    if (!read_varint(body_, from, delta) || last_ + delta < last_)
      return false;
    last_ += delta;
  }
  return from == body_.size();
}

jindou::result<position_block> position_block::decode(byte_span bytes) {
  if (bytes.size() < head_bytes || bytes[0] != std::byte{block_format}
      || bytes[2] != std::byte{0} || bytes[3] != std::byte{0})
    return errc::corrupt;
  position_block res;
  res.n_ = static_cast<std::uint8_t>(bytes[1]);
  if (res.n_ > capacity || bytes.size() < head_bytes + std::size_t{2} * res.n_
      || load_le<std::uint32_t>(bytes.data() + 4)
           != record::crc32c(bytes.subspan(8), res.n_))
    return errc::corrupt;
  res.first_ = load_le<std::uint64_t>(bytes.data() + 8);
  if (res.n_ == 0 && res.first_ != 0)
    return errc::corrupt;
  auto body = bytes.subspan(head_bytes);
  res.body_.assign(body.begin(), body.end());
  if (!res.parse_deltas())
    return errc::corrupt;
  return res;
}

} // namespace jindou::storage
