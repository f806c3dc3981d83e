#include "configs/option_table.hpp"
#include "configs/value.hpp"

#include <caf/config_value.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

using namespace jindou::configs;

namespace {

const void* address_of(const option& x, options& target) {
  return std::visit([](auto* p) -> const void* { return p; }, x.place(target));
}

/// A value that no bound and no type of the table accepts.
caf::config_value stranger() {
  return caf::config_value{3.5};
}

} // namespace

TEST(option_table_test, names_every_option_once) {
  std::set<std::string> names;
  for (auto& x : option_table())
    EXPECT_TRUE(names.insert(full_name(x)).second) << full_name(x);
}

TEST(option_table_test, gives_every_option_a_member_of_its_own) {
  options target;
  std::set<const void*> members;
  for (auto& x : option_table())
    EXPECT_TRUE(members.insert(address_of(x, target)).second) << full_name(x);
}

TEST(option_table_test, has_a_sentence_for_every_option) {
  for (auto& x : option_table()) {
    EXPECT_GE(x.sentence.size(), 5u) << full_name(x);
    EXPECT_NE(x.sentence.back(), '.') << full_name(x);
  }
}

TEST(option_table_test, puts_every_option_into_a_known_section) {
  auto all = section_table();
  for (auto& x : option_table())
    EXPECT_TRUE(std::any_of(all.begin(), all.end(),
                            [&x](auto& s) { return s.name == x.section; }))
      << full_name(x);
}

TEST(option_table_test, writes_names_in_kebab_case) {
  for (auto& x : option_table())
    EXPECT_EQ(x.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-"),
              x.name.npos)
      << full_name(x);
}

TEST(option_table_test, accepts_its_own_defaults) {
  for (auto& x : option_table()) {
    options target;
    auto text = render(x, target);
    if (text.front() == '"')
      text = text.substr(1, text.size() - 2);
    EXPECT_TRUE(assign_text(x, text, target)) << full_name(x) << " " << text;
  }
}

TEST(option_table_test, refuses_a_wrong_type_everywhere) {
  for (auto& x : option_table()) {
    options target;
    auto verdict = assign(x, stranger(), target);
    ASSERT_FALSE(verdict) << full_name(x);
    EXPECT_NE(verdict.error().text.find(full_name(x) + " must be "),
              std::string::npos);
    EXPECT_EQ(render(x, target), render(x, options{})) << full_name(x);
  }
}

TEST(option_table_test, refuses_numbers_beyond_their_bounds) {
  for (auto& x : option_table()) {
    options target;
    auto is_number = !std::holds_alternative<bool*>(x.place(target))
                     && !std::holds_alternative<std::string*>(x.place(target));
    if (!is_number)
      continue;
    auto is_time = std::holds_alternative<duration*>(x.place(target));
    auto at = [&](std::int64_t n) {
      auto value
        = is_time ? caf::config_value{caf::timespan{n}} : caf::config_value{n};
      return static_cast<bool>(assign(x, value, target));
    };
    EXPECT_TRUE(at(x.min)) << full_name(x);
    EXPECT_TRUE(at(x.max)) << full_name(x);
    EXPECT_FALSE(at(x.min - 1)) << full_name(x);
    EXPECT_FALSE(at(x.max + 1)) << full_name(x);
  }
}

TEST(option_table_test, finds_the_nearest_name) {
  EXPECT_EQ(nearest_name("node.data-dri"), "node.data-dir");
  EXPECT_EQ(nearest_name("gateway.tcpaddr"), "gateway.tcp-addr");
  EXPECT_EQ(nearest_name("http.disable-encryption"), "auth.disable-encryption");
  EXPECT_EQ(nearest_name("tcp-addr"), "gateway.tcp-addr");
  EXPECT_EQ(nearest_name("entirely.different-words"), "");
  EXPECT_EQ(nearest_name(std::string(1'000'000, 'x')), "");
}
