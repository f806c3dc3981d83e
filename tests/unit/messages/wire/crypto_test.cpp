#include "messages/wire/base64.hpp"
#include "messages/wire/crypto.hpp"
#include "tests/unit/messages/wire/hex.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>

namespace jindou::wire {

namespace {

session_keys keys_of(std::string_view key, std::string_view iv) {
  session_keys keys;
  std::copy_n(key.begin(), keys.key.size(), keys.key.begin());
  std::copy_n(iv.begin(), keys.iv.size(), keys.iv.begin());
  return keys;
}

const session_keys first_keys = keys_of("57adf0d1952526ad", "aB3dE6gH9jK2mN5p");
const session_keys second_keys
  = keys_of("f5be44e8e43de337", "0123456789abcdef");

std::string encrypted(cipher& c, std::string_view plain) {
  byte_vector out;
  c.encrypt(as_bytes(plain), out);
  return std::string{as_text(out)};
}

std::string base64_of(std::string_view text) {
  return base64_encode(as_bytes(text));
}

} // namespace

TEST(crypto_test, derives_the_same_keys_on_both_sides) {
  auto client = make_key_pair();
  ASSERT_TRUE(client);
  auto server = agree(client->public_key);
  ASSERT_TRUE(server);
  byte_vector peer(base64_bytes_max(server->server_key.size()));
  auto size = base64_decode(server->server_key, peer.data());
  ASSERT_EQ(size, 32U);
  peer.resize(*size);
  auto mine = derive_keys(client->private_key, peer, server->salt);
  ASSERT_TRUE(mine);
  EXPECT_EQ(*mine, server->keys);
}

TEST(crypto_test, makes_a_fresh_key_and_salt_every_time) {
  auto client = make_key_pair();
  ASSERT_TRUE(client);
  std::set<std::string> seen;
  for (int i = 0; i < 20; ++i) {
    auto made = agree(client->public_key);
    ASSERT_TRUE(made);
    EXPECT_EQ(made->salt.size(), 16U);
    EXPECT_TRUE(std::all_of(made->salt.begin(), made->salt.end(), [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) != 0;
    }));
    seen.insert(made->salt);
    seen.insert(made->server_key);
  }
  EXPECT_EQ(seen.size(), 40U);
}

TEST(crypto_test, refuses_client_keys_that_are_none) {
  std::string zeros(32, '\0');
  for (const auto& key : {std::string{}, std::string{"?"}, std::string{"AAAA"},
                          base64_of(std::string(31, 'k')), std::string(44, '='),
                          base64_of(zeros)}) {
    auto made = agree(key);
    ASSERT_FALSE(made) << key;
    EXPECT_EQ(made.error(), errc::bad_client_key) << key;
  }
}

TEST(crypto_test, ignores_bytes_after_the_client_key) {
  EXPECT_TRUE(agree(base64_of(std::string(40, 'k'))));
}

TEST(crypto_test, refuses_a_short_iv_and_short_keys) {
  byte_vector key(32, std::byte{9});
  EXPECT_EQ(derive_keys(key, key, "0123456789abcde").error(),
            errc::invalid_argument);
  byte_vector none;
  EXPECT_EQ(derive_keys(none, key, "0123456789abcdef").error(),
            errc::bad_client_key);
  EXPECT_EQ(derive_keys(key, none, "0123456789abcdef").error(),
            errc::bad_client_key);
}

TEST(crypto_test, gives_back_every_payload_that_it_encrypted) {
  cipher c;
  c.use(first_keys);
  std::string plain;
  for (int n = 0; n < 300; ++n, plain += static_cast<char>(n)) {
    byte_vector out{std::byte{1}};
    byte_vector wire;
    c.encrypt(as_bytes(plain), wire);
    ASSERT_EQ(c.decrypt(wire, out), errc::none);
    EXPECT_EQ(as_text(byte_span{out}.subspan(1)), plain);
  }
}

TEST(crypto_test, changes_keys_in_both_directions) {
  cipher c;
  byte_vector plain;
  for (int i = 0; i < 2; ++i) {
    c.use(first_keys);
    EXPECT_EQ(encrypted(c, "hello"), "Fn9nYgXp649Vcd4TPycdLQ==");
    c.use(second_keys);
    EXPECT_EQ(c.decrypt(as_bytes("67vqY0uIuThO2vBJulTIZA=="), plain),
              errc::none);
    EXPECT_EQ(encrypted(c, "hello"), "67vqY0uIuThO2vBJulTIZA==");
  }
  EXPECT_EQ(as_text(plain), "hellohello");
}

