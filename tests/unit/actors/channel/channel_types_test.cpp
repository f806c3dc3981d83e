// Who may send what where, who receives it and what is stored: the rules of
// every type of channel, as sentences.

#include "tests/unit/actors/channel/channel_fixture.hpp"

#include <deque>
#include <set>

using namespace jindou;
using namespace jindou::actors;

namespace flags = command::channel_flags;

namespace {

using uids = std::vector<std::string>;

constexpr auto online_command
  = std::string_view{well_known::online_command_channel};

/// Types in which subscribers write and everybody else does not.
constexpr std::uint8_t types_of_members[] = {
  channel_type::group,
  channel_type::community,
  channel_type::community_topic,
  channel_type::data,
  channel_type::temp,
  channel_type::live,
  channel_type::agent_group,
};

/// Types whose own record stops nobody.
constexpr std::uint8_t types_without_ban[] = {
  channel_type::info,
  channel_type::customer_service,
  channel_type::visitors,
  channel_type::agent,
};

/// A name of its own for each type.
std::string name(std::uint8_t type) {
  return "c" + std::to_string(type);
}

} // namespace

class channel_types_test : public test::channel_fixture {
protected:
  /// What one message of `from` came to.
  submit_item one(const std::string& from, const channel_key& to,
                  bool over_http = false, bool no_persist = false) {
    pushes.clear();
    auto text = "m" + std::to_string(++numbers);
    texts.push_back(std::move(text));
    return settled(
             send(from, to, {message(texts.back(), no_persist)}, over_http))
      ->items[0];
  }

  errc verdict(const std::string& from, const channel_key& to,
               bool over_http = false) {
    return one(from, to, over_http).verdict;
  }

  /// A channel with members m, n and d, of whom d is denied.
  channel_key make(std::uint8_t type, std::string id,
                   std::uint32_t with_flags = 0) {
    channel_key key{type, std::move(id)};
    auto& x = script->channels[key];
    x.flags = flags::exists | with_flags;
    x.subscribers = {"d", "m", "n"};
    x.denied = {"d"};
    return key;
  }

  /// The conversations that were proposed, as "uid read_to", sorted.
  std::multiset<std::string> conversations() const {
    std::multiset<std::string> res;
    for (auto& x : script->proposals) {
      auto cmd = command::decode({x->block->data(), x->ends.front()});
      if (!cmd)
        continue;
      if (auto* put = std::get_if<command::conversation_put>(&*cmd))
        res.insert(put->uid + ' ' + std::to_string(put->read_to));
    }
    return res;
  }

  std::deque<std::string> texts;
  int numbers = 0;
};

// -- channels of members ------------------------------------------------------

TEST_F(channel_types_test, lets_members_write_and_no_one_else) {
  for (auto type : types_of_members) {
    SCOPED_TRACE(int{type});
    auto key = make(type, name(type));
    auto sent = one("m", key);
    EXPECT_EQ(sent.verdict, errc::none);
    EXPECT_EQ(sent.seq, 1u);
    EXPECT_EQ(pushed_uids(), (uids{"d", "m", "n"}))
      << "the sender's other sessions and denied members receive";
    EXPECT_EQ(verdict("x", key), errc::not_subscribed);
    EXPECT_TRUE(pushes.empty());
    EXPECT_EQ(verdict("d", key), errc::denied) << "though a member";
    EXPECT_EQ(verdict("x", key, true), errc::none) << "over HTTP";
    EXPECT_EQ(verdict("____system", key), errc::none);
    EXPECT_EQ(verdict("m", {type, "never made"}), errc::not_subscribed);
  }
}

TEST_F(channel_types_test, lets_only_the_allow_list_write_if_there_is_one) {
  for (auto type : types_of_members) {
    SCOPED_TRACE(int{type});
    auto key = make(type, name(type));
    script->channels[key].allowed = {"n", "x"};
    EXPECT_EQ(verdict("m", key), errc::not_allowed);
    EXPECT_EQ(verdict("n", key), errc::none);
    EXPECT_EQ(verdict("x", key), errc::not_subscribed) << "no member";
    EXPECT_EQ(verdict("m", key, true), errc::none) << "over HTTP";
  }
}

