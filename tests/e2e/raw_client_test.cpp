// The golden vectors against a real node, over a plain socket: encryption and
// tokens are off, so that the bytes of the vectors are what is sent.

#include "messages/wire/codec.hpp"
#include "tests/e2e/node_process.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <set>

using namespace jindou;
using namespace jindou::test;

namespace {

nlohmann::json vectors() {
  std::ifstream in{JINDOU_SOURCE_DIR "/tests/golden/golden-vectors.json"};
  return nlohmann::json::parse(in);
}

std::string from_hex(const std::string& hex) {
  std::string res;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    res += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return res;
}

std::string connect_bytes(std::uint8_t version, std::string_view uid) {
  wire::connect_frame f;
  f.version = version;
  f.uid = uid;
  f.device_id = "raw";
  byte_vector out;
  EXPECT_EQ(wire::encode(f, version, out), errc::none);
  return std::string{as_text(out)};
}

/// Cuts the first frame of what the node said. It points into `bytes`.
wire::frame first_frame(const std::string& bytes, std::uint8_t version) {
  auto x = wire::decode(as_bytes(bytes), version);
  auto* d = std::get_if<wire::decoded>(&x);
  EXPECT_NE(d, nullptr) << bytes.size() << " bytes are no frame";
  return d != nullptr ? d->frame : wire::frame{wire::ping_frame{}};
}

wire::frame first_frame(std::string&&, std::uint8_t) = delete;

void log_in(const raw_client& c, std::uint8_t version, std::string_view uid) {
  c.write(connect_bytes(version, uid));
  auto said = c.read(1);
  auto f = first_frame(said, version);
  auto* ack = std::get_if<wire::connack_frame>(&f);
  ASSERT_NE(ack, nullptr);
  EXPECT_EQ(ack->reason, 1);
  EXPECT_EQ(ack->has_server_version, version > 3);
}

class raw_client_test : public testing::Test {
protected:
  static void SetUpTestSuite() {
    node = new node_process{
      {"--auth.disable-encryption=true", "--auth.token-auth-on=false"}};
  }

  static void TearDownTestSuite() {
    EXPECT_TRUE(node->alive());
    delete node;
  }

  static node_process* node;
};

node_process* raw_client_test::node = nullptr;

} // namespace

TEST_F(raw_client_test, logs_in_at_every_version) {
  for (std::uint8_t version = 1; version <= 5; ++version) {
    raw_client c{node->tcp_port()};
    log_in(c, version, "v" + std::to_string(version));
  }
}

/// Every CONNECT, SEND and SUB of the vectors gets its answer, everything else
/// that a client may send is taken without one, and the connection stays.
TEST_F(raw_client_test, takes_every_client_frame_of_the_vectors) {
  std::set<std::string> kinds;
  auto number = 0;
  auto all = vectors();
  for (auto& v : all["vectors"]) {
    if (v["direction"] != "c2s")
      continue;
    auto version = v["protocol_version"].get<std::uint8_t>();
    auto bytes = from_hex(v["hex"]);
    auto kind = static_cast<unsigned char>(bytes[0]) >> 4;
    if (kind == 1)
      continue; // uids of their own; see above
    SCOPED_TRACE(v["name"].get<std::string>());
    kinds.insert(std::to_string(kind));
    raw_client c{node->tcp_port()};
    log_in(c, version, "vector" + std::to_string(++number));
    c.write(bytes);
    if (kind == 3) {
      auto said = c.read(19);
      auto f = first_frame(said, version);
      auto* ack = std::get_if<wire::sendack_frame>(&f);
      ASSERT_NE(ack, nullptr);
      EXPECT_NE(ack->message_id, 0);
    } else if (kind == 10) {
      auto said = c.read(14);
      auto f = first_frame(said, version);
      auto* ack = std::get_if<wire::suback_frame>(&f);
      ASSERT_NE(ack, nullptr);
      EXPECT_EQ(ack->sub_no, "s-1");
      EXPECT_EQ(ack->reason, 1);
    }
    c.write("\x70");
    std::string pongs(kind == 7 ? 2 : 1, '\x80'); // one for each PING
    EXPECT_EQ(c.read(pongs.size()), pongs) << "the connection is gone";
  }
  EXPECT_GE(kinds.size(), 3u);
}

/// What is no frame ends the connection; what only wants more bytes waits for
/// them and ends by the other's close; the node goes on in any case.
TEST_F(raw_client_test, closes_on_every_malformed_input_that_is_complete) {
  auto closed = 0;
  auto all = vectors();
  for (auto& v : all["malformed"]) {
    SCOPED_TRACE(v["name"].get<std::string>());
    auto version = v["protocol_version"].get<std::uint8_t>();
    auto bytes = from_hex(v["hex"]);
    if (bytes.empty())
      continue;
    auto x = wire::decode(as_bytes(bytes), version);
    raw_client c{node->tcp_port()};
    log_in(c, version, "m" + std::to_string(closed));
    c.write(bytes);
    if (std::holds_alternative<errc>(x)) {
      EXPECT_TRUE(c.closed_by_peer());
      ++closed;
    }
  }
  EXPECT_GE(closed, 15);
  raw_client c{node->tcp_port()};
  log_in(c, 5, "after");
}

TEST_F(raw_client_test, closes_when_the_first_frame_is_no_connect) {
  raw_client c{node->tcp_port()};
  c.write("\x70");
  EXPECT_TRUE(c.closed_by_peer());
}
