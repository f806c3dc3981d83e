#include "messages/hash.hpp"
#include "messages/little_endian.hpp"
#include "storage/apply.hpp"
#include "storage/memory_tables.hpp"
#include "tests/support/entry_maker.hpp"

#include <gtest/gtest.h>

namespace jindou::storage {

namespace {

using command::applied;
using command::list;

class apply_test : public testing::Test {
protected:
  applied run(byte_vector rec) {
    auto pos = next_pos_++;
    state.keep(pos, rec);
    changed.clear();
    auto res = apply(state, rec, pos, changed);
    EXPECT_TRUE(res);
    return res ? *res : applied{};
  }

  applied run(const command::any& x) {
    return run(make(x));
  }

  applied send(std::string_view from, std::string_view number,
               std::string_view payload = "hello",
               std::string_view channel = "g1", std::uint16_t flags = 0) {
    command::append_message x;
    x.message_id = next_id_++;
    x.channel_type = channel_type::group;
    x.channel_id = channel;
    x.from_uid = from;
    x.client_msg_no = number;
    x.payload = payload;
    x.flags = flags;
    return run(x);
  }

  channel* find(const char* id, std::uint8_t type = channel_type::group) {
    return *state.find(type, id);
  }

  std::vector<std::string> uids(const char* id, list which = list::subscriber,
                                std::uint8_t type = channel_type::group) {
    return *state.list(find(id, type)->row.chan_no, which);
  }

  command::conversation_put conversation(message_seq read_to,
                                         command::conversation_put::mode how) {
    command::conversation_put x;
    x.uid = "u1";
    x.channel = key;
    x.read_to = read_to;
    x.how = how;
    return x;
  }