TEST(crypto_test, can_be_moved_with_its_keys) {
  cipher a;
  a.use(first_keys);
  cipher b = std::move(a);
  EXPECT_EQ(encrypted(b, "hello"), "Fn9nYgXp649Vcd4TPycdLQ==");
}

TEST(crypto_test, refuses_ciphertexts_that_nobody_encrypted) {
  cipher c;
  c.use(first_keys);
  byte_vector out{std::byte{1}};
  for (const auto& text :
       {std::string{}, std::string{"plain text"}, std::string{"===="},
        std::string{"Fn9nYgXp649Vcd4TPycdLQ="},
        std::string{"Fn9nYgXp649Vcd4TPycdLQ==="}, base64_of("fifteen letters"),
        base64_of("sixteen letters!"), base64_of(std::string(17, 'x'))}) {
    EXPECT_EQ(c.decrypt(as_bytes(text), out), errc::bad_payload) << text;
    EXPECT_EQ(out.size(), 1U) << text;
  }
}

TEST(crypto_test, accepts_a_ciphertext_with_line_breaks) {
  cipher c;
  c.use(first_keys);
  byte_vector out;
  EXPECT_EQ(c.decrypt(as_bytes("Fn9nYgXp649V\r\ncd4TPycdLQ==\n"), out),
            errc::none);
  EXPECT_EQ(as_text(out), "hello");
}

TEST(crypto_test, signs_what_a_frame_says) {
  cipher c;
  c.use(first_keys);
  send_frame f;
  f.client_seq = 7;
  f.client_msg_no = "5f0c3f4e9d9f4b7c8a1b2c3d4e5f60713";
  f.channel_id = "u2";
  f.channel_type = 1;
  f.payload = "KU7mKfopc1bdlWTUmzH1wiTcO/BdNrYtrGc6iKL0Uvo=";
  auto key = c.sign(f);
  EXPECT_EQ((std::string_view{key.data(), key.size()}),
            "15a445e3694871a10b69f9f9a0e31bcf");
  EXPECT_EQ(key, c.sign(signed_text(f)));
}

TEST(crypto_test, writes_numbers_as_signed_or_unsigned_decimals) {
  recv_frame f;
  f.message_id = -5;
  f.message_seq = 4'294'967'295U;
  f.timestamp = -1;
  f.channel_type = 255;
  f.payload = "p";
  EXPECT_EQ(signed_text(f), "-54294967295-1255p");
}

TEST(base64_test, agrees_with_the_well_known_examples) {
  EXPECT_EQ(base64_of(""), "");
  EXPECT_EQ(base64_of("f"), "Zg==");
  EXPECT_EQ(base64_of("fo"), "Zm8=");
  EXPECT_EQ(base64_of("foo"), "Zm9v");
  EXPECT_EQ(base64_of("foob"), "Zm9vYg==");
  EXPECT_EQ(base64_of("\xff\xef\xbe"), "/+++");
}

TEST(base64_test, reads_what_it_wrote) {
  constexpr unsigned seed = 7;
  std::mt19937 random{seed};
  for (std::size_t n = 0; n < 200; ++n) {
    byte_vector bytes(n);
    for (auto& b : bytes)
      b = static_cast<std::byte>(random());
    auto text = base64_encode(bytes);
    byte_vector back(base64_bytes_max(text.size()));
    auto size = base64_decode(text, back.data());
    ASSERT_EQ(size, n) << "seed " << seed;
    back.resize(n);
    EXPECT_EQ(back, bytes) << "seed " << seed;
  }
}

TEST(base64_test, refuses_everything_else) {
  byte_vector to(16);
  for (std::string_view text :
       {"Z", "Zg", "Zg=", "Zg=a", "=g==", "Z===", "====", "Zm9v=", "Zg==Zg==",
        "Zm-v", "Zm9v Zm9v", "Zm9v\xff\xff\xff\xff"})
    EXPECT_FALSE(base64_decode(text, to.data())) << text;
}

} // namespace jindou::wire
