#pragma once

#include "messages/bytes.hpp"
#include "messages/result.hpp"
#include "messages/wire/frame.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace jindou::wire {

/// What one connection encrypts with: AES-128 key and IV, both ASCII. Wiped
/// when it goes.
struct session_keys {
  ~session_keys();

  std::array<char, 16> key{};
  std::array<char, 16> iv{};

  friend bool operator==(const session_keys&, const session_keys&) = default;
};

/// The server's half of the key agreement.
struct key_agreement {
  session_keys keys;
  std::string server_key; // base64, for CONNACK
  std::string salt;       // the IV, for CONNACK
};

/// Makes a fresh X25519 pair and IV and derives the keys with the client's
/// public key (base64; bytes beyond the 32nd are ignored).
/// Errors: `errc::bad_client_key`; `errc::unavailable` without random numbers.
result<key_agreement> agree(std::string_view client_key);

/// The pure half of `agree`, for vectors and clients: keys from the private
/// and the peer's public key (32 raw bytes each) and the IV (its first 16
/// characters).
/// Errors: `errc::bad_client_key` for a key of another size or of low order;
/// `errc::invalid_argument` for a shorter IV.
result<session_keys> derive_keys(byte_span private_key, byte_span peer_key,
                                 std::string_view iv);

/// An X25519 pair for clients: raw private key and base64 public key.
struct key_pair {
  byte_vector private_key; // whoever holds it wipes it
  std::string public_key;
};

/// Errors: `errc::unavailable` without random numbers.
result<key_pair> make_key_pair();

/// Encrypts and decrypts with one session's keys. Not thread-safe: one per
/// thread or actor, re-keyed per session by `use`. Holds its OpenSSL contexts,
/// so that no algorithm is looked up per call.
class cipher {
public:
  cipher();
  ~cipher();
  cipher(cipher&&) noexcept;
  cipher& operator=(cipher&&) noexcept;

  /// Takes the keys for all that follows; the same keys again cost nothing.
  void use(const session_keys& keys);

  /// Appends base64(AES-CBC(pad(plain))) to `out`.
  void encrypt(byte_span plain, byte_vector& out);

  /// Appends the plain bytes of `wire_text` to `out`.
  /// Errors: `errc::bad_payload` for bad base64, length or padding.
  errc decrypt(byte_span wire_text, byte_vector& out);

  /// Returns the 32 hex digits of MD5(encrypt(text)).
  std::array<char, 32> sign(std::string_view text);

  /// Signs the `signed_text` of a frame without allocating it.
  std::array<char, 32> sign(const send_frame& f);
  std::array<char, 32> sign(const recv_frame& f);

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

/// The texts that are signed: plain concatenation, `payload` being the wire
/// payload of the frame.
std::string signed_text(const send_frame& f);
std::string signed_text(const recv_frame& f);

} // namespace jindou::wire
