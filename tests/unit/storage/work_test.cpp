#include "storage/work.hpp"

#include <gtest/gtest.h>

namespace jindou::storage {

TEST(work_test, reads_back_memberships_and_term_runs) {
  raft::membership members{
    7, {{1, 2, raft::member_role::voter}, {9, 3, raft::member_role::learner}}};
  auto bytes = encode(members);
  EXPECT_EQ(bytes.size(), 11U + 2 * 13);
  auto back = decode_membership(bytes);
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, members);
  std::vector<raft::term_run> terms{{1, 1}, {5, 3}};
  auto runs = decode_terms(encode(terms));
  ASSERT_TRUE(runs);
  EXPECT_EQ(*runs, terms);
}

TEST(work_test, refuses_every_shortened_blob) {
  auto members
    = encode(raft::membership{7, {{1, 2, raft::member_role::voter}}});
  auto terms = encode(std::vector<raft::term_run>{{1, 1}});
  for (std::size_t n = 0; n < members.size(); ++n)
    EXPECT_FALSE(decode_membership(byte_span{members}.first(n)));
  for (std::size_t n = 0; n < terms.size(); ++n)
    EXPECT_FALSE(decode_terms(byte_span{terms}.first(n)));
  members.push_back(std::byte{0});
  EXPECT_FALSE(decode_membership(members));
}

TEST(work_test, keeps_the_parts_of_a_key_apart) {
  EXPECT_EQ(ix_key(1, 0, 0), std::int64_t{1} << 52);
  EXPECT_EQ(ix_key(0, 1, 0), std::int64_t{1} << 26);
  EXPECT_GT(ix_key(rep_max, chan_max, chan_max), 0); // the sign stays free
  EXPECT_EQ(ix_key(3, chan_max, chan_max) + 1, ix_key(4, 0, 0));
  EXPECT_EQ(chan_key(3, chan_max) + 1, chan_key(4, 0));
  EXPECT_EQ(serial_key(2, 5), (std::int64_t{2} << 40) + 5);
}

TEST(work_test, tells_a_core_the_terms_of_cut_and_tail) {
  replica_start x;
  x.row.group = 4;
  x.row.replica_id = 5;
  x.cut.applied = 8;
  x.cut.log_time = 100;
  x.cut.terms = {{1, 1}, {4, 2}};
  auto add = [&](raft::log_index index, raft::term_t term) {
    x.tail.push_back(
      {{index, term, raft::entry_kind::command, {}}, 0, 100 + index});
  };
  EXPECT_EQ(restored_of(x).log_time, 100U);
  add(9, 2);
  add(10, 3);
  add(11, 3);
  auto res = restored_of(x);
  EXPECT_EQ(res.self, 5U);
  EXPECT_EQ(res.applied, 8U);
  EXPECT_EQ(res.last, 11U);
  EXPECT_EQ(res.log_time, 111U);
  EXPECT_EQ(res.terms, (std::vector<raft::term_run>{{1, 1}, {4, 2}, {10, 3}}));
}

} // namespace jindou::storage
