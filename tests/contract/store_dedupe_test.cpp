#include "messages/hash.hpp"
#include "storage/sqlite.hpp"
#include "tests/contract/same_state.hpp"

namespace jindou::test {

namespace {

using storage::table;

/// Rows of the duplicate window, seen from both sides of the disk.
class store_dedupe_test : public testing::Test {
protected:
  /// Sends to one channel; whether it was a repeat is the twin's to compare.
  void send(const std::string& from, const std::string& number) {
    twin.run({record(from, number)});
  }

  /// Sends ten messages in one flush.
  void send_ten() {
    std::vector<byte_vector> records;
    for (int i = 0; i < 10; ++i)
      records.push_back(record("a", "m" + std::to_string(sent_)));
    twin.run(std::move(records));
  }

  std::uint32_t now() {
    return static_cast<std::uint32_t>(twin.make.head().log_time / 1'000);
  }

  /// Replaces the first row by one of format 1.
  void write_former(const std::vector<storage::dedupe_record>& records) {
    auto bytes = storage::encode_dedupe(records);
    bytes[0] = std::byte{1};
    storage::state_change change;
    change.what = storage::state_change::kind::fold;
    change.group = twin_driver::group;
    auto key = storage::serial_key(twin.replica().rep(), 0);
    change.puts.push_back({table::dedupe, {key, std::move(bytes)}});
    twin.write(change);
  }

  using row_list = std::vector<std::pair<std::uint64_t, std::size_t>>;

  /// First ordinal and number of records of each row.
  row_list rows() {
    storage::connection_options how;
    how.path = twin.folder.path() + "/store.db";
    how.read_only = true;
    auto db = storage::connection::open(how);
    storage::statement select{*db, "SELECT k, b FROM dedupe ORDER BY k"};
    row_list res;
    for (;;) {
      auto more = select.step();
      EXPECT_TRUE(more);
      if (!more || !*more)
        return res;
      auto row = storage::decode_dedupe(select.blob(1));
      EXPECT_TRUE(row);
      auto zero = storage::serial_key(twin.replica().rep(), 0);
      res.emplace_back(select.integer(0) - zero, row->records.size());
    }
  }

  /// Opens the store anew with room for so many pages.
  void leave_pages(std::uint32_t n) {
    auto db
      = storage::connection::open({.path = twin.folder.path() + "/store.db"});
    auto pages = db->number("PRAGMA page_count");
    ASSERT_TRUE(pages);
    twin.options.pages_max = static_cast<std::uint32_t>(*pages) + n;
    twin.open();
  }

  /// Writes a cut together with an entry of this size.
  storage::result<storage::flush_report>
  write_with(const storage::state_change& cut, std::size_t bytes) {
    auto make = twin.make; // the entry is not to stay
    byte_vector body(bytes);
    auto rec = make.other(record::kind::noop, body);
    auto h = record::peek(rec);
    log_batch batch;
    auto& job = batch.jobs.emplace_back();
    job.group = twin_driver::group;
    job.append.push_back(
      {h.index, h.term, h.kind, shared_bytes{std::move(rec)}});
    const log_batch* batches[] = {&batch};
    storage::write_batch all;
    all.cut = &cut;
    all.batches = batches;
    return twin.log->flush(all);
  }

  message_seq last_seq() {
    auto found = twin.replica().find(channel_type::group, "g");
    return (*found)->head.last_seq;
  }

  twin_driver twin{{.age_s_max = 100}};

private:
  byte_vector record(const std::string& from, const std::string& number) {
    command::append_message x;
    x.message_id = ++sent_;
    x.channel_type = channel_type::group;
    x.channel_id = "g";
    x.from_uid = from;
    x.client_msg_no = number;
    return twin.make(x);
  }

  message_id sent_ = 0;
};

} // namespace

TEST_F(store_dedupe_test, finds_the_first_of_nine_senders_after_a_start) {
  for (int i = 1; i <= 9; ++i)
    send("u" + std::to_string(i), "n");
  EXPECT_EQ(last_seq(), 9U);
  twin.cut();
  twin.open();
  EXPECT_FALSE(twin.replica().ring().holds_former());
  send("u1", "n");
  EXPECT_EQ(last_seq(), 9U);
  expect_same_state(twin);
}

TEST_F(store_dedupe_test, finds_rows_of_both_formats) {
  send("a", "n1");
  twin.cut();
  write_former({{hash_of_number(channel_type::group, "g", "n1"), now(), 1}});
  twin.open();
  ASSERT_TRUE(twin.loaded) << twin.loaded.error().context;
  EXPECT_TRUE(twin.replica().ring().holds_former());
  send("a", "n2");
  twin.cut();
  twin.open();
  ASSERT_TRUE(twin.loaded) << twin.loaded.error().context;
  EXPECT_TRUE(twin.replica().ring().holds_former());
  send("a", "n1");
  send("a", "n2");
  EXPECT_EQ(last_seq(), 2U);
  send("a", "n3");
  twin.cut(); // in place of the second row, not of the first
  EXPECT_EQ(rows(), (row_list{{0, 1}, {1, 2}}));
}

TEST_F(store_dedupe_test, wrote_a_row_for_each_of_many_small_cuts) {
  for (int i = 0; i < 30; ++i) {
    send_ten();
    twin.cut();
  }
  EXPECT_EQ(rows(), (row_list{{0, 260}, {260, 40}}));
  twin.open();
  expect_same_state(twin);
  send("a", "n");
  twin.cut();
  EXPECT_EQ(rows(), (row_list{{0, 260}, {260, 41}}));
  twin.open();
  expect_same_state(twin);
}

TEST_F(store_dedupe_test, writes_nothing_again_when_there_is_nothing_new) {
  send("a", "n");
  twin.cut();
  twin.run(command::user_put{"u", ""});
  auto cut = twin.replica().seal();
  for (auto& x : cut.puts)
    EXPECT_NE(x.into, table::dedupe);
}

TEST_F(store_dedupe_test, begins_a_row_where_the_last_one_is_partly_forgotten) {
  auto send_and_cut = [this](const std::string& number) {
    send("a", number);
    twin.cut();
    twin.make.head().log_time += 60'000;
  };
  send_and_cut("n1");
  send_and_cut("n2");
  send_and_cut("n3"); // forgets the first
  EXPECT_EQ(rows(), (row_list{{0, 2}, {2, 1}}));
  send_and_cut("n4");
  EXPECT_EQ(rows(), (row_list{{2, 2}}));
  twin.open();
  expect_same_state(twin);
  twin.make.head().log_time += 200'000;
  send("a", "n5"); // all others are forgotten, and their rows go
  twin.cut();
  EXPECT_EQ(rows(), (row_list{{4, 1}}));
  twin.open();
  expect_same_state(twin);
}

TEST_F(store_dedupe_test, neither_loses_nor_doubles_what_a_full_disk_refused) {
  send("a", "n1");
  twin.cut();
  leave_pages(2);
  send("a", "n2");
  auto cut = twin.replica().seal();
  auto refused = write_with(cut, std::size_t{1} << 17);
  ASSERT_FALSE(refused);
  ASSERT_EQ(refused.error().what, storage::fault::full);
  EXPECT_EQ(rows(), (row_list{{0, 1}}));
  send("a", "n3");
  twin.write(cut);
  twin.replica().done(storage::state_change::kind::cut);
  EXPECT_EQ(rows(), (row_list{{0, 2}}));
  twin.cut();
  EXPECT_EQ(rows(), (row_list{{0, 3}}));
  twin.open();
  expect_same_state(twin);
}

} // namespace jindou::test
