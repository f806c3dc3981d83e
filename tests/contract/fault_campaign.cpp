#include "tests/contract/fault_campaign.hpp"

namespace jindou::test {

using namespace storage;

fault_campaign::fault_campaign(std::uint64_t seed)
    : random_(seed),
      disk_(seed),
      options_(small_store(folder_.path(), disk_.vfs())),
      life_(seed),
      after_(life_) {
  // nop
}

bool fault_campaign::run(order what) {
  {
    group_store store{options_};
    EXPECT_TRUE(store.open()) << store.fault.context;
  }
  disk_.fail(what.kind, what.op, what.nth);
  auto expected = what.op == disk_op::sync ? fault::sync : fault::io;
  auto met = write_until_it_fails(expected);
  disk_.fail(what.kind, what.op, 1'000'000'000);
  if (!testing::Test::HasFailure())
    restart();
  return met;
}

/// False: the fault has not come.
bool fault_campaign::write_until_it_fails(fault expected) {
  group_store store{options_};
  auto failed = [&](const error& why) {
    EXPECT_FALSE(disk_.fault_waits()) << why.context;
    EXPECT_EQ(why.what, expected) << why.context;
    return true;
  };
  if (!store.open())
    return failed(store.fault);
  EXPECT_TRUE(disk_.fault_waits()) << "a start has swallowed the fault";
  if (auto done = store.apply_committed(life_); !done)
    return failed(done.error());
  for (int i = 0; i < 60 && disk_.fault_waits(); ++i) {
    after_ = life_;
    auto waited = disk_.fault_waits();
    auto done = store.write_one(after_, random_, [this] { life_ = after_; });
    if (!done)
      return failed(done.error());
    EXPECT_EQ(disk_.fault_waits(), waited) << "a fault was swallowed";
  }
  return false;
}

/// The process ends and starts again: the file system still shows it what the
/// disk has lost. What it takes for durable then must survive a power cut.
void fault_campaign::restart() {
  {
    group_store store{options_};
    ASSERT_TRUE(store.open()) << store.fault.context;
    expect_whole(store, options_, life_, after_);
  }
  disk_.cut_power();
  disk_.power_on();
  group_store store{options_};
  ASSERT_TRUE(store.open()) << store.fault.context;
  expect_whole(store, options_, life_, life_);
  expect_sound_pages(options_);
}

} // namespace jindou::test
