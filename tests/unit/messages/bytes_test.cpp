#include "messages/bytes.hpp"

#include <gtest/gtest.h>

namespace jindou {

TEST(bytes_test, turns_text_into_bytes_and_back) {
  auto bytes = as_bytes("a\xff");
  EXPECT_EQ(bytes.size(), 2U);
  EXPECT_EQ(bytes[1], std::byte{0xff});
  EXPECT_EQ(as_text(bytes), "a\xff");
}

TEST(bytes_test, shares_a_vector_without_copying_it) {
  byte_vector v(3, std::byte{7});
  auto* at = v.data();
  shared_bytes first{std::move(v)};
  auto second = first;
  EXPECT_EQ(second.data(), at);
  EXPECT_EQ(second.size(), 3U);
  EXPECT_EQ(as_text(second.span()), "\a\a\a");
}

TEST(bytes_test, keeps_a_block_alive_through_any_window) {
  auto block = std::make_shared<byte_vector>(8, std::byte{1});
  std::weak_ptr<byte_vector> watch = block;
  shared_bytes window{block, block->data() + 2, 3};
  block.reset();
  ASSERT_FALSE(watch.expired());
  EXPECT_EQ(window.span().size(), 3U);
  EXPECT_EQ(window.span()[2], std::byte{1});
  window = {};
  EXPECT_TRUE(watch.expired());
  EXPECT_EQ(window.size(), 0U);
  EXPECT_TRUE(window.span().empty());
}

} // namespace jindou
