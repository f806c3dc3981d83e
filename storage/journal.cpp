#include "storage/journal.hpp"

#include "messages/little_endian.hpp"
#include "messages/record.hpp"
#include "storage/varint.hpp"

#include <algorithm>

namespace jindou::storage {

namespace {

constexpr std::uint8_t journal_format = 1;
constexpr std::size_t crc_bytes = 4;

/// Reads the blob between format and crc.
class journal_reader {
public:
  explicit journal_reader(byte_span bytes) : bytes_(bytes) {
    // nop
  }

  bool run(std::vector<journal_entry>& out) {
    if (!number(lowest_))
      return false;
    while (at_ < bytes_.size())
      if (!channel(out))
        return false;
    return true;
  }

private:
  bool number(std::uint64_t& x) {
    return read_varint(bytes_, at_, x);
  }

  bool channel(std::vector<journal_entry>& out) {
    std::uint64_t delta = 0, n = 0, seq = 0;
    if (!number(delta) || !number(n) || !number(seq))
      return false;
    // An entry has at least 3 bytes: bounds n before anything is made.
    if (delta == 0 || delta > chan_max - chan_no_ || n == 0 || seq == 0
        || n > (bytes_.size() - at_) / 3)
      return false;
    chan_no_ += delta;
    auto pos = lowest_;
    for (std::uint64_t i = 0; i < n; ++i) {
      if (!number(delta) || bytes_.size() - at_ < 2)
        return false;
      pos += delta;
      auto hint = load_le<std::uint16_t>(bytes_.data() + at_);
      at_ += 2;
      out.push_back({static_cast<chan_t>(chan_no_), seq + i, pos, hint});
    }
    return true;
  }

  byte_span bytes_;
  std::size_t at_ = 0;
  std::uint64_t lowest_ = 0;
  std::uint64_t chan_no_ = 0;
};

} // namespace

byte_vector encode_journal(std::span<const journal_entry> entries) {
  byte_vector res;
  res.reserve(16 + 12 * entries.size());
  res.push_back(std::byte{journal_format});
  auto by_pos = [](const auto& x, const auto& y) { return x.pos < y.pos; };
  auto low = std::min_element(entries.begin(), entries.end(), by_pos);
  auto lowest = low == entries.end() ? position{0} : low->pos;
  append_varint(res, lowest);
  chan_t chan_no = 0;
  for (std::size_t i = 0; i < entries.size();) {
    auto end = i + 1;
    while (end < entries.size() && entries[end].chan_no == entries[i].chan_no)
      ++end;
    append_varint(res, entries[i].chan_no - chan_no);
    append_varint(res, end - i);
    append_varint(res, entries[i].seq);
    chan_no = entries[i].chan_no;
    for (auto pos = lowest; i < end; ++i) {
      append_varint(res, entries[i].pos - pos);
      append_le(res, entries[i].hint);
      pos = entries[i].pos;
    }
  }
  append_le(res, record::crc32c(res));
  return res;
}

jindou::result<std::vector<journal_entry>> decode_journal(byte_span bytes) {
  if (bytes.size() < 2 + crc_bytes || bytes[0] != std::byte{journal_format})
    return errc::corrupt;
  auto covered = bytes.first(bytes.size() - crc_bytes);
  if (load_le<std::uint32_t>(bytes.data() + covered.size())
      != record::crc32c(covered))
    return errc::corrupt;
  std::vector<journal_entry> res;
  if (!journal_reader{covered.subspan(1)}.run(res))
    return errc::corrupt;
  return res;
}

} // namespace jindou::storage
