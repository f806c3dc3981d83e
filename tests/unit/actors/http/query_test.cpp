#include "actors/http/query.hpp"

#include <gtest/gtest.h>

using namespace jindou::actors::http;

TEST(query_test, splits_a_target_at_the_question_mark) {
  EXPECT_EQ(split_target("/a/b").path, "/a/b");
  EXPECT_EQ(split_target("/a/b").query, "");
  EXPECT_EQ(split_target("/a?x=1?y").path, "/a");
  EXPECT_EQ(split_target("/a?x=1?y").query, "x=1?y");
  EXPECT_EQ(split_target("/a?x=1#part").query, "x=1");
}

TEST(query_test, decodes_values) {
  EXPECT_EQ(query_value("a=1&b=2", "b"), "2");
  EXPECT_EQ(query_value("a=%E5%BC%A0+x%2b", "a"), "\xE5\xBC\xA0 x+");
  EXPECT_EQ(query_value("a=1&a=2", "a"), "1");
  EXPECT_EQ(query_value("a&b", "b"), "");
  EXPECT_EQ(query_value("a=1=2", "a"), "1=2");
  EXPECT_EQ(query_value("%61=1", "a"), "1");
}

TEST(query_test, finds_nothing_in_what_is_broken) {
  EXPECT_EQ(query_value("", "a"), std::nullopt);
  EXPECT_EQ(query_value("b=1", "a"), std::nullopt);
  EXPECT_EQ(query_value("a=%", "a"), std::nullopt);
  EXPECT_EQ(query_value("a=%4", "a"), std::nullopt);
  EXPECT_EQ(query_value("a=%zz", "a"), std::nullopt);
  EXPECT_EQ(query_value("&&=&", "a"), std::nullopt);
}
