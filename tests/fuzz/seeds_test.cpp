#include "tests/fuzz/all_targets.hpp"
#include "tests/fuzz/mutation.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <set>
#include <string>

// The targets without libFuzzer: their seeds and some thousand relatives, so
// that none rots and what was once found stays mended.

namespace jindou::fuzz {

namespace {

unsigned number_from(const char* name, unsigned otherwise) {
  auto given = std::getenv(name);
  return given ? static_cast<unsigned>(std::atoll(given)) : otherwise;
}

class seeds_test : public testing::TestWithParam<const target*> {};

std::string name_of(const testing::TestParamInfo<const target*>& x) {
  return x.param->name;
}

INSTANTIATE_TEST_SUITE_P(fuzz, seeds_test, testing::ValuesIn(all_targets),
                         name_of);

} // namespace

TEST_P(seeds_test, keeps_its_promises_on_every_seed) {
  auto& x = *GetParam();
  auto seeds = x.seeds();
  EXPECT_GE(seeds.size(), 3U);
  x.run({});
  for (auto& seed : seeds) {
    x.run(seed);
    for (std::size_t n = 0; n < seed.size(); n += 1 + seed.size() / 50)
      x.run(byte_span{seed}.first(n));
  }
}

TEST_P(seeds_test, keeps_its_promises_on_mutations) {
  auto& x = *GetParam();
  auto seed = number_from("JINDOU_SEED", 20'261u);
  std::cout << "seed " << seed << " (set JINDOU_SEED for another)\n";
  mutation some{seed};
  auto seeds = x.seeds();
  for (auto n = number_from("JINDOU_FUZZ_ROUNDS", 3'000); n > 0; --n)
    x.run(some.of(seeds));
}

TEST(seeds_test, has_a_name_of_its_own_for_every_target) {
  std::set<std::string> names;
  for (auto x : all_targets)
    EXPECT_TRUE(names.insert(x->name).second) << x->name;
}

TEST(seeds_death_test, ends_the_process_on_a_broken_promise) {
  EXPECT_DEATH(require(false), "broken promise at .*seeds_test.cpp");
}

} // namespace jindou::fuzz
