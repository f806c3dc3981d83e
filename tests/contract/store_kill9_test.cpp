#include "tests/contract/group_store.hpp"

#include <gtest/gtest.h>

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace jindou::test {

namespace {

// -- the process that is killed -----------------------------------------------

void insist(const storage::result<void>& x) {
  if (x)
    return;
  std::fprintf(stderr, "child: %s\n", x.error().context.c_str());
  ::_exit(3);
}

[[noreturn]] void live(const std::string& dir, group_life life,
                       std::uint64_t seed, int acks) {
  group_store store{small_store(dir)};
  insist(store.open() ? storage::result<void>{} : store.fault);
  insist(store.apply_committed(life));
  std::mt19937_64 random{seed};
  for (int i = 0; i < 2'000; ++i)
    insist(store.write_one(life, random, [acks] {
      if (::write(acks, "a", 1) != 1)
        ::_exit(3);
    }));
  ::_exit(0);
}

// -- the process that kills and looks -----------------------------------------

/// Runs the other process until about `wanted` flushes were acknowledged,
/// kills it and returns how many really were.
std::size_t run_and_kill(const std::string& dir, const group_life& life,
                         std::mt19937_64& random) {
  int ends[2];
  if (::pipe(ends) != 0)
    std::abort();
  auto seed = random();
  auto wanted = random() % 25;
  auto child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    live(dir, life, seed, ends[1]);
  }
  ::close(ends[1]);
  std::size_t acks = 0;
  char byte;
  while (acks < wanted && ::read(ends[0], &byte, 1) == 1)
    ++acks;
  ::poll(nullptr, 0, static_cast<int>(random() % 20)); // anywhere in a flush
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the child failed by itself";
  while (::read(ends[0], &byte, 1) == 1)
    ++acks;
  ::close(ends[0]);
  return acks;
}

} // namespace

TEST(store_kill9_test, loses_nothing_acknowledged_and_splits_no_flush) {
  auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random{seed};
  temp_folder folder;
  auto options = small_store(folder.path());
  group_life life{seed};
  std::size_t acknowledged = 0, unacknowledged_kept = 0;
  constexpr int rounds = 40;
  for (int round = 0; round < rounds; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    auto acks = run_and_kill(folder.path(), life, random);
    acknowledged += acks;
    for (; acks > 0; --acks)
      std::ignore = life.next();
    auto after = life;
    std::ignore = after.next();
    group_store store{options};
    ASSERT_TRUE(store.open()) << store.fault.context;
    unacknowledged_kept += expect_whole(store, options, life, after) ? 1 : 0;
    ASSERT_FALSE(HasFailure());
    if (round % 10 == 9) {
      ASSERT_NO_FATAL_FAILURE(expect_sound_pages(options));
    }
  }
  std::printf("seed %u: %zu flushes acknowledged, %zu of %d kills met a flush "
              "that was kept all the same\n",
              seed, acknowledged, unacknowledged_kept, rounds);
  EXPECT_GT(acknowledged, 0U);
}

} // namespace jindou::test