  const channel_key key{channel_type::group, "g1"};
  memory_tables state{{}, {}};
  test::entry_maker make;
  std::vector<slot_id> changed;

private:
  position next_pos_ = 100;
  message_id next_id_ = 1'000;
};

} // namespace

// -- messages -----------------------------------------------------------------

TEST_F(apply_test, numbers_messages_of_a_channel_from_1_without_a_gap) {
  for (message_seq seq = 1; seq <= 200; ++seq) {
    auto res = send("a", "n" + std::to_string(seq));
    EXPECT_EQ(res.seq, seq);
    EXPECT_EQ(res.error, errc::none);
    EXPECT_EQ(res.message_id, 999 + seq);
    if (seq % 3 == 0)
      run(make.other(record::kind::noop));
    if (seq % 5 == 0)
      run(command::channel_put{key, 0, false});
  }
}

TEST_F(apply_test, counts_channels_apart_and_numbers_them_by_first_use) {
  EXPECT_EQ(send("a", "1", "x", "g1").chan_no, 1U);
  EXPECT_EQ(send("a", "1", "x", "g2").chan_no, 2U);
  EXPECT_EQ(send("a", "2", "x", "g2").seq, 2U);
  EXPECT_EQ(send("a", "2", "x", "g1").seq, 2U);
  EXPECT_EQ(state.mark().next_chan, 3U);
}

TEST_F(apply_test, answers_a_repeat_with_the_first_id_and_seq) {
  auto first = send("a", "n1");
  send("a", "n2");
  auto again = send("a", "n1");
  EXPECT_TRUE(again.duplicate);
  EXPECT_FALSE(again.payload_differs);
  EXPECT_EQ(again.message_id, first.message_id);
  EXPECT_EQ(again.seq, first.seq);
  EXPECT_EQ(again.chan_no, first.chan_no);
  EXPECT_EQ(send("a", "n3").seq, 3U);
}

TEST_F(apply_test, marks_a_repeat_with_another_payload) {
  send("a", "n1", "hello");
  auto again = send("a", "n1", "other");
  EXPECT_TRUE(again.duplicate);
  EXPECT_TRUE(again.payload_differs);
  EXPECT_EQ(again.seq, 1U);
}

TEST_F(apply_test, tells_senders_and_channels_apart) {
  send("a", "n1");
  EXPECT_FALSE(send("b", "n1").duplicate);
  EXPECT_FALSE(send("a", "n1", "hello", "g2").duplicate);
  EXPECT_TRUE(send("b", "n1").duplicate);
}

TEST_F(apply_test, stored_a_repeat_when_nine_senders_shared_a_number) {
  for (int i = 1; i <= 9; ++i)
    EXPECT_FALSE(send("u" + std::to_string(i), "n1").duplicate);
  auto again = send("u1", "n1");
  EXPECT_TRUE(again.duplicate);
  EXPECT_EQ(again.seq, 1U);
  EXPECT_EQ(find("g1")->head.last_seq, 9U);
}

TEST_F(apply_test, takes_no_other_message_of_the_same_hash_for_a_repeat) {
  send("b", "n2");
  auto hash = hash_of_sent_number(hash_of_number(key.type, key.id, "n1"), "a");
  auto now = static_cast<std::uint32_t>(make.head().log_time / 1'000);
  state.ring().add({hash, now, 1});
  EXPECT_FALSE(send("a", "n1").duplicate);
}

TEST_F(apply_test, finds_a_record_whose_hash_lacks_the_sender) {
  send("a", "n1", "hello", "g1", command::append_flags::no_duplicate_check);
  auto now = static_cast<std::uint32_t>(make.head().log_time / 1'000);
  state.ring().add({hash_of_number(key.type, key.id, "n1"), now, 1});
  state.ring().mark_former();
  EXPECT_FALSE(send("b", "n1").duplicate);
  auto again = send("a", "n1");
  EXPECT_TRUE(again.duplicate);
  EXPECT_EQ(again.seq, 1U);
}

TEST_F(apply_test, never_takes_messages_without_a_number_for_repeats) {
  EXPECT_FALSE(send("a", "").duplicate);
  EXPECT_FALSE(send("a", "").duplicate);
  EXPECT_EQ(state.ring().size(), 0U);
}

TEST_F(apply_test, checks_nothing_if_the_flag_says_so) {
  using namespace command::append_flags;
  send("a", "n1");
  auto again = send("a", "n1", "hello", "g1", no_duplicate_check);
  EXPECT_FALSE(again.duplicate);
  EXPECT_EQ(again.seq, 2U);
  EXPECT_EQ(state.ring().size(), 1U);
}

TEST_F(apply_test, forgets_a_number_after_three_days_of_log_time) {
  send("a", "n1");
  make.head().log_time += 3 * 24 * 3'600 * 1'000ULL;
  EXPECT_TRUE(send("a", "n1").duplicate);
  make.head().log_time += 1'000;
  EXPECT_FALSE(send("a", "n1").duplicate);
}

TEST_F(apply_test, finds_a_channel_by_its_number) {
  command::append_message x;
  x.chan_no = send("a", "n1").chan_no;
  x.channel_type = channel_type::group;
  x.from_uid = "a";
  x.client_msg_no = "n1";
  EXPECT_TRUE(run(x).duplicate);
  x.client_msg_no = "n2";
  EXPECT_EQ(run(x).seq, 2U);
}

TEST_F(apply_test, refuses_a_number_that_no_channel_has) {
  command::append_message x;
  x.chan_no = 7;
  x.channel_type = channel_type::group;
  EXPECT_EQ(run(x).error, errc::corrupt);
  EXPECT_EQ(state.mark().next_chan, 1U);
}

TEST_F(apply_test, stops_at_the_last_seq_that_has_a_key) {
  send("a", "n1");
  find("g1")->head.last_seq = seq_max;
  EXPECT_EQ(send("a", "n2").error, errc::unavailable);
}

TEST_F(apply_test, stops_at_the_last_channel_that_has_a_key) {
  state.mark().next_chan = chan_no_max + 1;
  EXPECT_EQ(send("a", "n1").error, errc::unavailable);
  EXPECT_EQ(run(command::channel_put{key, 0, false}).error, errc::unavailable);
}

TEST_F(apply_test, notes_in_the_log_block_which_entries_stored_a_message) {
  send("a", "n1");
  send("a", "n1");
  run(make.other(record::kind::noop));
  send("a", "n2");
  std::vector<std::uint16_t> hints;
  for (auto& x : state.places(0))
    hints.push_back(x.hint);
  EXPECT_EQ(hints, (std::vector<std::uint16_t>{0, 1, 0, 0, 2}));
}

TEST_F(apply_test, stops_the_process_at_an_entry_applied_twice) {
  auto rec = make(command::user_put{"u1", ""});
  run(rec);
  EXPECT_DEATH(static_cast<void>(apply(state, rec, 7, changed)), "index");
}

TEST_F(apply_test, stops_the_process_at_a_gap) {
  make.head().index = 5;
  auto rec = make(command::user_put{"u1", ""});
  EXPECT_DEATH(static_cast<void>(apply(state, rec, 7, changed)), "index");
}

TEST_F(apply_test, refuses_a_command_that_cannot_be_read) {
  auto rec = make(command::user_put{"u1", ""});
  rec.push_back(std::byte{0});
  EXPECT_EQ(run(rec).error, errc::corrupt);
  EXPECT_EQ(state.mark().applied, 2U);
}

// -- channels and lists -------------------------------------------------------

TEST_F(apply_test, makes_a_record_only_by_a_record_command) {
  using namespace command::channel_flags;
  send("a", "n1");
  EXPECT_EQ(find("g1")->row.flags, 0U);
  run(command::channel_put{key, large, false});
  EXPECT_EQ(find("g1")->row.flags, large | exists);
  EXPECT_EQ(run(command::channel_put{key, ban, true}).changed, 0U);
  EXPECT_EQ(find("g1")->row.flags, large | exists);
  EXPECT_EQ(run(command::channel_put{key, ban, false}).changed, 1U);
  EXPECT_EQ(find("g1")->row.flags, ban | exists);
}

TEST_F(apply_test, disbands_only_what_has_a_record) {
  using namespace command::channel_flags;
  EXPECT_EQ(run(command::channel_disband{key}).changed, 0U);
  EXPECT_EQ(find("g1"), nullptr);
  run(command::members_add{key, list::deny, false, {"a"}});
  EXPECT_EQ(run(command::channel_disband{key}).changed, 0U);
  run(command::channel_put{key, 0, false});
  EXPECT_EQ(run(command::channel_disband{key}).changed, 1U);
  EXPECT_EQ(find("g1")->row.flags, disband | exists);
}

TEST_F(apply_test, counts_what_a_list_command_changed) {
  using names = std::vector<std::string>;
  EXPECT_EQ(
    run(command::members_add{key, list::subscriber, false, {"b", "a"}}).changed,
    2U);
  EXPECT_EQ(
    run(command::members_add{key, list::subscriber, false, {"a", "c", "c"}})
      .changed,
    1U);
  EXPECT_EQ(uids("g1"), (names{"a", "b", "c"}));
  EXPECT_EQ(
    run(command::members_remove{key, list::subscriber, {"a", "x"}}).changed,
    1U);
  EXPECT_EQ(find("g1")->row.counts[0], 2U);
  EXPECT_EQ(
    run(command::members_add{key, list::subscriber, true, {"z"}}).changed, 3U);
  EXPECT_EQ(uids("g1"), (names{"z"}));
  EXPECT_EQ(run(command::members_clear{key, list::subscriber}).changed, 1U);
  EXPECT_EQ(uids("g1"), names{});
  EXPECT_EQ(find("g1")->row.list_version, 5U);
}

TEST_F(apply_test, keeps_the_three_lists_apart) {
  run(command::members_add{key, list::deny, false, {"a"}});
  run(command::members_add{key, list::allow, false, {"b"}});
  run(command::members_clear{key, list::subscriber});
  EXPECT_EQ(uids("g1", list::deny), (std::vector<std::string>{"a"}));
  EXPECT_EQ(uids("g1", list::allow), (std::vector<std::string>{"b"}));
}

TEST_F(apply_test, makes_no_channel_by_taking_away) {
  run(command::members_remove{key, list::deny, {"a"}});
  run(command::members_clear{key, list::deny});
  EXPECT_EQ(state.mark().next_chan, 1U);
}

TEST_F(apply_test, names_the_slots_whose_views_changed) {
  using slots = std::vector<slot_id>;
  run(command::members_add{key, list::deny, false, {"a"}});
  EXPECT_EQ(changed, (slots{slot_of(hash_of_channel(2, "g1"))}));
  run(command::members_add{key, list::deny, false, {"a"}});
  EXPECT_EQ(changed, slots{});
  run(command::channel_put{{channel_type::person, "u1"}, 0, false});
  EXPECT_EQ(changed, (slots{slot_of(hash_of_channel(1, "u1")),
                            slot_of(hash_of_user("u1"))}));
  run(command::user_put{"u2", ""});
  EXPECT_EQ(changed, (slots{slot_of(hash_of_user("u2"))}));
}

// -- users and what belongs to them -------------------------------------------

TEST_F(apply_test, makes_a_user_once) {
  run(command::user_put{"u1", "p1"});
  EXPECT_EQ(run(command::user_put{"u1", "p2"}).changed, 0U);
  EXPECT_EQ((*state.user("u1"))->plugin_no, "p1");
}

TEST_F(apply_test, makes_the_user_of_a_device) {
  run(command::device_put{"u1", 1, device_level::master, "t1"});
  run(command::device_put{"u1", 1, device_level::slave, "t2"});
  EXPECT_TRUE((*state.user("u1")).has_value());
  EXPECT_EQ((*state.device("u1", 1))->token, "t2");
  EXPECT_EQ((*state.device("u1", 1))->level, device_level::slave);
  EXPECT_FALSE((*state.device("u1", 2)).has_value());
}

TEST_F(apply_test, treats_a_conversation_as_its_mode_says) {
  using mode = command::conversation_put::mode;
  auto read_to = [&] { return (*state.conversation("u1", key))->read_to; };
  EXPECT_EQ(run(conversation(5, mode::if_missing)).changed, 1U);
  EXPECT_EQ(run(conversation(9, mode::if_missing)).changed, 0U);
  EXPECT_EQ(read_to(), 5U);
  EXPECT_EQ(run(conversation(3, mode::raise)).changed, 0U);
  EXPECT_EQ(run(conversation(7, mode::raise)).changed, 1U);
  EXPECT_EQ(read_to(), 7U);
  run(conversation(2, mode::overwrite));
  EXPECT_EQ(read_to(), 2U);
  EXPECT_EQ(run(command::conversation_drop{"u1", key}).changed, 1U);
  EXPECT_EQ(run(command::conversation_drop{"u1", key}).changed, 0U);
  EXPECT_FALSE((*state.conversation("u1", key)).has_value());
}

TEST_F(apply_test, refuses_empty_names) {
  EXPECT_EQ(run(command::user_put{}).error, errc::invalid_argument);
  EXPECT_EQ(run(command::device_put{}).error, errc::invalid_argument);
  EXPECT_EQ(run(command::channel_put{}).error, errc::invalid_argument);
  EXPECT_EQ(run(command::members_add{}).error, errc::invalid_argument);
  EXPECT_EQ(run(command::conversation_put{}).error, errc::invalid_argument);
  EXPECT_EQ(run(command::control_put{}).error, errc::invalid_argument);
  EXPECT_EQ(run(command::append_message{}).error, errc::invalid_argument);
}

TEST_F(apply_test, keeps_named_values) {
  run(command::control_put{"n", "v1"});
  run(command::control_put{"n", "v2"});
  EXPECT_EQ(*state.control("n"), "v2");
}

// -- the replica's own --------------------------------------------------------

TEST_F(apply_test, keeps_a_digest_over_results) {
  EXPECT_EQ(state.mark().digest, 0U);
  send("a", "n1"); // golden: replicated state
  EXPECT_EQ(state.mark().digest, 6086425408105465769U);
  send("a", "n1");
  EXPECT_EQ(state.mark().digest, 14246756977517335324U);
}

TEST_F(apply_test, remembers_terms_members_and_level) {
  raft::membership members{2, {{7, 1, raft::member_role::voter}}};
  run(make.other(record::kind::membership, encode(members)));
  byte_vector level;
  append_le(level, std::uint32_t{3});
  make.head().term = 9;
  run(make.other(record::kind::feature_level, level));
  EXPECT_EQ(state.mark().members, members);
  EXPECT_EQ(state.mark().feature_level, 3U);
  EXPECT_EQ(state.mark().terms, (std::vector<raft::term_run>{{2, 2}, {3, 9}}));
  EXPECT_EQ(state.mark().applied_term, 9U);
}

} // namespace jindou::storage
