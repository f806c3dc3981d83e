#include "tests/support/temp_folder.hpp"
#include "tests/unit/node/small_node.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace jindou {

namespace {

using test::message;
using test::small_node;

constexpr std::size_t channels = 100;
constexpr std::size_t messages = 100; // per channel

channel_key channel(std::size_t i) {
  return {channel_type::group, "room" + std::to_string(i)};
}

std::string payload_of(std::size_t i, std::size_t k) {
  return "text " + std::to_string(k) + " of " + std::to_string(i);
}

/// Appends messages `first` to `last` (not included) of every channel, in
/// batches, many of them under way at a time.
class replica_test : public ::testing::Test {
protected:
  test::temp_folder folder;

  using answers = std::vector<std::future<result<test::outcomes>>>;

  answers append(small_node& to, std::size_t first, std::size_t last) {
    constexpr std::size_t batch = 10;
    answers res;
    for (auto k = first; k < last; k += batch)
      for (std::size_t i = 0; i < channels; ++i) {
        std::vector<std::string> texts;
        std::vector<command::any> commands;
        texts.reserve(2 * batch); // views point into it
        for (auto m = k; m < k + batch; ++m) {
          texts.push_back("n" + std::to_string(m));
          texts.push_back(payload_of(i, m));
          auto id = i * 1'000'000 + m;
          keys_.push_back(std::make_unique<channel_key>(channel(i)));
          commands.push_back(message(id, *keys_.back(), "ann",
                                     texts[texts.size() - 2], texts.back()));
        }
        res.push_back(to.propose(channel(i), commands));
      }
    return res;
  }

  static void expect_all(small_node& from, std::size_t n) {
    for (std::size_t i = 0; i < channels; ++i) {
      auto got = from.read(channel(i));
      ASSERT_TRUE(got);
      ASSERT_EQ(got->last_seq, n);
      ASSERT_EQ(got->messages.size(), n);
      for (std::size_t k = 1; k <= n; ++k) {
        const auto& x = got->messages[k - 1];
        ASSERT_EQ(x.seq, k);
        ASSERT_EQ(x.body.message_id, i * 1'000'000 + k);
        ASSERT_EQ(x.body.payload, payload_of(i, k));
      }
    }
  }

private:
  std::vector<std::unique_ptr<channel_key>> keys_;
};

} // namespace

TEST_F(replica_test, gives_every_channel_its_own_dense_sequence) {
  small_node node{folder.path()};
  std::map<std::uint64_t, message_seq> seqs;
  for (auto& x : append(node, 1, messages + 1)) {
    auto got = x.get();
    ASSERT_TRUE(got);
    for (const auto& r : *got) {
      EXPECT_EQ(r.error, errc::none);
      EXPECT_EQ(r.seq, r.message_id % 1'000'000);
      EXPECT_TRUE(seqs.emplace(r.message_id, r.seq).second);
    }
  }
  EXPECT_EQ(seqs.size(), channels * messages);
  expect_all(node, messages);
}

TEST_F(replica_test, finds_the_same_state_after_an_ordered_end) {
  {
    small_node node{folder.path()};
    for (auto& x : append(node, 1, 21))
      ASSERT_TRUE(x.get());
  }
  small_node again{folder.path()};
  EXPECT_FALSE(again.report().created);
  expect_all(again, 20);
  for (auto& x : append(again, 21, 31))
    ASSERT_TRUE(x.get());
  expect_all(again, 30);
}

TEST_F(replica_test, loses_nothing_answered_when_it_is_killed) {
  std::size_t durable = 0;
  for (std::size_t round = 0; round < 3; ++round) {
    small_node node{folder.path()};
    expect_all(node, durable);
    for (auto& x : append(node, durable + 1, durable + 11))
      ASSERT_TRUE(x.get());
    durable += 10;
    node.kill();
  }
  small_node last{folder.path()};
  expect_all(last, durable);
}

TEST_F(replica_test, answers_everything_when_it_ends_half_way) {
  answers under_way;
  std::map<std::uint64_t, message_seq> answered;
  {
    small_node node{folder.path()};
    under_way = append(node, 1, 101);
    under_way.front().wait();
    node.stop(); // what is under way ends, what comes later is refused
  }
  std::size_t kept = 0;
  for (auto& x : under_way)
    if (auto got = x.get(); got) {
      ++kept;
      for (const auto& r : *got)
        answered[r.message_id] = r.seq;
    }
  EXPECT_GT(kept, 0u);
  small_node again{folder.path()};
  for (std::size_t i = 0; i < channels; ++i) {
    auto got = again.read(channel(i));
    ASSERT_TRUE(got);
    for (const auto& x : got->messages) {
      EXPECT_EQ(x.body.message_id, i * 1'000'000 + x.seq);
      answered.erase(x.body.message_id);
    }
  }
  EXPECT_TRUE(answered.empty());
}

TEST_F(replica_test, answers_a_repeat_with_the_first_place_after_a_restart) {
  channel_key room{channel_type::group, "room"};
  {
    small_node node{folder.path()};
    auto first = node.propose(room, {message(7, room, "ann", "n1", "hi")});
    ASSERT_EQ(first.get()->front().seq, 1u);
    node.kill();
  }
  small_node again{folder.path()};
  auto repeat = again.propose(room, {message(8, room, "ann", "n1", "hi")});
  auto got = repeat.get();
  ASSERT_TRUE(got);
  EXPECT_TRUE(got->front().duplicate);
  EXPECT_EQ(got->front().message_id, 7u);
  EXPECT_EQ(got->front().seq, 1u);
}

} // namespace jindou
