#include "storage/disk_room.hpp"

#include <gtest/gtest.h>

namespace jindou::storage {

namespace {

constexpr std::uint64_t mib = 1 << 20;

class disk_room_test : public testing::Test {
protected:
  disk_room aut{{.free_min = 100 * mib, .reserve = 20 * mib}};
};

} // namespace

TEST_F(disk_room_test, acts_before_a_write_must_fail) {
  aut.measured(100 * mib);
  EXPECT_FALSE(aut.low());
  aut.measured(100 * mib - 1);
  EXPECT_TRUE(aut.low());
}

TEST_F(disk_room_test, returns_with_a_distance_that_has_room_for_the_reserve) {
  aut.measured(0);
  EXPECT_FALSE(aut.measured(130 * mib));
  EXPECT_TRUE(aut.measured(131 * mib));
  EXPECT_TRUE(aut.low()) << "the reserve comes first";
  aut.leave();
  EXPECT_FALSE(aut.low());
}

TEST_F(disk_room_test, believes_a_refused_write_more_than_the_free_space) {
  aut.measured(500 * mib);
  aut.refused();
  EXPECT_TRUE(aut.low());
  EXPECT_TRUE(aut.measured(500 * mib));
}

TEST(disk_room_of_no_bound_test, waits_for_a_little_room_all_the_same) {
  disk_room aut{{}};
  EXPECT_FALSE(aut.measured(0));
  EXPECT_FALSE(aut.low());
  aut.refused();
  EXPECT_FALSE(aut.measured(mib - 1));
  EXPECT_TRUE(aut.measured(mib));
}

} // namespace jindou::storage
