#include "configs/ini_reader.hpp"
#include "configs/manual.hpp"
#include "configs/strict_load.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <random>

using namespace jindou::configs;

namespace {

std::uint32_t seed() {
  auto given = std::getenv("JINDOU_SEED");
  auto chosen = given ? static_cast<std::uint32_t>(std::atoll(given)) : 20'251u;
  std::cout << "seed " << chosen << " (set JINDOU_SEED for another)\n";
  return chosen;
}

/// Loads; what counts is that it comes back with a bounded answer.
bool is_refused(const std::string& text) {
  options target;
  auto report = strict_load(text, "hostile", target);
  EXPECT_LE(report.faults.size(), faults_max);
  for (auto& x : report.faults)
    EXPECT_LT(to_string(x).size(), 1'000u);
  return !report.faults.empty();
}

} // namespace

TEST(hostile_bytes_test, survives_deep_nesting) {
  EXPECT_TRUE(is_refused("[node]\nid = " + std::string(8'000, '[')));
  EXPECT_TRUE(is_refused("[node]\nid = " + std::string(200, '[')));
  std::string lines = "[node]\nid = ";
  for (int i = 0; i < 20'000; ++i)
    lines += "[\n";
  EXPECT_TRUE(is_refused(lines));
  std::string maps = "a = ";
  for (int i = 0; i < 100; ++i)
    maps += "{b = ";
  EXPECT_TRUE(is_refused(maps));
  std::string section = "[a";
  for (int i = 0; i < 4'000; ++i)
    section += ".a";
  EXPECT_TRUE(is_refused(section + "]\n"));
}

TEST(hostile_bytes_test, refuses_what_is_no_text) {
  EXPECT_TRUE(is_refused(std::string(100, '\0')));
  EXPECT_TRUE(is_refused("\xef\xbb\xbf[node]\n"));
  EXPECT_TRUE(is_refused(std::string(ini_bytes_max + 1, ' ')));
  EXPECT_TRUE(is_refused("\x7f"
                         "ELF"));
}

TEST(hostile_bytes_test, survives_lists_of_maps) {
  EXPECT_TRUE(is_refused("[node]\nid = [{a = 1, b = [2]}, {c = 'd'}]\n"));
  EXPECT_TRUE(is_refused("[node]\nid = [<a:b>, 1.5, 3s, true]\n"));
}

TEST(hostile_bytes_test, survives_random_bytes) {
  std::mt19937 random{seed()};
  for (int round = 0; round < 20'000; ++round) {
    std::string text(random() % 60, '\0');
    for (auto& c : text)
      c = static_cast<char>(random());
    is_refused(text);
  }
}

TEST(hostile_bytes_test, survives_random_pieces_of_the_grammar) {
  const char* pieces[] = {"[",
                          "]",
                          "{",
                          "}",
                          "=",
                          "\n",
                          ".",
                          ",",
                          ";",
                          "\"",
                          "'",
                          "\\",
                          "-",
                          "+",
                          "1",
                          "0x",
                          "1e5",
                          "999999",
                          "h",
                          "min",
                          "ms",
                          "s",
                          "node",
                          "id",
                          "true",
                          "<",
                          ">",
                          "a:b",
                          " ",
                          "log",
                          "levels",
                          "0b1",
                          "1.5",
                          "_",
                          "#",
                          "\t",
                          "9223372036854775808",
                          "e",
                          "1e999"};
  std::mt19937 random{seed()};
  for (int round = 0; round < 50'000; ++round) {
    std::string text;
    for (auto n = random() % 30; n > 0; --n)
      text += pieces[random() % std::size(pieces)];
    is_refused(text);
  }
}

TEST(hostile_bytes_test, survives_damage_to_the_manual) {
  std::mt19937 random{seed()};
  const auto good = manual();
  for (int round = 0; round < 1'000; ++round) {
    auto text = good;
    for (auto n = 1 + random() % 4; n > 0; --n)
      text[random() % text.size()] = static_cast<char>(random());
    if (random() % 4 == 0)
      text.resize(random() % text.size());
    is_refused(text);
  }
}