TEST_F(channel_types_test, stops_everybody_in_a_banned_or_disbanded_channel) {
  for (auto type : types_of_members) {
    SCOPED_TRACE(int{type});
    auto banned = make(type, "banned", flags::ban | flags::disband);
    auto disbanded = make(type, "disbanded", flags::disband);
    for (auto over_http : {false, true}) {
      EXPECT_EQ(verdict("m", banned, over_http), errc::banned);
      EXPECT_EQ(verdict("m", disbanded, over_http), errc::disbanded);
      EXPECT_EQ(verdict("____system", banned, over_http), errc::banned);
    }
  }
  EXPECT_TRUE(script->proposals.empty());
}

TEST_F(channel_types_test, does_not_mind_the_other_flags_of_a_record) {
  for (auto type : types_of_members)
    EXPECT_EQ(verdict("m", make(type, name(type),
                                flags::large | flags::send_ban
                                  | flags::allow_stranger)),
              errc::none)
      << int{type};
}

TEST_F(channel_types_test, asks_no_record_of_service_channels) {
  for (auto type : types_without_ban) {
    SCOPED_TRACE(int{type});
    auto key = make(type, type == channel_type::agent ? "m@bot" : "m",
                    flags::ban | flags::disband);
    EXPECT_EQ(verdict("m", key), errc::none);
    EXPECT_EQ(verdict("m", key, true), errc::none);
  }
}

// -- the types with rules of their own ----------------------------------------

TEST_F(channel_types_test, person_channels_ask_the_lists_of_the_other) {
  channel_key ab{channel_type::person, person_channel_id("a", "b")};
  EXPECT_EQ(verdict("a", ab), errc::none) << "nobody needs to be known";
  EXPECT_EQ(pushed_uids(), (uids{"a", "b"}));
  script->persons[{"b", "a"}].denied = true;
  slots->versions->raise(slot_of(hash_of_channel(1, "b")));
  EXPECT_EQ(verdict("a", ab), errc::denied);
  EXPECT_EQ(verdict("b", ab), errc::none) << "it is no wall";
  EXPECT_EQ(verdict("a", ab, true), errc::none) << "over HTTP";
}

TEST_F(channel_types_test, person_channels_obey_their_own_record_only) {
  channel_key ab{channel_type::person, person_channel_id("a", "b")};
  script->channels[{1, "b"}].flags = flags::exists | flags::ban;
  EXPECT_EQ(verdict("a", ab), errc::none) << "that stops b from logging in";
  channel_key ac{channel_type::person, person_channel_id("a", "c")};
  script->channels[ac].flags = flags::exists | flags::ban;
  EXPECT_EQ(verdict("a", ac), errc::banned);
}

TEST_F(channel_types_test, person_channels_need_the_allow_list_when_it_is_on) {
  shared->allow_list_off = false;
  channel_key ab{channel_type::person, person_channel_id("a", "b")};
  EXPECT_EQ(verdict("a", ab), errc::not_allowed);
  script->persons[{"b", "a"}].allowed = true;
  slots->versions->raise(slot_of(hash_of_channel(1, "b")));
  EXPECT_EQ(verdict("a", ab), errc::none);
  channel_key to_system{channel_type::person,
                        person_channel_id("a", "____system")};
  EXPECT_EQ(verdict("a", to_system), errc::none) << "it hears everybody";
  EXPECT_EQ(verdict("____system", to_system), errc::none);
}

TEST_F(channel_types_test, person_channels_with_oneself_have_one_receiver) {
  channel_key aa{channel_type::person, person_channel_id("a", "a")};
  EXPECT_EQ(verdict("a", aa), errc::none);
  EXPECT_EQ(pushed_uids(), uids{"a"});
}

