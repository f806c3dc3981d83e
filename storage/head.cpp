#include "storage/head.hpp"

#include "messages/little_endian.hpp"
#include "messages/record.hpp"

namespace jindou::storage {

namespace {

constexpr std::size_t block_at = 24;

} // namespace

byte_vector encode_head(const channel_head& head) {
  byte_vector res;
  res.reserve(block_at + head.open.encoded_bytes());
  append_le(res, head.last_seq);
  append_le(res, head.first_seq);
  append_le(res, record::crc32c(res));
  append_le(res, std::uint32_t{0});
  head.open.append_to(res);
  return res;
}

jindou::result<channel_head> decode_head(byte_span bytes) {
  if (bytes.size() < block_at)
    return errc::corrupt;
  auto* from = bytes.data();
  if (load_le<std::uint32_t>(from + 16) != record::crc32c(bytes.first(16))
      || load_le<std::uint32_t>(from + 20) != 0)
    return errc::corrupt;
  auto open = position_block::decode(bytes.subspan(block_at));
  if (!open)
    return open.error();
  channel_head res;
  res.last_seq = load_le<std::uint64_t>(from);
  res.first_seq = load_le<std::uint64_t>(from + 8);
  if (res.first_seq == 0
      || open->size() != res.last_seq % position_block::capacity)
    return errc::corrupt;
  res.open = std::move(*open);
  return res;
}

} // namespace jindou::storage
