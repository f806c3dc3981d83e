#include "messages/record.hpp"
#include "storage/block.hpp"
#include "storage/dedupe_ring.hpp"
#include "storage/head.hpp"
#include "storage/journal.hpp"
#include "storage/varint.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

// Golden bytes: what stands here is on disks. A change of these texts is a new
// format with a new version byte.

namespace jindou::storage {

namespace {

std::string hex(byte_span bytes) {
  static constexpr auto digits = "0123456789abcdef";
  std::string res;
  for (auto b : bytes) {
    res += digits[std::to_integer<int>(b) >> 4];
    res += digits[std::to_integer<int>(b) & 15];
  }
  return res;
}

position_block sample_block() {
  position_block res;
  res.push(1'000, 0x1234);
  res.push(1'001, 0xffff);
  res.push(1'301, 0);
  return res;
}

std::vector<journal_entry> sample_journal() {
  return {{3, 65, 1'000, 0x1111}, {3, 66, 1'004, 0x2222}, {300, 1, 999, 3}};
}

/// Flips each bit of each byte and expects that `decode` sees it.
template <class Decode>
void expect_flips_seen(byte_vector bytes, Decode decode) {
  ASSERT_TRUE(decode(bytes));
  for (std::size_t i = 0; i < bytes.size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      bytes[i] ^= static_cast<std::byte>(1 << bit);
      EXPECT_FALSE(decode(bytes)) << "byte " << i << " bit " << bit;
      bytes[i] ^= static_cast<std::byte>(1 << bit);
    }
}

/// Cuts off each possible tail and expects that `decode` sees it.
template <class Decode>
void expect_cuts_seen(const byte_vector& bytes, Decode decode) {
  for (std::size_t n = 0; n < bytes.size(); ++n)
    EXPECT_FALSE(decode(byte_span{bytes}.first(n))) << "after " << n;
}

} // namespace

TEST(store_format_test, keeps_the_bytes_of_a_position_block) {
  EXPECT_EQ(hex(sample_block().encode()), "01030000"
                                          "affea24f"
                                          "e803000000000000"
                                          "3412"
                                          "ffff"
                                          "0000"
                                          "01"
                                          "ac02");
  EXPECT_EQ(hex(position_block{}.encode()), "01000000"
                                            "8ab2288c"
                                            "0000000000000000");
}

TEST(store_format_test, keeps_the_bytes_of_a_head) {
  channel_head head{67, 2, sample_block()};
  EXPECT_EQ(hex(encode_head(head)), "4300000000000000"
                                    "0200000000000000"
                                    "aba2689b"
                                    "00000000"
                                      + hex(sample_block().encode()));
}

TEST(store_format_test, keeps_the_bytes_of_a_journal) {
  EXPECT_EQ(hex(encode_journal(sample_journal())), "01"
                                                   "e707"
                                                   "03"
                                                   "02"
                                                   "41"
                                                   "01"
                                                   "1111"
                                                   "04"
                                                   "2222"
                                                   "a902"
                                                   "01"
                                                   "01"
                                                   "00"
                                                   "0300"
                                                   "fd9d2863");
}

TEST(store_format_test, keeps_the_bytes_of_dedupe_records) {
  std::vector<dedupe_record> records{{0x0102030405060708, 0x65000000, 7},
                                     {1, 2, 3}};
  EXPECT_EQ(hex(encode_dedupe(records)), "02000000"
                                         "75c5da14"
                                         "0807060504030201"
                                         "00000065"
                                         "07000000"
                                         "0100000000000000"
                                         "02000000"
                                         "03000000");
}

TEST(store_format_test, reads_dedupe_records_whose_hashes_lack_the_sender) {
  std::vector<dedupe_record> records{{9, 8, 7}, {6, 5, 4}};
  auto bytes = encode_dedupe(records);
  auto row = decode_dedupe(bytes);
  ASSERT_TRUE(row);
  EXPECT_EQ(row->records, records);
  EXPECT_FALSE(row->former);
  bytes[0] = std::byte{1}; // nothing else is different
  row = decode_dedupe(bytes);
  ASSERT_TRUE(row);
  EXPECT_EQ(row->records, records);
  EXPECT_TRUE(row->former);
}

TEST(store_format_test, reads_back_what_it_wrote) {
  std::mt19937_64 random{7};
  for (int round = 0; round < 200; ++round) {
    channel_head head;
    head.last_seq = random() % 1'000;
    head.first_seq = 1 + random() % 10;
    position pos = random() >> 16;
    for (auto i = head.last_seq % 64; i > 0; --i)
      head.open.push(pos += random() >> (random() % 60 + 4),
                     static_cast<std::uint16_t>(random()));
    auto back = decode_head(encode_head(head));
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, head);
  }
  auto journal = decode_journal(encode_journal(sample_journal()));
  ASSERT_TRUE(journal);
  EXPECT_EQ(*journal, sample_journal());
  EXPECT_TRUE(decode_journal(encode_journal({}))->empty());
}

TEST(store_format_test, sees_every_flipped_bit_of_a_block) {
  expect_flips_seen(sample_block().encode(), position_block::decode);
}

TEST(store_format_test, sees_every_flipped_bit_of_a_head) {
  expect_flips_seen(encode_head({67, 2, sample_block()}), decode_head);
}

TEST(store_format_test, sees_every_flipped_bit_of_a_journal) {
  expect_flips_seen(encode_journal(sample_journal()), decode_journal);
}

TEST(store_format_test, sees_every_flipped_bit_of_dedupe_records) {
  std::vector<dedupe_record> records{{9, 8, 7}, {6, 5, 4}};
  expect_flips_seen(encode_dedupe(records), decode_dedupe);
}

TEST(store_format_test, sees_every_missing_tail) {
  expect_cuts_seen(encode_head({67, 2, sample_block()}), decode_head);
  expect_cuts_seen(sample_block().encode(), position_block::decode);
  expect_cuts_seen(encode_journal(sample_journal()), decode_journal);
  expect_cuts_seen(encode_dedupe(std::vector<dedupe_record>{{9, 8, 7}}),
                   [](byte_span x) {
                     auto res = decode_dedupe(x);
                     return res && !res->records.empty();
                   });
}

TEST(store_format_test, refuses_a_head_that_contradicts_its_block) {
  EXPECT_FALSE(decode_head(encode_head({66, 1, sample_block()})));
  EXPECT_FALSE(decode_head(encode_head({67, 0, sample_block()})));
}

TEST(store_format_test, refuses_more_entries_than_a_block_holds) {
  auto bytes = sample_block().encode();
  bytes[1] = std::byte{65};
  bytes.resize(400);
  EXPECT_FALSE(position_block::decode(bytes));
}

TEST(store_format_test, refuses_varints_that_do_not_fit_or_are_padded) {
  byte_vector bytes(9, std::byte{0xff});
  std::size_t at = 0;
  std::uint64_t x = 0;
  EXPECT_FALSE(read_varint(bytes, at, x));
  bytes.push_back(std::byte{1});
  EXPECT_TRUE(read_varint(bytes, at, x));
  EXPECT_EQ(x, ~std::uint64_t{0});
  bytes.back() = std::byte{2};
  at = 0;
  EXPECT_FALSE(read_varint(bytes, at, x));
  byte_vector padded{std::byte{0x81}, std::byte{0}};
  EXPECT_FALSE(read_varint(padded, at, x));
  EXPECT_EQ(at, 0U);
}

TEST(store_format_test, finds_each_position_of_a_block) {
  position_block block;
  for (unsigned i = 0; i < position_block::capacity; ++i) {
    EXPECT_FALSE(block.full());
    block.push(10 + 300ULL * i * i, static_cast<std::uint16_t>(i * 1'000));
  }
  EXPECT_TRUE(block.full());
  for (unsigned i = 0; i < block.size(); ++i) {
    EXPECT_EQ(block.at(i), 10 + 300ULL * i * i);
    EXPECT_EQ(block.hint(i), static_cast<std::uint16_t>(i * 1'000));
  }
}

TEST(store_format_test, shows_a_block_as_it_was_before) {
  position_block grown;
  for (unsigned n = 0; n <= 20; ++n) {
    position_block full = grown;
    for (unsigned i = n; i < 40; ++i)
      full.push(i * 1'000ULL, static_cast<std::uint16_t>(i));
    EXPECT_EQ(full.first(n), grown);
    grown.push(n * 1'000ULL, static_cast<std::uint16_t>(n));
  }
}

TEST(store_format_test, gives_log_hints_that_tell_the_seq) {
  EXPECT_EQ(log_hint(0), 0);
  EXPECT_EQ(log_hint(1), 1);
  EXPECT_EQ(log_hint(65'535), 65'535);
  EXPECT_EQ(log_hint(65'536), 1);
  EXPECT_EQ(number_hint(0xabcd000000000001), 0xabcd);
}

} // namespace jindou::storage
