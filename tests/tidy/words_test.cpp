#include "tests/tidy/source_tree.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

// Words betray a line in the wrong room.

namespace jindou::tidy {
namespace {

/// Where a rule looks.
enum class place { code, whole_line };

struct word_rule {
  std::string word;
  place where;
  /// Beginnings of paths that may say the word.
  std::vector<std::string> may;
  std::string why;
};

const std::vector<word_rule> rules{
  {"sqlite3_",
   place::code,
   {"storage/sqlite.", "tests/"},
   "only storage/sqlite.* knows SQLite's functions"},
  {"\"SELECT ", place::code, {"storage/", "tests/"}, "only storage knows SQL"},
  {"caf::io::",
   place::code,
   {"cluster/", "apps/", "tests/"},
   "the network between nodes belongs to cluster and the roof"},
  {"boost::",
   place::code,
   {"actors/gateway/", "actors/http/", "apps/", "tests/"},
   "sockets belong to the gateway and to HTTP"},
  {".spawn(",
   place::code,
   {"actors/user/user_directory.", "actors/channel/channel_directory.",
    "actors/push/pusher_pool.", "apps/", "tests/"},
   "only directories, the pusher pool and the roof make actors"},
  {".spawn<",
   place::code,
   {"actors/user/user_directory.", "actors/channel/channel_directory.",
    "actors/push/pusher_pool.", "apps/", "tests/"},
   "only directories, the pusher pool and the roof make actors"},
  {"->spawn(",
   place::code,
   {"actors/user/user_directory.", "actors/channel/channel_directory.",
    "actors/push/pusher_pool.", "apps/", "tests/"},
   "only directories, the pusher pool and the roof make actors"},
  {"->spawn<",
   place::code,
   {"actors/user/user_directory.", "actors/channel/channel_directory.",
    "actors/push/pusher_pool.", "apps/", "tests/"},
   "only directories, the pusher pool and the roof make actors"},
  {"std::mutex",
   place::code,
   {"apps/bench/", "tests/"},
   "actors share no state"},
  {"std::thread",
   place::code,
   {"actors/gateway/io_loop.", "actors/http/http_listener.", "apps/", "tests/"},
   "threads belong to the roof and to the loops of sockets"},
  {"sleep_for",
   place::code,
   {"apps/bench/", "apps/client/", "tests/e2e/", "tests/crash/",
    "tests/support/"},
   "nothing waits for time by sleeping"},
  {"caf/all.hpp", place::code, {}, "it takes two seconds to parse"},
  {"GTEST_SKIP", place::code, {}, "a test that is skipped shows nothing"},
  {"DISABLED_", place::code, {}, "a test that is off shows nothing"},
  {"using namespace std;", place::code, {}, "std keeps its name"},
};

/// One exception to a rule, with its reason; an unused one fails the test.
struct exception {
  std::string path;
  std::string word;
  std::string why;
};

const std::vector<exception> exceptions{
  {"actors/gateway/session_table.hpp", "std::mutex",
   "one table per node, written by users and read by pushers, in shards"},
  {"actors/gateway/client_session.hpp", "std::mutex",
   "users and pushers append to the outbox that the io thread empties"},
  {"actors/gateway/connection_gate.hpp", "std::mutex",
   "io threads count connections together"},
  {"actors/gateway/io_loop.hpp", "std::mutex",
   "users and pushers name sessions that the io thread flushes"},
  {"actors/directory.hpp", "std::mutex",
   "io threads and actors look up actors, in shards"},
  {"actors/rate_limit.hpp", "std::mutex",
   "one bucket per address, which the users behind it take from"},
  {"actors/http/loop_gate.hpp", "std::mutex",
   "answers of actors enter the loop of sockets, which may have gone"},
  {"cluster/coalescing_actor.hpp", "std::mutex",
   "proposers leave messages beside the mailbox while the host may sleep"},
  {"storage/copy_desk.hpp", "std::mutex",
   "the thread of a backup orders copies from the log writer"},
  {"apps/node/backup_room.hpp", "std::mutex",
   "the HTTP thread asks how far the thread of a backup is"},
  {"apps/node/errands.cpp", "sleep_for",
   "a command asks a node now and then how far it is"},
  {"apps/node/node.cpp", "sleep_for",
   "the main thread waits for queues to empty, with a deadline"},
  {"apps/node/replica_rooms.cpp", "sleep_for",
   "the main thread waits for the groups to elect themselves"},
  {"tests/unit/node/golden_data_test.cpp", "DISABLED_",
   "no test: makes the golden folder, once per format"},
  {"messages/metrics.hpp", "std::mutex",
   "registration of metrics at the start; counting takes no lock"},
};

bool is_excepted(const std::string& path, const std::string& word) {
  return std::any_of(exceptions.begin(), exceptions.end(),
                     [&](auto& x) { return x.path == path && x.word == word; });
}

bool may_say(const word_rule& rule, const std::string& path) {
  return std::any_of(rule.may.begin(), rule.may.end(),
                     [&path](auto& begin) { return starts_with(path, begin); });
}

/// The checks of this folder must be able to name what they look for.
bool is_check(const std::string& path) {
  return starts_with(path, "tests/tidy/");
}

bool says(const word_rule& rule, const std::string& line) {
  return contains(rule.where == place::code ? without_comment(line) : line,
                  rule.word);
}

findings word_faults(const source& x, bool with_exceptions = true) {
  findings found;
  auto lines = lines_of(x.text);
  for (auto& rule : rules) {
    if (may_say(rule, x.path)
        || (with_exceptions && is_excepted(x.path, rule.word)))
      continue;
    for (std::size_t i = 0; i < lines.size(); ++i)
      if (says(rule, lines[i]))
        found.push_back(
          finding(x.path, i + 1, "'" + rule.word + "': " + rule.why));
  }
  return found;
}

// -- notes to ourselves -------------------------------------------------------

/// `TODO(#12)` names an issue; a bare one is forgotten.
findings note_faults(const source& x) {
  findings found;
  auto lines = lines_of(x.text);
  for (std::size_t i = 0; i < lines.size(); ++i)
    for (std::string word : {"TODO", "FIXME"}) {
      auto at = lines[i].find(word);
      if (at != std::string::npos
          && lines[i].compare(at + word.size(), 2, "(#") != 0)
        found.push_back(finding(x.path, i + 1, word + " without issue number"));
    }
  return found;
}

/// A path of one machine works on no other.
findings path_faults(const source& x) {
  findings found;
  auto lines = lines_of(x.text);
  for (std::size_t i = 0; i < lines.size(); ++i)
    for (std::string word : {"/home/", "/root/", "/work/", "/Users/"}) {
      auto at = lines[i].find(word);
      auto is_start
        = at != std::string::npos
          && (at == 0
              || !(std::isalnum(static_cast<unsigned char>(lines[i][at - 1]))
                   || contains("._-", lines[i].substr(at - 1, 1))));
      if (is_start)
        found.push_back(finding(x.path, i + 1, "a path of one machine"));
    }
  return found;
}

// -- suppressions -------------------------------------------------------------

/// `NOLINT(check): reason`, never a bare one.
findings suppression_faults(const source& x) {
  findings found;
  auto lines = lines_of(x.text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    auto at = lines[i].find("NOLINT");
    if (at == std::string::npos || contains(lines[i], "NOLINTEND"))
      continue;
    auto open = lines[i].find('(', at);
    auto close = lines[i].find("): ", at);
    if (open == std::string::npos || close == std::string::npos)
      found.push_back(
        finding(x.path, i + 1, "NOLINT must name the check and the reason"));
  }
  return found;
}

// -- names --------------------------------------------------------------------

/// Names that say nothing.
findings name_faults(const source& x) {
  auto name = x.path.substr(x.path.rfind('/') + 1);
  name = name.substr(0, name.find('.'));
  for (std::string empty : {"util", "utils", "helper", "helpers", "common",
                            "manager", "misc", "base", "data", "info"})
    if (name == empty || ends_with(name, "_" + empty))
      return {finding(x.path, 1, "the name '" + name + "' says nothing")};
  return {};
}

template <class Check>
findings all_faults(const std::vector<source>& sources, Check check) {
  findings all;
  for (auto& x : sources)
    if (!is_check(x.path)) {
      auto found = check(x);
      all.insert(all.end(), found.begin(), found.end());
    }
  return all;
}

TEST(words_test, keeps_every_word_in_its_room) {
  auto all = all_faults(cpp_sources(), [](auto& x) { return word_faults(x); });
  EXPECT_TRUE(all.empty()) << joined(all);
}

TEST(words_test, finds_each_word_in_a_wrong_room) {
  for (auto& rule : rules)
    EXPECT_FALSE(word_faults({"messages/x.hpp", rule.word}).empty())
      << rule.word;
}

TEST(words_test, overlooks_words_in_comments) {
  EXPECT_TRUE(word_faults({"messages/x.hpp", "// std::mutex\n"}).empty());
  EXPECT_FALSE(
    word_faults({"messages/x.hpp", "\"//\"; std::mutex m;\n"}).empty());
}

TEST(words_test, allows_words_where_they_belong) {
  EXPECT_TRUE(word_faults({"storage/sqlite.cpp", "sqlite3_open(x);"}).empty());
  EXPECT_TRUE(word_faults({"apps/node/node.cpp", "sys.spawn(x);"}).empty());
}

TEST(words_test, needs_every_exception) {
  for (auto& x : exceptions) {
    EXPECT_FALSE(x.why.empty()) << x.path;
    auto all = all_faults(cpp_sources(),
                          [](auto& s) { return word_faults(s, false); });
    auto used = std::any_of(all.begin(), all.end(), [&x](auto& found) {
      return starts_with(found, x.path + ":")
             && contains(found, "'" + x.word + "'");
    });
    EXPECT_TRUE(used) << x.path << " no longer says " << x.word;
  }
}

TEST(words_test, allows_a_note_only_with_its_issue) {
  auto all = all_faults(all_texts(), note_faults);
  EXPECT_TRUE(all.empty()) << joined(all);
  EXPECT_FALSE(note_faults({"x.cpp", "// TODO: later"}).empty());
  EXPECT_FALSE(note_faults({"x.cpp", "// FIXME"}).empty());
  EXPECT_TRUE(note_faults({"x.cpp", "// TODO(#12): later"}).empty());
}

TEST(words_test, allows_no_path_of_one_machine) {
  auto all = all_faults(all_texts(), path_faults);
  EXPECT_TRUE(all.empty()) << joined(all);
  EXPECT_FALSE(path_faults({"x.sh", "cd /home/somebody"}).empty());
  EXPECT_FALSE(path_faults({"x.sh", "/root/x"}).empty());
  EXPECT_TRUE(path_faults({"x.md", "see docs/work/x"}).empty());
}

TEST(words_test, allows_a_suppression_only_with_its_reason) {
  auto all = all_faults(cpp_sources(), suppression_faults);
  EXPECT_TRUE(all.empty()) << joined(all);
  EXPECT_FALSE(suppression_faults({"x.cpp", "int x; // NOLINT"}).empty());
  EXPECT_FALSE(suppression_faults({"x.cpp", "// NOLINT(misc-x)"}).empty());
  EXPECT_TRUE(suppression_faults({"x.cpp", "// NOLINT(misc-x): why"}).empty());
}

TEST(words_test, allows_no_file_name_that_says_nothing) {
  auto all = all_faults(cpp_sources(), name_faults);
  EXPECT_TRUE(all.empty()) << joined(all);
  EXPECT_FALSE(name_faults({"actors/utils.hpp", ""}).empty());
  EXPECT_FALSE(name_faults({"actors/session_manager.cpp", ""}).empty());
  EXPECT_TRUE(name_faults({"actors/session.cpp", ""}).empty());
}

} // namespace
} // namespace jindou::tidy
