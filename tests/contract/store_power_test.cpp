#include "tests/contract/power_campaign.hpp"
#include "tests/support/turns_red.hpp"

namespace jindou::test {

namespace {

constexpr int cuts_per_life = 3;

std::uint64_t first_seed() {
  return number_of("JINDOU_POWER_SEED", std::random_device{}());
}

} // namespace

// JINDOU_POWER_SEED and JINDOU_POWER_ROUNDS=1 repeat one life exactly.
TEST(store_power_test, loses_nothing_acknowledged_when_the_power_goes) {
  auto first = first_seed();
  auto rounds = number_of("JINDOU_POWER_ROUNDS", 100);
  std::printf("%llu lives from seed %llu on\n",
              static_cast<unsigned long long>(rounds),
              static_cast<unsigned long long>(first));
  power_campaign::tally all;
  for (std::uint64_t i = 0; i < rounds; ++i) {
    SCOPED_TRACE("JINDOU_POWER_SEED=" + std::to_string(first + i));
    power_campaign aut{first + i};
    ASSERT_NO_FATAL_FAILURE(aut.run(cuts_per_life));
    auto& x = aut.counted();
    all.acknowledged += x.acknowledged;
    all.cuts += x.cuts;
    all.while_opening += x.while_opening;
    all.kept += x.kept;
  }
  std::printf("%zu flushes acknowledged, %zu cuts, %zu of a start; %zu flushes "
              "kept that were not acknowledged\n",
              all.acknowledged, all.cuts, all.while_opening, all.kept);
  EXPECT_GT(all.acknowledged, 0U);
}

TEST(store_power_test, would_notice_a_disk_that_does_not_sync) {
  auto first = first_seed();
  auto checks = [first] {
    for (std::uint64_t i = 0; i < 3 && !testing::Test::HasFailure(); ++i) {
      power_campaign aut{first + i};
      aut.disk().ignore_syncs(true);
      aut.run(cuts_per_life);
    }
  };
  EXPECT_EQ(outcome_of(checks), outcome::red) << "seed " << first;
}

TEST(store_power_test, a_life_depends_on_its_seed_alone) {
  auto calls = [] {
    power_campaign aut{7};
    aut.run(2);
    return std::pair{aut.disk().calls(), aut.counted().acknowledged};
  };
  EXPECT_EQ(calls(), calls());
}

} // namespace jindou::test