TEST_F(channel_types_test, info_channels_take_from_everybody) {
  auto key = make(channel_type::info, "c");
  for (auto* from : {"m", "x", "d"})
    EXPECT_EQ(verdict(from, key), errc::none) << from;
  EXPECT_EQ(pushed_uids(), (uids{"d", "m", "n"}));
}

TEST_F(channel_types_test, customer_service_reaches_the_visitor_too) {
  auto key = make(channel_type::customer_service, "v|shop|2");
  for (auto* from : {"v", "m", "x", "d"})
    EXPECT_EQ(verdict(from, key), errc::none) << from;
  EXPECT_EQ(pushed_uids(), (uids{"d", "m", "n", "v"}));
  auto own = make(channel_type::customer_service, "m|shop");
  verdict("m", own);
  EXPECT_EQ(pushed_uids(), (uids{"d", "m", "n"})) << "a member: only once";
}

TEST_F(channel_types_test, visitors_write_to_their_own_channel) {
  auto key = make(channel_type::visitors, "v");
  EXPECT_EQ(verdict("v", key), errc::none);
  EXPECT_EQ(pushed_uids(), (uids{"d", "m", "n", "v"}));
  EXPECT_EQ(verdict("m", key), errc::none) << "a member answers";
  EXPECT_EQ(verdict("d", key), errc::denied);
  EXPECT_EQ(verdict("w", key), errc::not_subscribed) << "another visitor";
  channel_key never{channel_type::visitors, "fresh"};
  EXPECT_EQ(verdict("fresh", never), errc::none) << "before it was made";
  EXPECT_EQ(pushed_uids(), uids{"fresh"});
}

TEST_F(channel_types_test, agent_channels_have_two_ends) {
  auto key = make(channel_type::agent, "u@bot");
  EXPECT_EQ(verdict("u", key), errc::none);
  EXPECT_EQ(pushed_uids(), (uids{"bot", "u"})) << "and no subscribers";
  EXPECT_EQ(verdict("bot", key), errc::none);
  EXPECT_EQ(verdict("x", key), errc::not_subscribed);
  EXPECT_EQ(verdict("m", key), errc::none) << "a subscriber may write";
  channel_key cmd{channel_type::agent, command_channel_id("u@bot")};
  EXPECT_EQ(verdict("u", cmd, true), errc::none);
  EXPECT_EQ(pushed_uids(), (uids{"bot", "u"}))
    << "the suffix is no part of a name";
}

// -- commands -----------------------------------------------------------------

TEST_F(channel_types_test, commands_go_to_the_receivers_of_their_channel) {
  struct rule {
    const char* sentence;
    std::uint8_t type;
    std::string id;
    uids receivers;
  };
  const rule rules[] = {
    {"person", 1, person_channel_id("a", "b"), {"a", "b"}},
    {"group", 2, "c2", {"d", "m", "n"}},
    {"customer service", 3, "v|1", {"d", "m", "n", "v"}},
    {"community", 4, "c4", {"d", "m", "n"}},
    {"community topic", 5, "c@t", {"d", "m", "n"}},
    {"info", 6, "c6", {"d", "m", "n"}},
    {"data", 7, "c7", {"d", "m", "n"}},
    {"live", 9, "c9", {"d", "m", "n"}},
    {"visitors", 10, "v", {"d", "m", "n", "v"}},
    {"agent", 11, "u@bot", {"bot", "u"}},
    {"agent group", 12, "c12", {"d", "m", "n"}},
  };
  for (auto& x : rules) {
    SCOPED_TRACE(x.sentence);
    make(x.type, x.id, flags::ban); // does not stop commands
    channel_key cmd{x.type, command_channel_id(x.id)};
    auto sent = one("boss", cmd, true);
    EXPECT_EQ(sent.verdict, errc::none);
    EXPECT_EQ(sent.seq, 1u) << "a channel of its own";
    EXPECT_EQ(pushed_uids(), x.receivers);
  }
  EXPECT_TRUE(conversations().empty());
}

