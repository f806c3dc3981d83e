#include "apps/vectors/frame_fields.hpp"
#include "apps/vectors/json_fields.hpp"
#include "apps/vectors/vector_check.hpp"
#include "messages/errc.hpp"
#include "messages/limits.hpp"
#include "messages/wire/codec.hpp"

#include <openssl/evp.h>

namespace jindou::vectors {

namespace {

using namespace wire;

// Where the original encoder goes wrong, ours must be right; where it refuses,
// ours may do either.

constexpr std::size_t bytes_max = 4 + limits::frame_body_bytes_max;

std::string sha256_of(byte_span bytes) {
  byte_vector digest(32);
  EVP_Digest(bytes.data(), bytes.size(),
             reinterpret_cast<unsigned char*>(digest.data()), nullptr,
             EVP_sha256(), nullptr);
  return hex_of(digest);
}

/// The number that follows `before` in a name, e.g. 5 in "send_v5_x".
std::optional<std::size_t> number_after(std::string_view name,
                                        std::string_view before) {
  auto at = name.find(before);
  if (at == std::string_view::npos)
    return std::nullopt;
  std::size_t value = 0;
  auto digits = name.substr(at + before.size());
  auto end = digits.data() + digits.size();
  if (std::from_chars(digits.data(), end, value).ptr == digits.data())
    return std::nullopt;
  return value;
}

std::uint8_t version_in(std::string_view name) {
  auto v = number_after(name, "_v").value_or(latest_version);
  return v <= 255 ? static_cast<std::uint8_t>(v) : latest_version;
}

/// Decodes and encodes the whole of `bytes`.
void check_round_trip(byte_span bytes, std::uint8_t version, report& to) {
  auto result = decode(bytes, version);
  auto* d = std::get_if<decoded>(&result);
  if (d == nullptr || d->bytes != bytes.size())
    return to.differs("is not decoded as one frame");
  byte_vector again;
  to.expect(encode(d->frame, version, again) == errc::none
              && as_text(again) == as_text(bytes),
            "is not encoded to the bytes it was decoded from");
}

/// Puts another remaining length in front of the body of a frame.
byte_vector with_length(byte_span frame, std::size_t length) {
  byte_vector bytes{frame[0]};
  std::size_t body = 1;
  while (body < frame.size() && (frame[body] & std::byte{0x80}) != std::byte{})
    ++body;
  auto left = length;
  for (; left > 0x7f; left >>= 7)
    bytes.push_back(static_cast<std::byte>(0x80 | (left & 0x7f)));
  bytes.push_back(static_cast<std::byte>(left));
  auto rest = frame.subspan(std::min(body + 1, frame.size()));
  bytes.insert(bytes.end(), rest.begin(), rest.end());
  return bytes;
}

/// The original declared more bytes than it wrote.
void check_miscounted(json_fields& fields, std::uint8_t version, report& to) {
  auto bytes = fields.hex("hex");
  auto declared = fields.number<std::size_t>("declared_remaining");
  auto actual = fields.number<std::size_t>("actual_remaining");
  if (!fields.ok() || bytes.empty())
    return to.differs(fields.ok() ? "has no bytes" : fields.problem());
  to.expect(as_text(with_length(bytes, declared)) == as_text(bytes),
            "does not declare the bytes it says");
  to.expect(std::holds_alternative<need_more>(decode(bytes, version)),
            "is decoded although it is incomplete");
  check_round_trip(with_length(bytes, actual), version, to);
}

/// A large frame, given by its beginning; the rest are zero bytes.
void check_prefix(json_fields& fields, std::uint8_t version, report& to) {
  auto bytes = fields.hex("prefix_hex");
  auto length = fields.number<std::size_t>("length");
  auto sha256 = fields.text("sha256");
  if (!fields.ok())
    return to.differs(fields.problem());
  if (length < bytes.size() || length > bytes_max)
    return to.differs("has a length that no frame has");
  bytes.resize(length);
  to.expect(sha256_of(bytes) == sha256, "has another SHA-256");
  check_round_trip(bytes, version, to);
}

/// Encodes SEND or RECV with `size` bytes of payload and `filler` bytes of
/// other texts.
errc encode_sized(bool send, std::size_t size, std::size_t filler,
                  std::uint8_t version, byte_vector& out) {
  std::string payload(size, '\0');
  std::string text(filler, 'u');
  if (!send) {
    recv_frame f;
    f.channel_id = text;
    f.payload = payload;
    return encode(f, version, out);
  }
  send_frame f;
  f.channel_id = text;
  f.payload = payload;
  return encode(f, version, out);
}

/// A payload of a size that the name says.
void check_sized(json_fields& fields, std::string_view name, report& to) {
  auto version = version_in(name);
  auto size = number_after(name, "payload_");
  auto send = name.starts_with("send");
  if (!size || *size > bytes_max || (!send && !name.starts_with("recv")))
    return to.differs("is not understood");
  byte_vector bytes;
  auto refused = encode_sized(send, *size, 0, version, bytes) != errc::none;
  if (!refused)
    check_round_trip(bytes, version, to);
  if (fields.has("decode_ok"))
    to.expect(fields.truth("decode_ok") == !refused, "is refused");
  if (fields.has("length")) { // other texts make up what is missing
    auto length = fields.number<std::size_t>("length");
    auto missing = length - bytes.size();
    bytes.clear();
    to.expect(fields.ok() && missing <= limits::wire_string_bytes_max
                && encode_sized(send, *size, missing, version, bytes)
                     == errc::none
                && bytes.size() == length,
              "has another length");
  }
  to.expect(fields.ok(), fields.problem());
}

void check_quirk(const nlohmann::json& item, report& to) {
  json_fields fields{item};
  auto name = fields.text("name");
  if (fields.has("hex"))
    check_miscounted(fields, version_in(name), to);
  else if (fields.has("prefix_hex"))
    check_prefix(fields, version_in(name), to);
  else
    check_sized(fields, name, to);
}

} // namespace

void check_quirks(const nlohmann::json& list, report& to) {
  for (std::size_t i = 0; auto& item : list) {
    to.begin(label("encoder_quirks", item, i++));
    check_quirk(item, to);
  }
}

} // namespace jindou::vectors
