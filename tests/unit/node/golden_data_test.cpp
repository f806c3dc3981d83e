#include "cluster/slot_table.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/unit/node/small_node.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

// A data directory made by the first release of the format. Every later build
// must open it and read the same. Never make it again for a change of format:
// that is what migrations and a second directory are for.

namespace jindou {

namespace {

using test::message;
using test::small_node;
namespace fs = std::filesystem;

const fs::path golden = fs::path{JINDOU_SOURCE_DIR} / "tests/golden/data-v1";

/// The noon behind the birth of that directory: a repeat is found for three
/// days only.
constexpr std::uint64_t that_noon = 1'795'608'000'000;

const channel_key team{channel_type::group, "team"};
const channel_key pair{channel_type::person, "bob@ann"};

struct line {
  const channel_key& channel;
  std::uint64_t id;
  std::string from, number, payload;
};

/// What was said, in order.
std::vector<line> talk() {
  std::vector<line> res;
  for (std::uint64_t i = 1; i <= 130; ++i) // more than two position blocks
    res.push_back({team, 1000 + i, i % 2 == 0 ? "ann" : "bob",
                   "t" + std::to_string(i), "line " + std::to_string(i)});
  res.push_back({pair, 2001, "ann", "p1", "hello bob"});
  res.push_back({pair, 2002, "bob", "", std::string(2'000, 'x')});
  return res;
}

void put(small_node& to, const channel_key& channel, const command::any& what) {
  auto got = to.propose(channel, {what}).get();
  ASSERT_TRUE(got);
  ASSERT_EQ(got->front().error, errc::none);
}

void write_everything(small_node& to) {
  put(to, team,
      command::channel_put{
        team, command::channel_flags::exists | command::channel_flags::large,
        false});
  put(to, team,
      command::members_add{
        team, command::list::subscriber, false, {"ann", "bob", "cem"}});
  put(to, team,
      command::members_add{team, command::list::deny, false, {"dan"}});
  put(to, team,
      command::members_remove{team, command::list::subscriber, {"cem"}});
  for (const auto& x : talk())
    put(to, x.channel, message(x.id, x.channel, x.from, x.number, x.payload));
  auto group
    = cluster::slot_table::initial(4).group_of(slot_of(hash_of_user("ann")));
  ASSERT_TRUE(
    to.put(group, command::device_put{"ann", 1, device_level::master, "key"}));
}

void expect_everything(small_node& from) {
  for (const auto& key : {team, pair}) {
    auto got = from.read(key);
    ASSERT_TRUE(got);
    std::size_t n = 0;
    for (const auto& x : talk())
      if (x.channel == key) {
        ASSERT_LT(n, got->messages.size());
        const auto& m = got->messages[n++];
        EXPECT_EQ(m.seq, n);
        EXPECT_EQ(m.body.message_id, x.id);
        EXPECT_EQ(m.body.from_uid, x.from);
        EXPECT_EQ(m.body.client_msg_no, x.number);
        EXPECT_EQ(m.body.payload, x.payload);
      }
    EXPECT_EQ(got->messages.size(), n);
  }
  auto room = from.view(team);
  ASSERT_TRUE(room);
  EXPECT_EQ(room->flags,
            command::channel_flags::exists | command::channel_flags::large);
  EXPECT_EQ(room->subscribers, (std::vector<std::string>{"ann", "bob"}));
  EXPECT_EQ(room->denied, (std::vector<std::string>{"dan"}));
  auto ann = from.view("ann", 1);
  ASSERT_TRUE(ann);
  EXPECT_TRUE(ann->exists);
  ASSERT_TRUE(ann->asked_device);
  EXPECT_EQ(ann->asked_device->token, "key");
  EXPECT_EQ(ann->asked_device->level, device_level::master);
}

} // namespace

TEST(golden_data_test, opens_the_first_data_directory_and_reads_the_same) {
  test::temp_folder copy;
  fs::copy(golden / "store.db", fs::path{copy.path()} / "store.db");
  small_node node{copy.path()};
  EXPECT_FALSE(node.report().created);
  EXPECT_EQ(node.report().node_id, 1u);
  ASSERT_EQ(node.report().replicas.size(), 5u);
  for (const auto& x : node.report().replicas) {
    const auto& all = x.row.first_members.all;
    ASSERT_EQ(all.size(), 1u); // a cluster of one from the first day
    EXPECT_EQ(all[0].node, 1u);
    EXPECT_EQ(all[0].role, raft::member_role::voter);
    EXPECT_EQ(all[0].id, x.row.replica_id);
  }
  expect_everything(node);
}

TEST(golden_data_test, goes_on_where_the_first_data_directory_ends) {
  test::temp_folder copy;
  fs::copy(golden / "store.db", fs::path{copy.path()} / "store.db");
  small_node node{copy.path(), [] { return that_noon; }};
  auto repeat
    = node.propose(team, {message(9, team, "ann", "t130", "line 130")}).get();
  ASSERT_TRUE(repeat);
  EXPECT_TRUE(repeat->front().duplicate);
  EXPECT_EQ(repeat->front().seq, 130u);
  auto next
    = node.propose(team, {message(5'000, team, "ann", "t131", "more")}).get();
  ASSERT_TRUE(next);
  EXPECT_EQ(next->front().seq, 131u);
}

TEST(golden_data_test, writes_what_it_expects) {
  test::temp_folder fresh;
  small_node node{fresh.path()};
  write_everything(node);
  expect_everything(node);
}

// Makes the directory; scripts/golden-data.sh runs it once per format.
TEST(golden_data_test, DISABLED_makes_a_directory) {
  ASSERT_FALSE(fs::exists(golden)) << "the old one must stay as it is";
  fs::create_directories(golden);
  {
    small_node node{golden.string()};
    write_everything(node);
  }
  for (const auto& x : fs::directory_iterator{golden})
    if (x.path().filename() != "store.db")
      fs::remove(x.path());
}

} // namespace jindou
