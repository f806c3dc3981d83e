#include "tests/tidy/source_tree.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <regex>

// An option that nobody reads is a promise nobody keeps.

namespace jindou::tidy {
namespace {

const std::string& text_of(const std::string& path) {
  static const std::string nothing;
  for (auto& x : all_texts())
    if (x.path == path)
      return x.text;
  return nothing;
}

/// Returns `section.member` of every option of the table.
std::vector<std::string> members(const std::string& table) {
  std::vector<std::string> found;
  const std::regex place{R"(return &x\.(\w+\.\w+);)"};
  for (std::sregex_iterator i{table.begin(), table.end(), place}, end; i != end;
       ++i)
    found.push_back((*i)[1]);
  return found;
}

/// Says whether the name of a member is the only one of its kind: such may be
/// read through another name of their section.
bool is_unique(const std::string& member, const std::vector<std::string>& all) {
  auto name = member.substr(member.find('.'));
  return std::count_if(all.begin(), all.end(),
                       [&name](auto& x) { return ends_with(x, name); })
         == 1;
}

/// Says whether some text reads the member.
bool is_read(const std::string& member, const std::string& text,
             bool by_any_name) {
  auto wanted
    = by_any_name ? "\\" + member.substr(member.find('.')) : "\\b" + member;
  return std::regex_search(text, std::regex{wanted + "\\b"});
}

/// What the roof, the CAF settings and the logging say, in one text.
std::string readers() {
  std::string all = text_of("configs/node_config.cpp");
  all += text_of("configs/logging.cpp");
  for (auto& x : all_texts())
    if (starts_with(x.path, "apps/node/"))
      all += x.text;
  return all;
}

TEST(options_test, finds_the_members_of_the_table) {
  auto found = members("[](options& x) -> field { return &x.node.id; }},");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0], "node.id");
  EXPECT_GT(members(text_of("configs/option_table.cpp")).size(), 50u);
}

TEST(options_test, tells_a_member_that_is_read_from_one_that_is_not) {
  auto member = "user.queue_max";
  EXPECT_TRUE(is_read(member, "f(chosen.user.queue_max);", false));
  EXPECT_FALSE(is_read(member, "f(chosen.user.queue_max2);", false));
  EXPECT_FALSE(is_read(member, "f(chosen.pusher.queue_max);", false));
  EXPECT_TRUE(is_read(member, "f(from.queue_max);", true));
  EXPECT_FALSE(is_read(member, "auto queue_max = 1;", true));
  EXPECT_TRUE(is_unique("a.x", {"a.x", "b.y"}));
  EXPECT_FALSE(is_unique("a.x", {"a.x", "b.x"}));
}

TEST(options_test, reads_every_option_somewhere) {
  auto text = readers();
  auto all = members(text_of("configs/option_table.cpp"));
  findings unread;
  for (auto& member : all)
    if (!is_read(member, text, is_unique(member, all)))
      unread.push_back(member);
  EXPECT_TRUE(unread.empty()) << joined(unread);
}

} // namespace
} // namespace jindou::tidy
