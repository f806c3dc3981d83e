#include "tests/contract/same_state.hpp"

namespace jindou::test {

namespace {

/// A fold of several steps: many channels, some with full blocks.
class store_cut_fold_test : public testing::Test {
protected:
  store_cut_fold_test() {
    seed = std::random_device{}();
    next.random.seed(seed);
  }

  void send(std::size_t messages, std::uint64_t channels) {
    std::vector<byte_vector> records;
    for (std::size_t i = 0; i < messages; ++i) {
      auto id = "c" + std::to_string(next.below(channels));
      auto number = std::to_string(++sent);
      command::append_message x;
      x.message_id = sent;
      x.channel_type = channel_type::group;
      x.channel_id = id;
      x.from_uid = "u";
      x.client_msg_no = number;
      records.push_back(twin.make(x));
    }
    twin.run(std::move(records));
  }

  /// Cuts, then crashes after some steps of a fold, with or without another
  /// cut among them, which may be lost.
  void crash_in_a_fold() {
    twin.cut();
    for (auto steps = next.below(8); steps > 0; --steps) {
      twin.fold_step();
      if (next.below(3) != 0)
        continue;
      send(1 + next.below(200), 300);
      if (next.below(2) == 0)
        twin.cut();
    }
    if (next.below(2) == 0)
      static_cast<void>(twin.replica().seal()); // sealed, never written
    else if (twin.replica().folding())
      static_cast<void>(twin.replica().next_fold_step());
    twin.open();
  }

  twin_driver twin;
  random_commands next{0};
  std::uint64_t seed = 0;
  std::uint64_t sent = 0;
};

} // namespace

TEST_F(store_cut_fold_test, a_crash_between_any_two_steps_loses_nothing) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  for (int round = 0; round < 12; ++round) {
    ASSERT_NO_FATAL_FAILURE(send(1 + next.below(800), 300));
    if (round == 4) {
      ASSERT_NO_FATAL_FAILURE(send(4'000, 1));
      ASSERT_NO_FATAL_FAILURE(send(4'000, 1));
    }
    ASSERT_NO_FATAL_FAILURE(crash_in_a_fold());
    ASSERT_NO_FATAL_FAILURE(expect_same_state(twin));
  }
  twin.cut();
  twin.fold();
  EXPECT_EQ(twin.replica().journal_bytes(), 0U);
  EXPECT_EQ(twin.replica().channels_to_fold(), 0U);
  twin.open();
  EXPECT_EQ(twin.replica().channels(), 0U); // nothing but heads and blocks
  expect_same_state(twin);
}

TEST_F(store_cut_fold_test, a_fold_takes_heads_as_of_a_durable_cut) {
  send(100, 1);
  twin.cut();
  send(100, 1); // above the cut: comes back with the tail
  twin.fold();
  twin.open();
  expect_same_state(twin);
}

TEST_F(store_cut_fold_test, a_step_has_a_bounded_number_of_rows) {
  send(2'000, 300);
  twin.cut();
  auto& x = twin.replica();
  x.begin_fold();
  std::size_t steps = 0;
  while (x.folding()) {
    auto step = x.next_fold_step();
    EXPECT_LE(step.puts.size(), storage::fold_rows_max);
    twin.write(step);
    x.done(storage::state_change::kind::fold);
    ++steps;
  }
  EXPECT_GE(steps, 3U);
}

TEST_F(store_cut_fold_test, counts_steps_by_channels_and_full_blocks) {
  EXPECT_EQ(twin.replica().fold_steps_left(), 1U);
  send(4'000, 1);
  send(4'000, 1);
  twin.cut();
  auto& x = twin.replica();
  x.begin_fold();
  EXPECT_EQ(x.fold_steps_left(), 2U); // 125 full blocks and a head
  twin.fold_step();
  EXPECT_EQ(x.fold_steps_left(), 1U);
  twin.fold_step();
  EXPECT_FALSE(x.folding());
}

TEST_F(store_cut_fold_test, an_idle_replica_has_nothing_to_cut) {
  send(1, 1);
  EXPECT_TRUE(twin.replica().changed());
  twin.cut();
  EXPECT_FALSE(twin.replica().changed());
}

} // namespace jindou::test
