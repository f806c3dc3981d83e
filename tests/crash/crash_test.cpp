#include "tests/crash/campaign.hpp"
#include "tests/support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <initializer_list>
#include <iostream>
#include <random>
#include <string>
#include <string_view>

namespace jindou::crash {

namespace {

std::uint64_t number_of(const char* name, std::uint64_t otherwise) {
  auto text = std::getenv(name);
  return text == nullptr ? otherwise : std::stoull(text);
}

/// Another one each time, so that many runs see many schedules.
std::uint64_t seed() {
  return number_of("JINDOU_CRASH_SEED", std::random_device{}() % 1'000'000);
}

void print(const campaign& x, std::uint64_t used_seed) {
  std::cout << "seed " << used_seed << ": " << x.kills() << " kills, "
            << x.book().messages() << " messages, "
            << x.book().acknowledgements() << " acknowledged, slowest start "
            << x.slowest_start().count() << " ms\n";
  for (const auto& what : x.book().complaints())
    std::cout << "  " << what << '\n';
}

/// The last lines that the node wrote, for whoever reads a failure.
std::string last_words(const std::string& folder) {
  std::ifstream in{folder + "/node.log"};
  std::string line, res;
  while (std::getline(in, line)) {
    res += line + '\n';
    if (res.size() > 4'000)
      res.erase(0, res.size() - 2'000);
  }
  return res;
}

/// What the same campaign, shorter, says of a program with a fault.
class mutant_run {
public:
  explicit mutant_run(const std::string& mutant)
      : seed_(seed()),
        aut_({JINDOU_MUTANT_PROGRAM, folder_.path(), mutant, seed_, 12}) {
    aut_.run();
    std::cout << mutant << ": ";
    print(aut_, seed_);
  }

  std::size_t faults() const {
    return aut_.book().faults();
  }

  /// Whether a complaint holds one of these words; a node that only hangs or
  /// ends would be red for another reason.
  bool finds(std::initializer_list<std::string_view> words) const {
    for (const auto& what : aut_.book().complaints())
      for (auto x : words)
        if (what.find(x) != std::string::npos)
          return true;
    return false;
  }

private:
  test::temp_folder folder_;
  std::uint64_t seed_;
  campaign aut_;
};

} // namespace

TEST(crash_test, keeps_everything_acknowledged_through_every_kill) {
  test::temp_folder folder;
  auto used_seed = seed();
  campaign aut{{JINDOU_BIN_DIR "/jindou-node", folder.path(), "", used_seed,
                number_of("JINDOU_CRASH_ROUNDS", 20)}};
  aut.run();
  print(aut, used_seed);
  EXPECT_EQ(aut.book().faults(), 0u) << last_words(folder.path());
  EXPECT_GT(aut.book().acknowledgements(), 0u);
}

// The same campaign over programs that are broken on purpose: a campaign that
// cannot turn red shows nothing.

TEST(crash_test, is_green_for_the_mutant_build_without_a_mutant) {
  EXPECT_EQ(mutant_run{""}.faults(), 0u);
}

TEST(crash_test, turns_red_when_the_answer_comes_before_the_commit) {
  EXPECT_TRUE(mutant_run{"ack-before-commit"}.finds({"is lost"}));
}

TEST(crash_test, turns_red_when_a_row_is_dropped) {
  EXPECT_TRUE(mutant_run{"drop-row"}.finds(
    {"is damaged", "cannot be read", "is lost", "is missing", "is gone"}));
}

TEST(crash_test, turns_red_when_an_entry_is_applied_twice) {
  EXPECT_TRUE(mutant_run{"apply-twice"}.finds(
    {"stored twice", "was acknowledged", "has changed"}));
}

} // namespace jindou::crash
