#include "tests/contract/same_state.hpp"

namespace jindou::test {

namespace {

using namespace storage;

struct both {
  replica_store& tables;
  memory_tables& memory;
};

void expect_same_places(const both& twin, chan_t chan_no) {
  auto& places = twin.memory.places(chan_no);
  for (std::size_t i = 0; i < places.size(); ++i) {
    auto block = twin.tables.block_of(chan_no, i + 1);
    ASSERT_TRUE(block) << block.error().context;
    auto at = static_cast<unsigned>(i % position_block::capacity);
    ASSERT_LT(at, block->size());
    ASSERT_EQ(block->at(at), places[i].pos)
      << "channel " << chan_no << " seq " << i + 1;
    ASSERT_EQ(block->hint(at), places[i].hint);
  }
}

void expect_same_channel(const both& twin, chan_t chan_no) {
  auto there = twin.tables.find(chan_no);
  auto here = twin.memory.find(chan_no);
  ASSERT_TRUE(there && *there != nullptr) << "channel " << chan_no;
  ASSERT_EQ((*there)->row, (*here)->row);
  ASSERT_EQ((*there)->head, (*here)->head) << "channel " << chan_no;
  for (message_seq seq = 1; seq <= (*here)->head.last_seq; ++seq) {
    auto x = twin.tables.locate(**there, seq);
    ASSERT_TRUE(x) << x.error().context;
    ASSERT_EQ(*x, *twin.memory.locate(**here, seq));
  }
  expect_same_places(twin, chan_no);
  auto key = (*here)->row.key;
  auto by_key = twin.tables.find(key.type, key.id);
  ASSERT_TRUE(by_key && *by_key != nullptr);
  ASSERT_EQ((*by_key)->row.chan_no, chan_no);
  for (auto list :
       {command::list::subscriber, command::list::deny, command::list::allow}) {
    auto uids = twin.tables.list(chan_no, list);
    ASSERT_TRUE(uids) << uids.error().context;
    ASSERT_EQ(*uids, *twin.memory.list(chan_no, list));
    ASSERT_EQ(uids->size(),
              (*here)->row.counts[static_cast<std::size_t>(list)]);
  }
}

void expect_same_user(const both& twin, const std::string& uid) {
  ASSERT_EQ(*twin.tables.user(uid), *twin.memory.user(uid));
  for (std::uint8_t flag = 0; flag < 3; ++flag)
    ASSERT_EQ(*twin.tables.device(uid, flag), *twin.memory.device(uid, flag));
  ASSERT_EQ(*twin.tables.control(uid), *twin.memory.control(uid));
  for (std::uint8_t type = 1; type <= 2; ++type)
    for (int i = 0; i < 6; ++i) {
      channel_key key{type, (type == 1 ? "u" : "g") + std::to_string(i)};
      ASSERT_EQ(*twin.tables.conversation(uid, key),
                *twin.memory.conversation(uid, key));
    }
}

void expect_same_ring(const both& twin) {
  auto& there = twin.tables.ring();
  auto& here = twin.memory.ring();
  ASSERT_EQ(there.first(), here.first());
  ASSERT_EQ(there.next(), here.next());
  for (auto i = here.first(); i < here.next(); ++i)
    ASSERT_EQ(there.at(i), here.at(i)) << "ordinal " << i;
}

void expect_same_mark(const both& twin) {
  auto& there = twin.tables.mark();
  auto& here = twin.memory.mark();
  ASSERT_EQ(there.applied, here.applied);
  ASSERT_EQ(there.applied_term, here.applied_term);
  ASSERT_EQ(there.digest, here.digest);
  ASSERT_EQ(there.log_time, here.log_time);
  ASSERT_EQ(there.feature_level, here.feature_level);
  ASSERT_EQ(there.members, here.members);
  ASSERT_EQ(there.terms, here.terms);
  ASSERT_EQ(there.next_chan, here.next_chan);
}

} // namespace

void expect_same_state(replica_store& tables, memory_tables& memory) {
  both twin{tables, memory};
  ASSERT_NO_FATAL_FAILURE(expect_same_mark(twin));
  ASSERT_NO_FATAL_FAILURE(expect_same_ring(twin));
  ASSERT_NO_FATAL_FAILURE(expect_same_places(twin, 0));
  for (chan_t i = 1; i < memory.mark().next_chan; ++i)
    ASSERT_NO_FATAL_FAILURE(expect_same_channel(twin, i));
  for (int i = 0; i < 12; ++i)
    ASSERT_NO_FATAL_FAILURE(expect_same_user(twin, "u" + std::to_string(i)));
}

void expect_same_state(twin_driver& twin) {
  ASSERT_TRUE(twin.loaded) << twin.loaded.error().context;
  expect_same_state(twin.replica(), *twin.memory);
}

} // namespace jindou::test
