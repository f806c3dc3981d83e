#include "tests/contract/power_campaign.hpp"

#include <cstdlib>

namespace jindou::test {

using namespace storage;

std::uint64_t number_of(const char* variable, std::uint64_t otherwise) {
  auto given = std::getenv(variable);
  return given == nullptr ? otherwise : std::strtoull(given, nullptr, 10);
}

power_campaign::power_campaign(std::uint64_t seed)
    : random_(seed),
      disk_(seed),
      options_(small_store(folder_.path(), disk_.vfs())),
      life_(seed, group_life::width::wide),
      after_(life_) {
  // nop
}

void power_campaign::run(int cuts) {
  for (int i = 0; i < cuts; ++i) {
    SCOPED_TRACE("cut " + std::to_string(i));
    live_until_cut();
    ASSERT_FALSE(testing::Test::HasFailure());
    ++tally_.cuts;
    recover();
    ASSERT_NO_FATAL_FAILURE(look());
    ASSERT_FALSE(testing::Test::HasFailure());
  }
}

/// Opens the store and writes to it until the power goes, which may be at
/// once.
void power_campaign::live_until_cut() {
  disk_.cut_after(1 + random_() % (random_() % 4 == 0 ? 100 : 1'600));
  group_store store{options_};
  if (!store.open()) {
    ASSERT_TRUE(disk_.off()) << store.fault.context;
    ++tally_.while_opening;
    return;
  }
  if (auto done = store.apply_committed(life_); !done) {
    ASSERT_TRUE(disk_.off()) << done.error().context;
    return;
  }
  flush_until_cut(store);
}

void power_campaign::flush_until_cut(group_store& store) {
  for (int i = 0; i < 40; ++i) {
    after_ = life_;
    auto done = store.write_one(after_, random_, [this] {
      life_ = after_;
      ++tally_.acknowledged;
    });
    if (done)
      continue;
    ASSERT_TRUE(disk_.off()) << done.error().context;
    ASSERT_NE(done.error().what, fault::full);
    return;
  }
}

/// Starts until one start survives; the power goes again in some of them.
void power_campaign::recover() {
  disk_.power_on();
  while (random_() % 3 == 0) {
    disk_.cut_after(1 + random_() % 40);
    group_store store{options_};
    ASSERT_TRUE(store.open() || disk_.off()) << store.fault.context;
    tally_.while_opening += store.open() ? 0 : 1;
    disk_.power_on();
  }
}

void power_campaign::look() {
  group_store store{options_};
  ASSERT_TRUE(store.open()) << store.fault.context;
  tally_.kept += expect_whole(store, options_, life_, after_) ? 1 : 0;
  after_ = life_;
  expect_sound_pages(options_);
}

} // namespace jindou::test
