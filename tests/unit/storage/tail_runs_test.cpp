#include "storage/tail_runs.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace jindou::storage {

namespace {

using ranges = std::vector<position_range>;

/// Entries 2 to 4 at positions 10 to 12, 5 and 6 at 20 and 21.
tail_runs two_runs() {
  tail_runs res{1};
  for (position pos : {10, 11, 12, 20, 21})
    res.append(pos);
  res.commit();
  return res;
}

} // namespace

TEST(tail_runs_test, joins_entries_at_consecutive_positions) {
  auto runs = two_runs();
  EXPECT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs.last(), 6U);
  EXPECT_EQ(runs.first_above(1), 10U);
  EXPECT_EQ(runs.first_above(3), 12U);
  EXPECT_EQ(runs.first_above(4), 20U);
  EXPECT_EQ(runs.first_above(6), std::nullopt);
}

TEST(tail_runs_test, gives_back_where_a_cut_suffix_lay) {
  auto runs = two_runs();
  EXPECT_EQ(runs.cut_from(4), (ranges{{12, 12}, {20, 21}}));
  EXPECT_EQ(runs.last(), 3U);
  runs.append(30);
  EXPECT_EQ(runs.first_above(3), 30U);
}

TEST(tail_runs_test, cuts_nothing_behind_the_last_entry) {
  auto runs = two_runs();
  EXPECT_EQ(runs.cut_from(7), ranges{});
  EXPECT_EQ(runs.last(), 6U);
}

TEST(tail_runs_test, undoes_appends_and_cuts) {
  auto runs = two_runs();
  runs.append(22);
  runs.append(40);
  runs.cut_from(3);
  runs.append(41);
  runs.rollback();
  EXPECT_EQ(runs.last(), 6U);
  EXPECT_EQ(runs.cut_from(2), (ranges{{10, 12}, {20, 21}}));
}

TEST(tail_runs_test, forgets_what_a_cut_covers) {
  auto runs = two_runs();
  runs.forget_to(3);
  EXPECT_EQ(runs.covered(), 3U);
  EXPECT_EQ(runs.first_above(1), 12U);
  EXPECT_EQ(runs.cut_from(4), (ranges{{12, 12}, {20, 21}}));
  runs.rollback();
  runs.forget_to(6);
  EXPECT_EQ(runs.size(), 0U);
  EXPECT_EQ(runs.last(), 6U);
}

TEST(tail_runs_test, agrees_with_a_plain_map_whatever_happens) {
  std::mt19937_64 random{20'240'501};
  std::map<raft::log_index, position> model, saved;
  tail_runs runs{1};
  position next = 1;
  raft::log_index floor = 1;
  auto last = [&] { return model.empty() ? floor : model.rbegin()->first; };
  for (int step = 0; step < 20'000; ++step) {
    auto what = random() % 10;
    if (what < 6) {
      next += random() % 3 == 0 ? 2 : 1;
      model[last() + 1] = next;
      runs.append(next);
    } else if (what == 6 && last() > floor) {
      auto from = floor + 1 + random() % (last() - floor);
      ranges expected;
      std::size_t gone = 0, said = 0;
      gone = static_cast<std::size_t>(
        std::distance(model.lower_bound(from), model.end()));
      for (auto& r : runs.cut_from(from))
        said += r.last - r.first + 1;
      ASSERT_EQ(said, gone);
      model.erase(model.lower_bound(from), model.end());
    } else if (what == 7) {
      runs.rollback();
      model = saved;
    } else {
      runs.commit();
      if (what == 9 && last() > floor) {
        auto applied = floor + random() % (last() - floor + 1);
        runs.forget_to(applied);
        model.erase(model.begin(), model.upper_bound(applied));
        floor = applied;
      }
      saved = model;
    }
    ASSERT_EQ(runs.last(), last()) << step;
    auto probe = floor + random() % 8;
    auto i = model.upper_bound(probe);
    auto expected = i == model.end() ? std::nullopt : std::optional{i->second};
    ASSERT_EQ(runs.first_above(probe), expected) << step;
  }
}

} // namespace jindou::storage
