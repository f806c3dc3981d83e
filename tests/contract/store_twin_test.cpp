#include "tests/contract/same_state.hpp"

namespace jindou::test {

namespace {

/// A few commands in one flush, with entries of the consensus between them.
std::vector<byte_vector> some(twin_driver& twin, random_commands& next) {
  std::vector<byte_vector> res;
  for (auto n = 1 + next.below(20); n > 0; --n) {
    twin.make.head().log_time += next.below(3'000);
    if (next.below(200) == 0)
      twin.make.head().log_time += 20'000'000;
    if (next.below(30) == 0) {
      ++twin.make.head().term;
      res.push_back(twin.make.other(record::kind::noop));
    }
    res.push_back(twin.make(next()));
  }
  return res;
}

void upkeep(twin_driver& twin, std::uint64_t what) {
  if (what < 8)
    twin.cut();
  else if (what < 14)
    twin.fold_step();
  else if (what == 14)
    twin.open();
}

void run_random(std::uint64_t seed, storage::dedupe_limits limits,
                std::size_t clean_bytes_max) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  twin_driver twin{limits};
  twin.tables.clean_bytes_max = clean_bytes_max;
  twin.open();
  random_commands next{seed};
  for (int i = 0; i < 300; ++i) {
    ASSERT_NO_FATAL_FAILURE(twin.run(some(twin, next)));
    ASSERT_NO_FATAL_FAILURE(upkeep(twin, next.below(20)));
    if (i % 15 == 0) {
      ASSERT_NO_FATAL_FAILURE(expect_same_state(twin));
    }
  }
  twin.open();
  expect_same_state(twin);
}

} // namespace

TEST(store_twin_test, tables_equal_their_twin_under_random_commands) {
  run_random(std::random_device{}(), {}, 64 << 20);
}

TEST(store_twin_test, tables_equal_their_twin_with_a_small_duplicate_window) {
  run_random(std::random_device{}(), {.records_max = 50, .age_s_max = 30'000},
             64 << 20);
}

TEST(store_twin_test, tables_equal_their_twin_when_memory_keeps_nothing) {
  run_random(std::random_device{}(), {}, 0);
}

} // namespace jindou::test
