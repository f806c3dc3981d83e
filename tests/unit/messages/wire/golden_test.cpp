#include "apps/vectors/vector_check.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <set>
#include <sstream>
#include <string>

namespace jindou::vectors {

namespace {

using nlohmann::json;

std::string golden_text() {
  std::ifstream in{JINDOU_SOURCE_DIR "/tests/golden/golden-vectors.json"};
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

const json& golden() {
  static const json file = json::parse(golden_text());
  return file;
}

using section_check = void (*)(const json&, report&);

/// Checks a section that has one vector.
report check_one(section_check check, const json& item) {
  report found;
  check(json::array({item}), found);
  return found;
}

std::string lines(const report& found) {
  std::string text;
  for (auto& line : found.differences())
    text += line + "\n";
  return text;
}

/// Another text, of the same length and alphabet if it is ASCII.
std::string changed(std::string text, std::size_t at) {
  auto& c = text[at];
  if (static_cast<unsigned char>(c) > 0x7f)
    return text + 'x';
  c = c == '0' ? '1' : c >= '0' && c <= '9' ? '0' : c == 'a' ? 'b' : 'a';
  return text;
}

/// Calls `visit` with every text and number in `value`, which it may change.
void for_each_leaf(json& value, const std::function<void(json&)>& visit,
                   const std::set<std::string>& without) {
  for (auto& [key, member] : value.items()) {
    if (without.contains(key))
      continue;
    if (member.is_structured())
      for_each_leaf(member, visit, without);
    else
      visit(member);
  }
}

json changed_leaf(const json& leaf) {
  if (leaf.is_boolean())
    return !leaf.get<bool>();
  if (leaf.is_number())
    return leaf.get<std::int64_t>() + 1;
  auto text = leaf.get<std::string>();
  return text.empty() ? json("0") : json(changed(text, text.size() / 2));
}

/// Changes one leaf of `item` after the other: each must be noticed.
void expect_all_noticed(section_check check, json item,
                        const std::set<std::string>& without) {
  ASSERT_EQ(check_one(check, item).differing(), 0U);
  for_each_leaf(
    item,
    [&](json& leaf) {
      auto right = leaf;
      leaf = changed_leaf(right);
      EXPECT_EQ(check_one(check, item).differing(), 1U)
        << item["name"] << ": " << right << " became " << leaf;
      leaf = right;
    },
    without);
}

std::string refusal(std::string_view text) {
  auto found = check_file(text);
  return found ? std::string{} : found.error();
}

} // namespace

TEST(golden_test, agrees_with_every_vector_in_both_directions) {
  auto found = check_file(golden_text());
  ASSERT_TRUE(found) << found.error();
  EXPECT_EQ(found->differing(), 0U) << lines(*found);
  EXPECT_EQ(found->checked(), 140U);
}

TEST(golden_test, deviates_from_the_original_only_where_it_is_meant_to) {
  struct exception {
    const char* name;
    const char* why;
  };
  // The whole list of listed outcomes that are not ours.
  constexpr exception expected[] = {
    {"malformed/reserved_type_0",
     "the reserved type 0 is refused instead of waiting for ever"},
    {"malformed/empty_buffer", "nothing to decode is no fault: more will come"},
    {"jsonrpc/subscribe_not_supported",
     "subscribe is answered instead of refused"},
  };
  auto found = check_file(golden_text());
  ASSERT_TRUE(found);
  ASSERT_EQ(found->deviations().size(), std::size(expected));
  for (std::size_t i = 0; i < std::size(expected); ++i) {
    EXPECT_EQ(found->deviations()[i].name, expected[i].name);
    EXPECT_EQ(found->deviations()[i].why, expected[i].why);
  }
}

TEST(golden_test, notices_every_changed_byte_of_a_frame) {
  for (auto item : golden()["vectors"]) {
    auto hex = item["hex"].get<std::string>();
    auto step = hex.size() < 1'000 ? 2U : 1'013U;
    for (std::size_t i = 0; i < hex.size(); i += step) {
      item["hex"] = changed(hex, i);
      ASSERT_EQ(check_one(check_frames, item).differing(), 1U)
        << item["name"] << " at digit " << i;
    }
  }
}

TEST(golden_test, notices_every_changed_field_of_a_frame) {
  for (auto& item : golden()["vectors"])
    expect_all_noticed(check_frames, item,
                       {"name", "direction", "note", "cross_checked_by",
                        "js_sdk_differs", "hex", "protocol_version"});
}

TEST(golden_test, notices_every_changed_value_of_a_key_agreement) {
  for (auto& item : golden()["crypto"])
    expect_all_noticed(check_crypto, item, {"name", "cross_checked_by"});
}

TEST(golden_test, notices_every_changed_value_of_a_json_text) {
  for (auto& item : golden()["jsonrpc"]) {
    if (item["name"] == "subscribe_not_supported")
      continue; // a deviation
    // Without what is not in these texts.
    std::set<std::string> without{
      "name",       "direction",          "note",       "json",
      "request_id", "has_server_version", "client_seq", "stream_id"};
    if (item["name"] == "disconnect" || item["name"] == "disconnect_request")
      without.insert("flags");
    if (item["name"] == "send_generated_client_msg_no")
      without.insert("client_msg_no");
    expect_all_noticed(check_jsonrpc, item, without);
  }
}

TEST(golden_test, notices_a_changed_stream) {
  for (auto& item : golden()["streams"])
    expect_all_noticed(check_streams, item,
                       {"name", "direction", "note", "protocol_version"});
}

TEST(golden_test, notices_a_changed_outcome_of_malformed_input) {
  for (auto item : golden()["malformed"]) {
    auto was = item["original_codec"].get<std::string>();
    item["original_codec"] = was == "error"  ? "incomplete"
                             : was[0] == 'a' ? "error"
                                             : "accepted";
    auto found = check_one(check_malformed, item);
    EXPECT_EQ(found.differing() + found.deviations().size(), 1U)
      << item["name"];
  }
}

TEST(golden_test, notices_changed_sizes_and_hashes_of_large_frames) {
  for (auto item : golden()["encoder_quirks"])
    for (auto* key : {"hex", "declared_remaining", "actual_remaining", "sha256",
                      "prefix_hex", "decode_ok"})
      if (item.contains(key)) {
        auto right = item[key];
        item[key] = changed_leaf(right);
        EXPECT_EQ(check_one(check_quirks, item).differing(), 1U)
          << item["name"] << " " << key;
        item[key] = right;
      }
}

TEST(golden_test, notices_changed_names_of_channels) {
  for (auto& [kind, list] : golden()["derived"].items())
    for (auto& original : list) {
      auto item = original;
      for_each_leaf(item,
                    [&](json& leaf) {
                      auto right = leaf;
                      leaf = changed_leaf(right);
                      json file;
                      file["derived"][kind] = json::array({item});
                      auto found = check_file(file.dump());
                      ASSERT_TRUE(found);
                      EXPECT_EQ(found->differing(), 1U) << item;
                      leaf = right;
                    },
                    {"slot_of_fake_64", "slot_64", "slot_128"});
    }
}

TEST(golden_test, names_the_key_that_a_vector_lacks) {
  struct key_of_section {
    const char* section;
    section_check check;
    const char* key;
  };
  constexpr key_of_section keys[] = {
    {"vectors", check_frames, "hex"},
    {"vectors", check_frames, "protocol_version"},
    {"vectors", check_frames, "fields"},
    {"streams", check_streams, "hex"},
    {"streams", check_streams, "frames"},
    {"streams", check_streams, "frame_ends"},
    {"malformed", check_malformed, "hex"},
    {"malformed", check_malformed, "original_codec"},
    {"crypto", check_crypto, "aes_key_ascii"},
    {"crypto", check_crypto, "payloads"},
    {"crypto", check_crypto, "send"},
    {"jsonrpc", check_jsonrpc, "json"},
    {"jsonrpc", check_jsonrpc, "direction"},
    {"jsonrpc", check_jsonrpc, "request_id"},
  };
  for (auto& [section, check, key] : keys) {
    auto item = golden()[section][0];
    ASSERT_TRUE(item.contains(key)) << section << " " << key;
    item.erase(key);
    auto found = check_one(check, item);
    EXPECT_EQ(found.differing(), 1U) << section << " " << key;
    EXPECT_NE(lines(found).find('"' + std::string{key} + "\" is missing"),
              std::string::npos)
      << lines(found);
  }
}

TEST(golden_test, survives_vectors_of_any_form) {
  const json odd[] = {nullptr,
                      true,
                      -1,
                      1.5,
                      "text",
                      json::array(),
                      json::object(),
                      json::array({1, json::object()}),
                      {{"name", 3}, {"hex", 3}, {"fields", "x"}}};
  for (auto* section : {"vectors", "streams", "encoder_quirks", "malformed",
                        "crypto", "jsonrpc"}) {
    for (auto& item : odd) {
      json file;
      file[section] = json::array({item});
      auto found = check_file(file.dump());
      ASSERT_TRUE(found) << found.error();
      EXPECT_EQ(found->differing(), 1U) << file;
    }
    for (auto& member : golden()[section][0].items())
      for (auto& value : odd) {
        json file{{section, json::array({golden()[section][0]})}};
        file[section][0][member.key()] = value;
        auto found = check_file(file.dump()); // may agree, must return
        ASSERT_TRUE(found) << found.error();
        EXPECT_EQ(found->checked(), 1U);
      }
  }
}

TEST(golden_test, refuses_files_that_hold_no_vectors) {
  EXPECT_EQ(refusal(""), "not JSON");
  EXPECT_EQ(refusal("{\"vectors\":["), "not JSON");
  EXPECT_EQ(refusal("[]"), "not a JSON object");
  EXPECT_EQ(refusal("{}"), "no vectors in it");
  EXPECT_EQ(refusal(R"({"vectors":[]})"), "no vectors in it");
  EXPECT_EQ(refusal(R"({"vectors":3})"), "section \"vectors\" is no list");
  EXPECT_EQ(refusal("{\"vectors\":" + std::string(20'000, '[')), "not JSON");
}

} // namespace jindou::vectors
