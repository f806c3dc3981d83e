#include "tests/tidy/source_tree.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

// Who may include whom: CONTRIBUTING.md shows the same table.

namespace jindou::tidy {
namespace {

using names = std::set<std::string>;

/// Which rooms may the room on the left include, besides itself?
const std::map<std::string, names> may_include{
  {"messages", {}},
  {"configs", {"messages"}},
  {"storage", {"messages"}},
  {"cluster", {"messages"}},
  {"actors", {"messages"}},
  {"apps", {"messages", "configs", "storage", "cluster", "actors"}},
};

/// Which libraries, by the first part of `<library/header>`?
const std::map<std::string, names> may_use{
  {"messages", {"caf"}},
  {"messages/wire", {"openssl", "nlohmann"}},
  {"configs", {"caf", "spdlog"}},
  {"storage", {"caf", "spdlog", "sqlite3.h"}},
  {"cluster", {"caf", "spdlog"}},
  {"cluster/raft", {}},
  {"actors", {"caf", "spdlog", "boost", "openssl", "nlohmann", "prometheus"}},
};

/// All libraries that somebody is not allowed to use.
const names libraries{"caf",       "openssl", "nlohmann",   "spdlog",
                      "sqlite3.h", "boost",   "prometheus", "CLI"};

/// Decisions without actor, clock, socket or disk: std and messages only.
const names pure_files{
  "actors/gateway/websocket_framing",
  "actors/gateway/handshake",
  "actors/gateway/unacked",
  "actors/user/device_policy",
  "actors/channel/permission",
  "actors/channel/subscriber_set",
  "actors/push/fan_out",
  "storage/block",
  "storage/dedupe_ring",
  "storage/memory_tables",
};

/// What a pure file may use all the same: functions without state.
const std::map<std::string, names> pure_may_use{
  {"actors/user/device_policy", {"openssl"}}, // compares in constant time
};

/// Returns what stands between the quotes of `#include "..."`, or "".
std::string quoted_include(const std::string& line) {
  const std::string prefix = "#include \"";
  if (!starts_with(line, prefix))
    return "";
  return line.substr(prefix.size(),
                     line.find('"', prefix.size()) - prefix.size());
}

/// Returns the first part of `#include <part/...>`, or "".
std::string library(const std::string& line) {
  const std::string prefix = "#include <";
  if (!starts_with(line, prefix))
    return "";
  auto rest = line.substr(prefix.size());
  return rest.substr(0, rest.find_first_of("/>"));
}

std::string first_part(const std::string& path) {
  return path.substr(0, path.find('/'));
}

std::string stem(const std::string& path) {
  return path.substr(0, path.rfind('.'));
}

/// Returns the longest key of `table` that is a folder of `path`.
std::string folder_in(const std::map<std::string, names>& table,
                      const std::string& path) {
  std::string best;
  for (auto& [folder, allowed] : table)
    if (starts_with(path, folder + "/") && folder.size() > best.size())
      best = folder;
  return best;
}

/// The room whose tests these are: `tests/unit/storage/...` is storage.
std::string tested_room(const std::string& path) {
  const std::string prefix = "tests/unit/";
  return starts_with(path, prefix) ? first_part(path.substr(prefix.size()))
                                   : "";
}

bool test_may_include(const std::string& path, const std::string& wanted) {
  auto room = first_part(wanted);
  if (room == "tests" || room == "messages")
    return true;
  if (starts_with(path, "tests/unit/messages/")
      && starts_with(wanted, "apps/vectors/"))
    return true; // the program's own check of the golden vectors
  if (starts_with(path, "tests/support/"))
    return room != "apps"; // a fixture serves the tests of one room
  if (starts_with(path, "tests/contract/"))
    return room == "storage";
  if (starts_with(path, "tests/fuzz/"))
    return room != "apps"; // a target takes one decoder of any room
  auto own = tested_room(path);
  return own == "node" || own == room; // node: the roof sees all
}

/// Says why `path` must not include "wanted", or "".
std::string room_fault(const std::string& path, const std::string& wanted) {
  auto room = first_part(path);
  auto target = first_part(wanted);
  auto known = may_include.count(target) != 0 || target == "tests";
  if (!contains(wanted, "/") || !known)
    return "\"" + wanted + "\" is not a path from the root of the project";
  if (room == "tests")
    return test_may_include(path, wanted)
             ? ""
             : "this test must not include " + target;
  if (target == room || may_include.at(room).count(target) != 0)
    return "";
  return room + " must not include " + target;
}

/// Says why `path` must not include <name/...>, or "".
std::string library_fault(const std::string& path, const std::string& name) {
  if (libraries.count(name) == 0)
    return "";
  auto own = pure_may_use.find(stem(path));
  if (own != pure_may_use.end() && own->second.count(name) != 0)
    return "";
  if (pure_files.count(stem(path)) != 0)
    return "a pure file must not include " + name;
  auto folder = folder_in(may_use, path);
  if (folder.empty() || may_use.at(folder).count(name) != 0)
    return "";
  return folder + " must not include " + name;
}

findings include_faults(const source& x) {
  findings found;
  auto lines = lines_of(x.text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    auto wanted = quoted_include(lines[i]);
    auto fault = wanted.empty() ? library_fault(x.path, library(lines[i]))
                                : room_fault(x.path, wanted);
    if (!fault.empty())
      found.push_back(finding(x.path, i + 1, fault));
  }
  return found;
}

std::string only_fault(const std::string& path, const std::string& line) {
  auto found = include_faults({path, "#pragma once\n" + line + "\n"});
  return found.empty() ? "" : found.front();
}

TEST(rooms_test, keeps_rooms_from_visiting_each_other) {
  findings all;
  for (auto& x : cpp_sources()) {
    auto found = include_faults(x);
    all.insert(all.end(), found.begin(), found.end());
  }
  EXPECT_TRUE(all.empty()) << joined(all);
  EXPECT_GT(cpp_sources().size(), 50u) << "the sources were not found";
}

TEST(rooms_test, finds_a_room_that_visits_another) {
  EXPECT_EQ(only_fault("actors/user/user.cpp", "#include \"storage/x.hpp\""),
            "actors/user/user.cpp:2: actors must not include storage");
  EXPECT_EQ(only_fault("messages/user.hpp", "#include \"actors/x.hpp\""),
            "messages/user.hpp:2: messages must not include actors");
  EXPECT_EQ(only_fault("storage/x.cpp", "#include \"apps/node/node.hpp\""),
            "storage/x.cpp:2: storage must not include apps");
  EXPECT_EQ(only_fault("actors/x.cpp", "#include \"tests/support/x.hpp\""),
            "actors/x.cpp:2: actors must not include tests");
}

TEST(rooms_test, allows_what_the_table_allows) {
  EXPECT_EQ(only_fault("actors/x.cpp", "#include \"actors/resident.hpp\""), "");
  EXPECT_EQ(only_fault("actors/x.cpp", "#include \"messages/ids.hpp\""), "");
  EXPECT_EQ(only_fault("apps/node/x.cpp", "#include \"storage/a.hpp\""), "");
  EXPECT_EQ(only_fault("apps/node/x.cpp", "#include <boost/asio.hpp>"), "");
}

TEST(rooms_test, finds_an_include_that_does_not_begin_at_the_root) {
  EXPECT_NE(only_fault("storage/x.cpp", "#include \"sqlite.hpp\""), "");
  EXPECT_NE(only_fault("storage/x.cpp", "#include \"../storage/a.hpp\""), "");
  EXPECT_NE(only_fault("storage/x.cpp", "#include \"x.hpp/\""), "");
}

TEST(rooms_test, finds_a_library_in_the_wrong_room) {
  EXPECT_NE(only_fault("actors/x.cpp", "#include <sqlite3.h>"), "");
  EXPECT_NE(only_fault("storage/x.cpp", "#include <boost/asio.hpp>"), "");
  EXPECT_NE(only_fault("messages/x.hpp", "#include <spdlog/spdlog.h>"), "");
  EXPECT_NE(only_fault("messages/wire/x.hpp", "#include <caf/error.hpp>"), "");
  EXPECT_NE(only_fault("cluster/raft/x.cpp", "#include <caf/send.hpp>"), "");
  EXPECT_EQ(only_fault("messages/wire/x.cpp", "#include <openssl/evp.h>"), "");
}

TEST(rooms_test, finds_an_actor_in_a_pure_file) {
  EXPECT_NE(only_fault("actors/push/fan_out.cpp", "#include <caf/send.hpp>"),
            "");
  EXPECT_EQ(only_fault("actors/push/pusher.cpp", "#include <caf/send.hpp>"),
            "");
}

TEST(rooms_test, keeps_unit_tests_in_their_room) {
  auto line = "#include \"storage/log_store.hpp\"";
  EXPECT_EQ(only_fault("tests/unit/storage/x_test.cpp", line), "");
  EXPECT_EQ(only_fault("tests/unit/node/x_test.cpp", line), "");
  EXPECT_EQ(only_fault("tests/contract/x_test.cpp", line), "");
  EXPECT_NE(only_fault("tests/unit/actors/x_test.cpp", line), "");
  EXPECT_NE(only_fault("tests/e2e/x_test.cpp", line), "");
}

} // namespace
} // namespace jindou::tidy
