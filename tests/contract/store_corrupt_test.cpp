#include "storage/sqlite.hpp"
#include "tests/contract/same_state.hpp"

namespace jindou::test {

namespace {

using storage::table;

/// One stored blob and the key of its row.
struct stored_blob {
  std::int64_t key = 0;
  byte_vector bytes;
};

class store_corrupt_test : public testing::Test {
protected:
  store_corrupt_test() {
    std::vector<byte_vector> records;
    for (int i = 1; i <= 70; ++i) {
      auto number = std::to_string(i);
      command::append_message x;
      x.channel_type = channel_type::group;
      x.channel_id = "g";
      x.from_uid = "u";
      x.client_msg_no = number;
      records.push_back(twin.make(x));
    }
    twin.run(std::move(records));
    twin.cut();
    twin.fold();
    twin.run(command::user_put{"u", ""});
  }

  stored_blob first_of(const std::string& name) {
    storage::connection_options how;
    how.path = twin.folder.path() + "/store.db";
    how.read_only = true;
    auto db = storage::connection::open(how);
    storage::statement select{*db, "SELECT k, b FROM " + name + " LIMIT 1"};
    auto row = select.step();
    EXPECT_TRUE(row && *row) << name;
    auto bytes = select.blob(1);
    return {select.integer(0), {bytes.begin(), bytes.end()}};
  }

  void put(table into, const stored_blob& x) {
    storage::state_change change;
    change.what = storage::state_change::kind::fold;
    change.group = twin_driver::group;
    change.puts.push_back({into, {x.key, x.bytes}});
    twin.write(change);
  }

  /// Says whether somebody who reads the channel and sends to it sees damage.
  bool damage_seen() {
    auto& x = twin.replica();
    if (!twin.loaded)
      return twin.loaded.error().sqlite_code == 0;
    auto found = x.find(channel_type::group, "g");
    if (!found)
      return found.error().sqlite_code == 0;
    auto at = x.locate(**found, 1);
    return !at && at.error().sqlite_code == 0;
  }

  /// Flips bits of each byte in turn; only this replica may mind.
  void expect_flips_seen(table into, const std::string& name) {
    auto good = first_of(name);
    for (std::size_t i = 0; i < good.bytes.size(); i += 1 + i / 16) {
      auto bad = good;
      bad.bytes[i] ^= std::byte{0x10};
      put(into, bad);
      twin.open();
      EXPECT_TRUE(damage_seen()) << name << " byte " << i;
      EXPECT_TRUE(twin.state->find(0)->load()) << "the other replica";
    }
    put(into, good);
    twin.open();
    EXPECT_FALSE(damage_seen());
    expect_same_state(twin);
  }

  twin_driver twin;
};

} // namespace

TEST_F(store_corrupt_test, sees_damage_in_heads) {
  expect_flips_seen(table::head, "head");
}

TEST_F(store_corrupt_test, sees_damage_in_position_blocks) {
  // The last block of `ix` is the channel's, the others are the log's.
  expect_flips_seen(table::ix, "(SELECT * FROM ix ORDER BY k DESC)");
}

TEST_F(store_corrupt_test, sees_damage_in_duplicate_records) {
  expect_flips_seen(table::dedupe, "dedupe");
}

TEST_F(store_corrupt_test, sees_damage_in_the_journal) {
  std::string number = "again";
  command::append_message x;
  x.channel_type = channel_type::group;
  x.channel_id = "g";
  x.from_uid = "u";
  x.client_msg_no = number;
  twin.run(x);
  twin.cut();
  expect_flips_seen(table::journal, "journal");
}

TEST_F(store_corrupt_test, sees_a_missing_block) {
  auto good = first_of("(SELECT * FROM ix ORDER BY k DESC)");
  storage::state_change change;
  change.what = storage::state_change::kind::fold;
  change.group = twin_driver::group;
  change.ranges.push_back({table::ix, good.key, good.key});
  twin.write(change);
  twin.open();
  EXPECT_TRUE(damage_seen());
}

} // namespace jindou::test