TEST_F(channel_types_test, clients_need_the_same_rights_for_commands) {
  make(channel_type::group, "c");
  channel_key cmd{channel_type::group, command_channel_id("c")};
  EXPECT_EQ(verdict("m", cmd), errc::none);
  EXPECT_EQ(verdict("x", cmd), errc::not_subscribed);
  EXPECT_EQ(verdict("d", cmd), errc::denied);
}

TEST_F(channel_types_test, a_list_of_receivers_comes_before_all_others) {
  for (auto persists : {true, false}) {
    auto id = persists ? temp_channel_id(uids{"y", "z"})
                       : std::string{online_command};
    channel_key key{channel_type::temp, id};
    submit_batch batch;
    batch.channel = key;
    batch.channel_id = id;
    batch.from_uid = "boss";
    batch.system_device = true;
    batch.receivers = std::make_shared<const uids>(uids{"z", "y"});
    batch.items = {message("to a list", !persists)};
    pushes.clear();
    message_seq seq = 99;
    auto done = [&](channel_batch& x, errc) {
      seq = std::get<submit_batch>(x).items[0].seq;
    };
    channels->deliver(directory_key(key),
                      std::make_shared<channel_delivery>(
                        channel_batch{std::move(batch)}, 1, done));
    settle();
    EXPECT_EQ(seq, persists ? 1u : 0u);
    EXPECT_EQ(pushed_uids(), (uids{"y", "z"}));
  }
}

// -- what is stored -----------------------------------------------------------

TEST_F(channel_types_test, every_type_stores_and_numbers_what_may_be_stored) {
  for (std::uint8_t type = 1; type <= 12; ++type) {
    SCOPED_TRACE(int{type});
    auto two_ends = type == channel_type::person || type == channel_type::agent;
    auto key = make(type, two_ends ? "m@" + name(type) : name(type));
    EXPECT_EQ(one("m", key, true).seq, 1u);
    auto passing = one("m", key, true, true);
    EXPECT_EQ(passing.verdict, errc::none);
    EXPECT_EQ(passing.seq, 0u);
    EXPECT_FALSE(pushes.empty());
    EXPECT_EQ(one("m", key, true).seq, 2u);
  }
}

TEST_F(channel_types_test, the_first_message_makes_conversations_of_two_types) {
  for (std::uint8_t type = 2; type <= 12; ++type)
    if (type != channel_type::customer_service)
      one("m", make(type, type == channel_type::agent ? "m@n" : name(type)),
          true);
  EXPECT_TRUE(conversations().empty()) << "lists make those, or nobody";

  channel_key ab{channel_type::person, person_channel_id("a", "b")};
  one("a", ab, true, true);
  EXPECT_TRUE(conversations().empty()) << "nothing was stored";
  one("a", ab);
  EXPECT_EQ(conversations(), (std::multiset<std::string>{"a 1", "b 0"}));
  one("b", ab);
  EXPECT_EQ(conversations().size(), 2u);

  script->proposals.clear();
  one("v", make(channel_type::customer_service, "v|1"));
  EXPECT_EQ(conversations(),
            (std::multiset<std::string>{"d 0", "m 0", "n 0", "v 1"}));
}

TEST_F(channel_types_test, no_message_makes_a_conversation_that_a_list_makes) {
  channel_key to_system{channel_type::person,
                        person_channel_id("a", "____system")};
  one("a", to_system);
  EXPECT_EQ(conversations(), std::multiset<std::string>{"a 1"});
  script->proposals.clear();
  shared->allow_list_off = false;
  channel_key ab{channel_type::person, person_channel_id("a", "b")};
  script->persons[{"b", "a"}].allowed = true;
  EXPECT_EQ(verdict("a", ab), errc::none);
  EXPECT_TRUE(conversations().empty()) << "the allow list has made them";
}
