#include "apps/vectors/frame_fields.hpp"
#include "apps/vectors/json_fields.hpp"
#include "apps/vectors/vector_check.hpp"
#include "messages/errc.hpp"
#include "messages/wire/base64.hpp"
#include "messages/wire/codec.hpp"
#include "messages/wire/crypto.hpp"

#include <openssl/evp.h>

namespace jindou::vectors {

namespace {

using namespace wire;

std::string md5_of(std::string_view text) {
  byte_vector digest(16);
  EVP_Digest(text.data(), text.size(),
             reinterpret_cast<unsigned char*>(digest.data()), nullptr,
             EVP_md5(), nullptr);
  return hex_of(digest);
}

std::string_view key_of(const session_keys& keys) {
  return {keys.key.data(), keys.key.size()};
}

/// Both ends derive the same key, and every step on the way is as listed.
std::optional<session_keys> check_keys(json_fields& fields, report& to) {
  auto client_private = fields.hex("client_private_hex");
  auto client_public = fields.hex("client_public_hex");
  auto server_private = fields.hex("server_private_hex");
  auto server_public = fields.hex("server_public_hex");
  auto secret = fields.hex("shared_secret_hex");
  auto secret_text = fields.text("shared_secret_base64");
  auto digest = fields.text("md5_hex_of_base64");
  auto iv = fields.text("aes_iv_ascii");
  auto key = fields.text("aes_key_ascii");
  auto at_client = derive_keys(client_private, server_public, iv);
  auto at_server = derive_keys(server_private, client_public, iv);
  to.expect(fields.text("client_key_base64") == base64_encode(client_public),
            "client_key_base64 is not that of the key");
  to.expect(fields.text("server_key_base64") == base64_encode(server_public),
            "server_key_base64 is not that of the key");
  to.expect(base64_encode(secret) == secret_text,
            "shared_secret_base64 is not that of the secret");
  to.expect(md5_of(secret_text) == digest, "md5_hex_of_base64 is another");
  to.expect(digest.starts_with(key), "aes_key_ascii does not begin the MD5");
  if (!fields.ok() || !at_client || !at_server) {
    to.differs(fields.ok() ? "no keys can be derived" : fields.problem());
    return std::nullopt;
  }
  to.expect(key_of(*at_client) == key, "the client derives another key");
  to.expect(key_of(*at_server) == key, "the server derives another key");
  return *at_server;
}

std::string encrypted(cipher& c, std::string_view plain) {
  byte_vector out;
  c.encrypt(as_bytes(plain), out);
  return std::string{as_text(out)};
}

std::string decrypted(cipher& c, std::string_view wire_text) {
  byte_vector out;
  if (auto e = c.decrypt(as_bytes(wire_text), out); e != errc::none)
    return "error " + std::string{to_string(e)};
  return std::string{as_text(out)};
}

void check_payloads(const nlohmann::json& list, cipher& c, report& to) {
  for (auto& item : list) {
    json_fields fields{item};
    auto plain = fields.text("plain");
    auto wire_text = fields.text("wire_payload_ascii");
    to.expect(fields.ok(), "payloads: " + fields.problem());
    to.expect(encrypted(c, plain) == wire_text,
              "payloads: another ciphertext of \"" + plain + '"');
    to.expect(decrypted(c, wire_text) == plain,
              "payloads: another text in " + wire_text);
  }
}

/// The complete frames, e.g. "frame_hex_v5"; their header flags and what else
/// the fields do not name are taken as they are.
template <class Frame>
void check_frame_bytes(const nlohmann::json& item, const Frame& expected,
                       report& to) {
  for (auto& [name, value] : item.items()) {
    if (!name.starts_with("frame_hex_v") || name.size() != 12)
      continue;
    auto version = static_cast<std::uint8_t>(name.back() - '0');
    json_fields fields{item};
    auto bytes = fields.hex(name.c_str());
    auto result = decode(bytes, version);
    auto* d = std::get_if<decoded>(&result);
    if (d == nullptr || d->bytes != bytes.size()
        || !std::holds_alternative<Frame>(d->frame)) {
      to.differs(name + " is not decoded");
      continue;
    }
    auto want = expected;
    want.flags = std::get<Frame>(d->frame).flags;
    to.expect(d->frame == frame{want},
              name + ": " + difference(d->frame, want));
    byte_vector encoded;
    encode(want, version, encoded);
    to.expect(as_text(encoded) == as_text(bytes),
              name + " is encoded otherwise");
  }
}

/// What SEND and RECV have alike: the signature.
template <class Frame>
void check_signature(json_fields& fields, const Frame& f, cipher& c,
                     report& to) {
  auto text = signed_text(f);
  auto key = c.sign(f);
  to.expect(text == fields.text("signed_string"), "another text is signed");
  to.expect(encrypted(c, text) == fields.text("encrypted_signed_string_base64"),
            "the signed text is encrypted otherwise");
  to.expect(std::string_view(key.data(), key.size()) == f.msg_key,
            "another msg_key");
  to.expect(c.sign(text) == key, "a frame is signed unlike its text");
}

void check_send(const nlohmann::json& item, cipher& c, report& to) {
  json_fields fields{item};
  auto number = fields.text("client_msg_no");
  auto channel = fields.text("channel_id");
  auto msg_key = fields.text("msg_key");
  auto payload = fields.text("wire_payload_ascii");
  send_frame f;
  f.client_seq = fields.number<std::uint32_t>("client_seq");
  f.client_msg_no = number;
  f.channel_id = channel;
  f.channel_type = fields.number<std::uint8_t>("channel_type");
  f.msg_key = msg_key;
  f.payload = payload;
  to.expect(encrypted(c, fields.text("plain_payload")) == payload,
            "send: another payload");
  check_signature(fields, f, c, to);
  to.expect(fields.ok(), "send: " + fields.problem());
  check_frame_bytes(item, f, to);
}

void check_recv(const nlohmann::json& item, cipher& c, report& to) {
  json_fields fields{item};
  auto number = fields.text("client_msg_no");
  auto from = fields.text("from_uid");
  auto channel = fields.text("channel_id");
  auto msg_key = fields.text("msg_key");
  auto payload = fields.text("wire_payload_ascii");
  recv_frame f;
  f.msg_key = msg_key;
  f.from_uid = from;
  f.channel_id = channel;
  f.channel_type = fields.number<std::uint8_t>("channel_type");
  f.client_msg_no = number;
  f.message_id = fields.number<std::int64_t>("message_id");
  f.message_seq = fields.number<std::uint32_t>("message_seq");
  f.timestamp = fields.number<std::int32_t>("timestamp");
  f.payload = payload;
  check_signature(fields, f, c, to);
  to.expect(fields.ok(), "recv: " + fields.problem());
  check_frame_bytes(item, f, to);
}

void check_set(const nlohmann::json& item, report& to) {
  json_fields fields{item};
  auto keys = check_keys(fields, to);
  if (!keys)
    return;
  cipher c;
  c.use(*keys);
  check_payloads(fields.part("payloads"), c, to);
  if (fields.ok())
    check_send(fields.part("send"), c, to);
  if (fields.ok())
    check_recv(fields.part("recv"), c, to);
  to.expect(fields.ok(), fields.problem());
}

} // namespace

void check_crypto(const nlohmann::json& list, report& to) {
  for (std::size_t i = 0; auto& item : list) {
    to.begin(label("crypto", item, i++));
    check_set(item, to);
  }
}

} // namespace jindou::vectors
