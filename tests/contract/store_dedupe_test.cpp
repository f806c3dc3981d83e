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
    command::append_message x;
    x.message_id = ++sent_;
    x.channel_type = channel_type::group;
    x.channel_id = "g";
    x.from_uid = from;
    x.client_msg_no = number;
    twin.run(x);
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

  message_seq last_seq() {
    auto found = twin.replica().find(channel_type::group, "g");
    return (*found)->head.last_seq;
  }

  twin_driver twin;

private:
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
}

} // namespace jindou::test
