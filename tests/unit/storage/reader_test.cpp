#include "storage/reader_shell.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/store_driver.hpp"
#include "tests/support/temp_folder.hpp"

namespace jindou::storage {

namespace {

constexpr std::size_t much = 1 << 20;

class reader_test : public test::actor_fixture {
protected:
  void SetUp() override {
    drv.open();
    ASSERT_TRUE(drv.flush({drv.append(1, {"a", "b", "c"})}));
    auto opened = reader::open(drv.options);
    ASSERT_TRUE(opened) << opened.error().context;
    store = std::make_shared<reader>(std::move(*opened));
  }

  /// Asks the actor for rows of the channel that the driver writes to.
  jindou::result<history> ask(std::vector<position> positions,
                              const channel_key& channel = {2, "g"}) {
    auto aut = sys.spawn(
      reading, reader_options{store, counters, [this](auto&) { ++failures; }});
    jindou::result<history> res = errc::lost;
    auto q = std::make_shared<read_rows>();
    for (std::size_t i = 0; i < positions.size(); ++i)
      q->seqs.push_back(i + 1);
    q->positions = std::move(positions);
    q->last_seq = 9;
    q->channel = channel;
    q->answer
      = make_reply<history>([&](jindou::result<history> x) { res = x; });
    self->send(aut, std::move(q));
    settle();
    self->send_exit(aut, caf::exit_reason::kill);
    settle();
    return res;
  }

  void damage(position pos) {
    auto db = connection::open({.path = folder / "store.db"});
    ASSERT_TRUE(db);
    ASSERT_TRUE(db->run("UPDATE log SET rec = substr(rec, 1, 60) WHERE pos = "
                        + std::to_string(pos)));
  }

  test::temp_folder folder;
  test::store_driver drv{folder.path()};
  std::shared_ptr<reader> store;
  metrics_ptr counters = std::make_shared<metrics>();
  int failures = 0;
};

std::string payload(const shared_bytes& rec) {
  auto msg = command::decode_append(rec.span());
  return msg ? std::string{msg->payload} : "not a message";
}

} // namespace

TEST_F(reader_test, returns_records_in_the_order_asked) {
  std::vector<position> wanted{3, 1};
  auto res = store->records(wanted, much);
  ASSERT_TRUE(res);
  ASSERT_EQ(res->size(), 2U);
  EXPECT_EQ(payload((*res)[0]), "c");
  EXPECT_EQ(payload((*res)[1]), "a");
}

TEST_F(reader_test, sees_what_was_flushed_after_it_was_opened) {
  ASSERT_TRUE(drv.flush({drv.append(2, {"later"})}));
  std::vector<position> wanted{4};
  auto res = store->records(wanted, much);
  ASSERT_TRUE(res);
  EXPECT_EQ(payload((*res)[0]), "later");
}

TEST_F(reader_test, leaves_a_row_empty_that_is_gone) {
  std::vector<position> wanted{1, 77};
  auto res = store->records(wanted, much);
  ASSERT_TRUE(res);
  EXPECT_EQ((*res)[0].size(), 76U);
  EXPECT_EQ((*res)[1].size(), 0U);
}

TEST_F(reader_test, reads_more_rows_than_one_transaction_holds) {
  std::vector<std::string> many(600, "m");
  ASSERT_TRUE(drv.flush({drv.append(3, many)}));
  std::vector<position> wanted;
  for (position pos = 4; pos < 604; ++pos)
    wanted.push_back(pos);
  auto res = store->records(wanted, much);
  ASSERT_TRUE(res);
  for (auto& rec : *res)
    ASSERT_EQ(payload(rec), "m");
}

TEST_F(reader_test, refuses_an_answer_above_its_bound) {
  std::vector<position> wanted{1, 2, 3};
  auto res = store->records(wanted, 200);
  ASSERT_FALSE(res);
  EXPECT_EQ(res.error().what, fault::full);
  EXPECT_TRUE(store->records(wanted, 300)); // and goes on
}

TEST_F(reader_test, finds_a_damaged_row) {
  damage(2);
  std::vector<position> wanted{1, 2};
  auto res = store->records(wanted, much);
  ASSERT_FALSE(res);
  EXPECT_EQ(res.error().what, fault::corrupt);
  EXPECT_EQ(res.error().sqlite_code, 0);
}

TEST_F(reader_test, finds_a_row_whose_rep_is_another_group) {
  auto db = connection::open({.path = folder / "store.db"});
  ASSERT_TRUE(db);
  statement update{*db, "UPDATE log SET rec = ? WHERE pos = 1"};
  std::vector<position> wanted{1};
  auto good = store->records(wanted, much);
  ASSERT_TRUE(good);
  auto bytes = (*good)[0].span();
  byte_vector bad{bytes.begin(), bytes.end()};
  record::stamp_rep(bad, 7);
  ASSERT_TRUE(update.bind(byte_span{bad}).run());
  auto res = store->records(wanted, much);
  ASSERT_FALSE(res);
  EXPECT_EQ(res.error().what, fault::corrupt);
}

// -- the actor ----------------------------------------------------------------

TEST_F(reader_test, answers_with_the_messages_of_a_channel) {
  auto res = ask({1, 77, 3});
  ASSERT_TRUE(res);
  EXPECT_EQ(res->last_seq, 9U);
  ASSERT_EQ(res->messages.size(), 2U);
  EXPECT_EQ(res->messages[0].body.payload, "a");
  EXPECT_EQ(res->messages[0].body.from_uid, "u");
  EXPECT_EQ(res->messages[0].log_time, 1'700'000'000'000U);
  EXPECT_EQ(res->messages[1].seq, 3U);
  EXPECT_EQ(res->messages[1].body.payload, "c");
  EXPECT_EQ(counters->value(counter::history_reads), 1U);
}

TEST_F(reader_test, refuses_a_row_of_another_channel) {
  auto res = ask({1}, {2, "other"});
  ASSERT_FALSE(res);
  EXPECT_EQ(res.error(), errc::corrupt);
  res = ask({1}, {1, "g"});
  ASSERT_FALSE(res);
  EXPECT_EQ(res.error(), errc::corrupt);
}

TEST_F(reader_test, answers_corrupt_for_a_damaged_row_and_lives_on) {
  damage(1);
  auto res = ask({1});
  ASSERT_FALSE(res);
  EXPECT_EQ(res.error(), errc::corrupt);
  EXPECT_EQ(failures, 0);
  EXPECT_TRUE(ask({2}));
}

TEST_F(reader_test, calls_the_node_when_the_disk_failed) {
  auto db = connection::open({.path = folder / "store.db"});
  ASSERT_TRUE(db);
  ASSERT_TRUE(db->run("DROP TABLE log"));
  auto res = ask({1});
  ASSERT_FALSE(res);
  EXPECT_EQ(res.error(), errc::disk_failed);
  EXPECT_EQ(failures, 1);
}

} // namespace jindou::storage
