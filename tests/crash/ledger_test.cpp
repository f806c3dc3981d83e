#include "tests/crash/ledger.hpp"

#include <gtest/gtest.h>

namespace jindou::crash {

namespace {

/// A ledger that must find each kind of fault.
class ledger_test : public ::testing::Test {
protected:
  ledger aut;

  void send(const std::string& id, const std::string& from = "ann") {
    auto payload = make_payload(id, 10);
    aut.sent({id, "room", from, "n-" + id, hash_of_payload(payload)});
  }

  static stored_message stored(std::uint64_t seq, const std::string& id,
                               const std::string& from = "ann") {
    auto payload = make_payload(id, 10);
    return {seq,       static_cast<std::int64_t>(seq * 10),
            id,        from,
            "n-" + id, hash_of_payload(payload)};
  }

  bool complains_about(std::string_view words) const {
    for (const auto& x : aut.complaints())
      if (x.find(words) != std::string::npos)
        return true;
    return false;
  }
};

} // namespace

TEST_F(ledger_test, is_content_with_what_was_sent_and_more_than_acknowledged) {
  for (auto id : {"a", "b", "c"})
    send(id);
  aut.acknowledged("a", {10, 1});
  aut.read_back("room", 1, {stored(1, "a"), stored(2, "b")});
  EXPECT_EQ(aut.faults(), 0u);
  EXPECT_EQ(aut.seen("room"), 2u);
  aut.acknowledged("b", {20, 2}); // a repeat is answered later
  aut.read_back("room", 2, {stored(2, "b"), stored(3, "c")});
  EXPECT_EQ(aut.faults(), 0u);
}

TEST_F(ledger_test, finds_a_lost_message) {
  send("a");
  send("b");
  aut.acknowledged("a", {10, 1});
  aut.acknowledged("b", {20, 2});
  aut.read_back("room", 1, {stored(1, "a")});
  EXPECT_TRUE(complains_about("b, acknowledged as room seq 2, is lost"));
}

TEST_F(ledger_test, finds_a_hole) {
  send("a");
  send("b");
  aut.read_back("room", 1, {stored(1, "a"), stored(3, "b")});
  EXPECT_TRUE(complains_about("seq 2 is missing"));
}

TEST_F(ledger_test, finds_a_message_that_was_there_before) {
  send("a");
  aut.read_back("room", 1, {stored(1, "a")});
  aut.read_back("room", 1, {});
  EXPECT_TRUE(complains_about("was there once and is gone"));
}

TEST_F(ledger_test, finds_a_place_that_changed) {
  send("a");
  send("b", "bob");
  aut.read_back("room", 1, {stored(1, "a")});
  aut.read_back("room", 1, {stored(1, "b", "bob")});
  EXPECT_TRUE(complains_about("has changed"));
}

TEST_F(ledger_test, finds_a_duplicate) {
  send("a");
  aut.read_back("room", 1, {stored(1, "a"), stored(2, "a")});
  EXPECT_TRUE(complains_about("stored twice"));
}

TEST_F(ledger_test, finds_another_payload) {
  send("a");
  auto wrong = stored(1, "a");
  wrong.payload_hash ^= 1;
  aut.read_back("room", 1, {wrong});
  EXPECT_TRUE(complains_about("another payload"));
}

TEST_F(ledger_test, finds_a_place_that_differs_from_the_acknowledged_one) {
  send("a");
  send("b", "bob");
  aut.acknowledged("a", {20, 2});
  aut.read_back("room", 1, {stored(1, "a"), stored(2, "b", "bob")});
  EXPECT_TRUE(complains_about("is not what a was acknowledged with"));
  EXPECT_TRUE(complains_about("was acknowledged to a"));
}

TEST_F(ledger_test, finds_two_acknowledgements_that_differ) {
  send("a");
  aut.acknowledged("a", {10, 1});
  aut.acknowledged("a", {10, 2});
  EXPECT_TRUE(complains_about("two places"));
}

TEST_F(ledger_test, finds_one_place_given_twice) {
  send("a");
  send("b");
  aut.acknowledged("a", {10, 1});
  aut.acknowledged("b", {11, 1});
  EXPECT_TRUE(complains_about("same place"));
}

TEST_F(ledger_test, finds_a_sender_whose_messages_changed_places) {
  send("a");
  send("b");
  aut.read_back("room", 1, {stored(1, "b"), stored(2, "a")});
  EXPECT_TRUE(complains_about("overtakes"));
}

TEST_F(ledger_test, excuses_the_order_of_what_was_refused_once) {
  send("a");
  send("b");
  aut.excused("a");
  aut.read_back("room", 1, {stored(1, "b"), stored(2, "a")});
  EXPECT_EQ(aut.faults(), 0u);
}

TEST_F(ledger_test, finds_what_nobody_sent) {
  aut.read_back("room", 1, {stored(1, "x")});
  EXPECT_TRUE(complains_about("nobody sent"));
}

TEST_F(ledger_test, finds_message_ids_that_do_not_rise) {
  send("a");
  send("b");
  auto second = stored(2, "b");
  second.message_id = 5;
  aut.read_back("room", 1, {stored(1, "a"), second});
  EXPECT_TRUE(complains_about("does not rise"));
}

TEST_F(ledger_test, keeps_the_id_in_the_payload) {
  auto payload = make_payload("c1-5", 100);
  EXPECT_EQ(payload.size(), 105u);
  EXPECT_EQ(id_of_payload(payload), "c1-5");
  EXPECT_EQ(id_of_payload("none"), "");
}

} // namespace jindou::crash
