#include "cluster/slot_table.hpp"

#include <gtest/gtest.h>

namespace jindou::cluster {

TEST(slot_table_test, spreads_the_slots_evenly_over_the_data_groups) {
  auto table = slot_table::initial(32);
  EXPECT_EQ(table.group_of(0), 1u);
  EXPECT_EQ(table.group_of(31), 32u);
  EXPECT_EQ(table.group_of(32), 1u);
  EXPECT_EQ(table.group_of(1023), 32u);
  EXPECT_EQ(table.last_group(), 32u);
}

TEST(slot_table_test, reads_what_it_wrote) {
  auto table = slot_table::initial(7);
  auto text = table.encode();
  EXPECT_EQ(text.size(), 1 + 4 * limits::slots);
  auto back = slot_table::decode(text);
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, table);
}

TEST(slot_table_test, keeps_its_form_on_disk) {
  auto text = slot_table::initial(32).encode();
  EXPECT_EQ(text.substr(0, 9), std::string("\1\1\0\0\0\2\0\0\0", 9));
}

TEST(slot_table_test, refuses_damaged_values) {
  auto text = slot_table::initial(32).encode();
  EXPECT_FALSE(slot_table::decode(""));
  EXPECT_FALSE(slot_table::decode(text + "x"));
  EXPECT_FALSE(slot_table::decode(text.substr(1)));
  auto newer = text;
  newer[0] = 2;
  EXPECT_FALSE(slot_table::decode(newer));
  auto control = text;
  control[1] = 0; // slot 0 -> group 0
  EXPECT_EQ(slot_table::decode(control).error(), errc::corrupt);
}

TEST(slot_table_test, is_recorded_once) {
  auto first = first_slot_table({}, 32);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->name, "slot-map");
  EXPECT_EQ(*slot_table::decode(first->value), slot_table::initial(32));
  EXPECT_FALSE(first_slot_table(first->value, 32));
}

} // namespace jindou::cluster
