#include "tests/contract/fault_campaign.hpp"
#include "tests/contract/power_campaign.hpp"
#include "tests/support/turns_red.hpp"

#include <cstdlib>

// The campaigns of tests/contract over a store that is broken on purpose: each
// fault must turn one of them red, by what it compares.

namespace jindou::test {

namespace {

void lose_power() {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    power_campaign aut{seed};
    aut.run(3);
    if (testing::Test::HasFailure())
      return;
  }
}

void fail_syncs_of(file_kind kind) {
  for (std::uint64_t nth = 1; nth <= 8; ++nth) {
    fault_campaign aut{nth};
    aut.run({kind, disk_op::sync, nth});
    if (testing::Test::HasFailure())
      return;
  }
}

/// In a process of its own, since a process has one fault for good.
outcome with(const std::string& mutant, const std::function<void()>& checks) {
  auto log = std::getenv("JINDOU_MUTANT_LOG");
  auto broken = [&] {
    ::setenv("JINDOU_MUTANT", mutant.c_str(), 1);
    std::printf("-- %s\n", mutant.c_str());
    checks();
  };
  return outcome_of(broken, log == nullptr ? "/dev/null" : log);
}

class mutants_test : public testing::TestWithParam<std::string> {};

} // namespace

TEST_P(mutants_test, is_found_by_power_cuts) {
  EXPECT_EQ(with(GetParam(), lose_power), outcome::red);
}

INSTANTIATE_TEST_SUITE_P(power, mutants_test,
                         testing::Values("split-cut", "clean-pos-too-high",
                                         "ring-without-rows", "cut-too-far",
                                         "journal-too-early", "fold-too-new"));

TEST(mutants_test, an_ignored_checkpoint_is_found_by_failing_syncs) {
  auto main = [] { fail_syncs_of(file_kind::main); };
  EXPECT_EQ(with("checkpoint-ignored", main), outcome::red);
  EXPECT_EQ(with("", main), outcome::green);
}

TEST(mutants_test, a_start_without_checkpoint_is_found_by_failing_syncs) {
  auto log = [] { fail_syncs_of(file_kind::wal); };
  EXPECT_EQ(with("no-checkpoint-at-start", log), outcome::red);
  EXPECT_EQ(with("", log), outcome::green);
}

TEST(mutants_test, a_sound_store_stays_green) {
  EXPECT_EQ(with("", lose_power), outcome::green);
}

} // namespace jindou::test
