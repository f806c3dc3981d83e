#include "messages/hash.hpp"

#include <gtest/gtest.h>

namespace jindou {

// The values were computed apart from this code. They may never change: slots
// and duplicate records are kept on disk and on other nodes.

TEST(hash_test, agrees_with_the_frozen_values) {
  EXPECT_EQ(hash64{}.value(), 0xf52a15e9a9b5e89bULL);
  EXPECT_EQ(hash64{}.add("a").value(), 0x2c0bdbf481420f8ULL);
  EXPECT_EQ(hash64{}.add("foobar").value(), 0x404da9e3b74078c2ULL);
}

TEST(hash_test, takes_bytes_above_127_as_unsigned) {
  EXPECT_EQ(hash_of_user("\xe5\xbc\xa0\xe4\xb8\x89"), 0x1eef2626d40ac182ULL);
  EXPECT_EQ(hash64{}.add(std::uint8_t{255}).value(), 0x4f2db50f124040cdULL);
}

TEST(hash_test, does_not_depend_on_how_the_bytes_are_cut) {
  EXPECT_EQ(hash64{}.add("foo").add("").add("bar").value(),
            hash64{}.add("foobar").value());
}

TEST(hash_test, freezes_the_hash_of_a_channel) {
  EXPECT_EQ(hash_of_channel(1, "u2@u1"), 0xbe90cdc5b2405e7eULL);
  EXPECT_EQ(hash_of_channel(2, "g1"), 0x2e95b1f33f44ef60ULL);
  EXPECT_NE(hash_of_channel(3, "g1"), hash_of_channel(2, "g1"));
}

TEST(hash_test, freezes_the_hash_of_a_client_message_number) {
  EXPECT_EQ(hash_of_number(1, "u2@u1", "c1"), 0xcba303dd5aa77586ULL);
  EXPECT_EQ(hash_of_number(2, "g1", ""), 0xc69b15b68ce9ee79ULL);
  EXPECT_NE(hash_of_number(2, "g1", "1"), hash_of_number(2, "g", "11"));
}

TEST(hash_test, freezes_the_hash_of_a_number_with_its_sender) {
  auto number = hash_of_number(1, "u2@u1", "c1");
  EXPECT_EQ(hash_of_sent_number(number, "u1"), 0x6ecc7ce0efc21fb8ULL);
  EXPECT_EQ(hash_of_sent_number(number, ""), 0xd9ca534647299017ULL);
  EXPECT_EQ(hash_of_sent_number(1, "u1"), 0x7e3aa48a64c3db42ULL);
}

TEST(hash_test, freezes_the_slots) {
  EXPECT_EQ(slot_of(hash_of_user("u1")), 415);
  EXPECT_EQ(slot_of(hash_of_channel(1, "u2@u1")), 638);
  EXPECT_EQ(slot_of(hash_of_channel(2, "g1")), 864);
  EXPECT_EQ(slot_of(hash_of_channel(2, "g1____cmd")), 595);
}

} // namespace jindou
