#include "messages/record.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iomanip>
#include <sstream>

using namespace jindou;

namespace {

std::string hex(byte_span bytes) {
  std::ostringstream out;
  for (auto b : bytes)
    out << std::hex << std::setw(2) << std::setfill('0') << static_cast<int>(b);
  return out.str();
}

record::head sample_head() {
  record::head res;
  res.rep = 0x0102;
  res.group = 7;
  res.kind = record::kind::command;
  res.op = 1;
  res.flags = 0x0a0b;
  res.index = 0x1122334455667788;
  res.term = 3;
  res.log_time = 1'700'000'000'123;
  return res;
}

byte_vector stamped(std::string_view body) {
  byte_vector res(record::head_bytes + body.size());
  std::ranges::copy(as_bytes(body), res.begin() + record::head_bytes);
  record::stamp(res, sample_head());
  return res;
}

} // namespace

TEST(record_test, knows_the_check_value_of_crc32c) {
  EXPECT_EQ(record::crc32c(as_bytes("123456789")), 0xe3069283U);
  EXPECT_EQ(record::crc32c_portable(as_bytes("123456789")), 0xe3069283U);
  EXPECT_EQ(record::crc32c({}), 0U);
}

TEST(record_test, gives_the_same_crc_with_and_without_the_instruction) {
  byte_vector bytes;
  for (int i = 0; i < 300; ++i) {
    bytes.push_back(static_cast<std::byte>(i * 7 + i / 13));
    auto seed = static_cast<std::uint32_t>(i) * 2'654'435'761U;
    EXPECT_EQ(record::crc32c(bytes, seed), record::crc32c_portable(bytes, seed))
      << i;
  }
}

TEST(record_test, continues_a_crc_from_its_seed) {
  auto all = as_bytes("the quick brown fox");
  auto first = record::crc32c(all.first(7));
  EXPECT_EQ(record::crc32c(all.subspan(7), first), record::crc32c(all));
}

TEST(record_test, keeps_the_golden_bytes_of_a_head) {
  EXPECT_EQ(hex(stamped("abc")),
            "01000201b6d605150700000002010b0a8877665544332211"
            "03000000000000007b68e5cf8b010000616263");
}

TEST(record_test, reads_back_what_was_stamped) {
  auto rec = stamped("abc");
  auto h = record::read(rec);
  ASSERT_TRUE(h);
  auto expected = sample_head();
  expected.crc = h->crc;
  EXPECT_EQ(*h, expected);
  EXPECT_EQ(record::peek(rec), expected);
}

TEST(record_test, finds_every_flipped_bit_outside_the_rep) {
  auto good = stamped("abc");
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      auto bad = good;
      bad[i] ^= static_cast<std::byte>(1 << bit);
      auto in_rep = i == 2 || i == 3;
      EXPECT_EQ(static_cast<bool>(record::read(bad)), in_rep) << i;
    }
  }
}

TEST(record_test, refuses_every_shortened_record) {
  auto good = stamped("abc");
  for (std::size_t n = 0; n < good.size(); ++n) {
    auto h = record::read(byte_span{good}.first(n));
    ASSERT_FALSE(h) << n;
    EXPECT_EQ(h.error(), errc::corrupt);
  }
}

TEST(record_test, changes_the_rep_without_changing_the_crc) {
  auto rec = stamped("abc");
  record::stamp_rep(rec, 2047);
  auto h = record::read(rec);
  ASSERT_TRUE(h);
  EXPECT_EQ(h->rep, 2047);
}
