#include "messages/wire/crypto.hpp"

#include "messages/wire/base64.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <charconv>
#include <concepts>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>

namespace jindou::wire {

namespace {

constexpr std::size_t x25519_bytes = 32;
constexpr std::size_t aes_block = 16;
constexpr std::size_t md5_bytes = 16;

using raw_key = std::array<std::byte, x25519_bytes>;

/// Without these algorithms no client can be served: ends the process.
void require(bool holds, const char* what) {
  if (!holds) {
    std::fprintf(stderr, "OpenSSL offers no %s\n", what);
    std::abort();
  }
}

const EVP_CIPHER* aes_128_cbc() {
  static const EVP_CIPHER* fetched
    = EVP_CIPHER_fetch(nullptr, "AES-128-CBC", nullptr);
  require(fetched != nullptr, "AES-128-CBC");
  return fetched;
}

const EVP_MD* md5() {
  static const EVP_MD* fetched = EVP_MD_fetch(nullptr, "MD5", nullptr);
  require(fetched != nullptr, "MD5");
  return fetched;
}

template <auto Free>
struct deleter {
  void operator()(auto* p) const {
    Free(p);
  }
};

using pkey_ptr = std::unique_ptr<EVP_PKEY, deleter<EVP_PKEY_free>>;
using pkey_ctx_ptr = std::unique_ptr<EVP_PKEY_CTX, deleter<EVP_PKEY_CTX_free>>;
using cipher_ctx_ptr
  = std::unique_ptr<EVP_CIPHER_CTX, deleter<EVP_CIPHER_CTX_free>>;
using digest_ctx_ptr = std::unique_ptr<EVP_MD_CTX, deleter<EVP_MD_CTX_free>>;

unsigned char* raw(auto* bytes) {
  return reinterpret_cast<unsigned char*>(bytes);
}

const unsigned char* raw(const auto* bytes) {
  return reinterpret_cast<const unsigned char*>(bytes);
}

/// Wipes on the way out, whichever way that is.
struct secret {
  ~secret() {
    OPENSSL_cleanse(bytes.data(), bytes.size());
  }

  raw_key bytes{};
};

std::array<char, 32> md5_hex(EVP_MD_CTX* ctx, std::string_view text) {
  unsigned char digest[md5_bytes];
  auto done = EVP_DigestInit_ex2(ctx, md5(), nullptr) == 1
              && EVP_DigestUpdate(ctx, text.data(), text.size()) == 1
              && EVP_DigestFinal_ex(ctx, digest, nullptr) == 1;
  require(done, "working MD5");
  constexpr std::string_view digits = "0123456789abcdef";
  std::array<char, 32> hex;
  for (std::size_t i = 0; i < md5_bytes; ++i) {
    hex[2 * i] = digits[digest[i] >> 4];
    hex[2 * i + 1] = digits[digest[i] & 15];
  }
  return hex;
}

pkey_ptr private_pkey(byte_span key) {
  return pkey_ptr{EVP_PKEY_new_raw_private_key_ex(
    nullptr, "X25519", nullptr, raw(key.data()), x25519_bytes)};
}

/// X25519; an all-zero secret (a key of low order) counts as a bad key.
result<void> agree_on(EVP_PKEY* mine, byte_span peer_key, raw_key& out) {
  if (peer_key.size() < x25519_bytes)
    return errc::bad_client_key;
  pkey_ptr theirs{EVP_PKEY_new_raw_public_key_ex(
    nullptr, "X25519", nullptr, raw(peer_key.data()), x25519_bytes)};
  pkey_ctx_ptr ctx{EVP_PKEY_CTX_new_from_pkey(nullptr, mine, nullptr)};
  auto size = out.size();
  if (!theirs || !ctx || EVP_PKEY_derive_init(ctx.get()) != 1
      || EVP_PKEY_derive_set_peer(ctx.get(), theirs.get()) != 1
      || EVP_PKEY_derive(ctx.get(), raw(out.data()), &size) != 1
      || size != x25519_bytes)
    return errc::bad_client_key;
  return {};
}

/// A fresh pair: the private key goes to `secret`, the public one to `open`.
pkey_ptr make_pair(raw_key& secret, raw_key& open) {
  if (RAND_priv_bytes(raw(secret.data()), x25519_bytes) != 1)
    return nullptr;
  auto key = private_pkey(secret);
  auto size = open.size();
  if (!key
      || EVP_PKEY_get_raw_public_key(key.get(), raw(open.data()), &size) != 1)
    return nullptr;
  return key;
}

/// 16 characters of `0-9a-zA-Z`, all equally likely.
bool make_salt(std::string& salt) {
  constexpr std::string_view letters
    = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  constexpr auto fair = 256 - 256 % letters.size();
  while (salt.size() < aes_block) {
    unsigned char dice[2 * aes_block];
    if (RAND_bytes(dice, sizeof(dice)) != 1)
      return false;
    for (auto x : dice)
      if (x < fair && salt.size() < aes_block)
        salt += letters[x % letters.size()];
  }
  return true;
}

/// The keys that follow from a private key, the peer's public key and an IV.
result<session_keys> derive(EVP_PKEY* mine, byte_span peer_key,
                            std::string_view iv) {
  secret shared;
  if (auto ok = agree_on(mine, peer_key, shared.bytes); !ok)
    return ok.error();
  std::array<char, base64_size(x25519_bytes)> text;
  base64_encode(shared.bytes, text.data());
  digest_ctx_ptr ctx{EVP_MD_CTX_new()};
  require(ctx != nullptr, "memory");
  auto hex = md5_hex(ctx.get(), {text.data(), text.size()});
  session_keys keys;
  std::copy_n(hex.begin(), keys.key.size(), keys.key.begin());
  std::copy_n(iv.begin(), keys.iv.size(), keys.iv.begin());
  OPENSSL_cleanse(text.data(), text.size());
  OPENSSL_cleanse(hex.data(), hex.size());
  return keys;
}

/// Padding of PKCS#7, or nothing if the bytes do not end in one.
std::optional<std::size_t> padding_of(byte_span plain) {
  auto n = std::to_integer<std::size_t>(plain.back());
  if (n == 0 || n > aes_block)
    return std::nullopt;
  auto tail = plain.last(n);
  auto same = [&](std::byte b) { return b == plain.back(); };
  return std::all_of(tail.begin(), tail.end(), same)
           ? std::optional<std::size_t>{n}
           : std::nullopt;
}

// -- signed texts -------------------------------------------------------------

void add(std::string& to, std::string_view text) {
  to += text;
}

void add(std::string& to, std::integral auto number) {
  char digits[24];
  auto end = std::to_chars(digits, digits + sizeof(digits), number).ptr;
  to.append(digits, end);
}

template <class... Ts>
void concat(std::string& to, const Ts&... parts) {
  (add(to, parts), ...);
}

void add_signed_text(std::string& to, const send_frame& f) {
  concat(to, f.client_seq, f.client_msg_no, f.channel_id, +f.channel_type,
         f.payload);
}

void add_signed_text(std::string& to, const recv_frame& f) {
  concat(to, f.message_id, f.message_seq, f.client_msg_no, f.timestamp,
         f.from_uid, f.channel_id, +f.channel_type, f.payload);
}

} // namespace

// -- keys ---------------------------------------------------------------------

session_keys::~session_keys() {
  OPENSSL_cleanse(key.data(), key.size());
  OPENSSL_cleanse(iv.data(), iv.size());
}

result<session_keys> derive_keys(byte_span private_key, byte_span peer_key,
                                 std::string_view iv) {
  if (iv.size() < aes_block)
    return errc::invalid_argument;
  if (private_key.size() < x25519_bytes)
    return errc::bad_client_key;
  auto mine = private_pkey(private_key);
  return mine ? derive(mine.get(), peer_key, iv) : errc::bad_client_key;
}

result<key_agreement> agree(std::string_view client_key) {
  byte_vector peer(base64_bytes_max(client_key.size()));
  auto size = base64_decode(client_key, peer.data());
  if (!size || *size < x25519_bytes)
    return errc::bad_client_key;
  secret raw_private;
  raw_key raw_public;
  key_agreement made;
  auto mine = make_pair(raw_private.bytes, raw_public);
  if (!mine || !make_salt(made.salt))
    return errc::unavailable;
  auto keys = derive(mine.get(), peer, made.salt);
  if (!keys)
    return keys.error();
  made.keys = *keys;
  made.server_key = base64_encode(raw_public);
  return made;
}

result<key_pair> make_key_pair() {
  secret raw_private;
  raw_key raw_public;
  if (!make_pair(raw_private.bytes, raw_public))
    return errc::unavailable;
  auto& bytes = raw_private.bytes;
  return key_pair{{bytes.begin(), bytes.end()}, base64_encode(raw_public)};
}

// -- cipher -------------------------------------------------------------------

/// Uses EVP_Cipher, which ciphers whole blocks in one call and neither pads nor
/// keeps bytes back: padding is ours, so that a bad one can be told from
/// others.
struct cipher::impl {
  impl() {
    require(encrypting && decrypting && digesting, "memory");
    require(EVP_EncryptInit_ex2(encrypting.get(), aes_128_cbc(), nullptr,
                                nullptr, nullptr)
                == 1
              && EVP_DecryptInit_ex2(decrypting.get(), aes_128_cbc(), nullptr,
                                     nullptr, nullptr)
                   == 1,
            "working AES-128-CBC");
  }

  ~impl() {
    OPENSSL_cleanse(blocks.data(), blocks.size());
    OPENSSL_cleanse(text.data(), text.size());
  }

  /// Goes back to the IV and sets the key if `use` changed it.
  void start(bool encrypt) {
    auto& keyed = encrypt ? encrypt_keyed : decrypt_keyed;
    auto* key = keyed ? nullptr : raw(keys.key.data());
    auto* ctx = encrypt ? encrypting.get() : decrypting.get();
    auto* init = encrypt ? EVP_EncryptInit_ex2 : EVP_DecryptInit_ex2;
    auto done = init(ctx, nullptr, key, raw(keys.iv.data()), nullptr) == 1;
    require(done, "working AES-128-CBC");
    keyed = true;
  }

  /// Puts the ciphertext of `plain` into `blocks` and returns its size.
  std::size_t encrypt_blocks(byte_span plain) {
    auto pad = aes_block - plain.size() % aes_block;
    auto size = plain.size() + pad;
    if (blocks.size() < size)
      blocks.resize(size);
    if (!plain.empty())
      std::memcpy(blocks.data(), plain.data(), plain.size());
    std::memset(blocks.data() + plain.size(), static_cast<int>(pad), pad);
    start(true);
    auto* p = raw(blocks.data());
    auto done = EVP_Cipher(encrypting.get(), p, p, static_cast<unsigned>(size));
    require(done > 0, "working AES-128-CBC");
    return size;
  }

  /// Signs what stands in `text`.
  std::array<char, 32> sign_text(std::string_view plain) {
    auto size = encrypt_blocks(as_bytes(plain));
    wire.resize(base64_size(size));
    base64_encode({blocks.data(), size}, wire.data());
    return md5_hex(digesting.get(), wire);
  }

  cipher_ctx_ptr encrypting{EVP_CIPHER_CTX_new()};
  cipher_ctx_ptr decrypting{EVP_CIPHER_CTX_new()};
  digest_ctx_ptr digesting{EVP_MD_CTX_new()};
  session_keys keys;
  bool encrypt_keyed = false;
  bool decrypt_keyed = false;
  byte_vector blocks; // plain text on its way, then ciphertext
  std::string text;   // signed text
  std::string wire;   // base64 of what is signed
};

cipher::cipher() : impl_(std::make_unique<impl>()) {
  // nop
}

cipher::~cipher() = default;
cipher::cipher(cipher&&) noexcept = default;
cipher& cipher::operator=(cipher&&) noexcept = default;

void cipher::use(const session_keys& keys) {
  if (impl_->keys == keys)
    return;
  impl_->keys = keys;
  impl_->encrypt_keyed = false;
  impl_->decrypt_keyed = false;
}

void cipher::encrypt(byte_span plain, byte_vector& out) {
  auto size = impl_->encrypt_blocks(plain);
  auto at = out.size();
  out.resize(at + base64_size(size));
  base64_encode({impl_->blocks.data(), size},
                reinterpret_cast<char*>(out.data() + at));
}

errc cipher::decrypt(byte_span wire_text, byte_vector& out) {
  auto& blocks = impl_->blocks;
  if (auto most = base64_bytes_max(wire_text.size()); blocks.size() < most)
    blocks.resize(most);
  auto size = base64_decode(as_text(wire_text), blocks.data());
  if (!size || *size == 0 || *size % aes_block != 0)
    return errc::bad_payload;
  impl_->start(false);
  auto at = out.size();
  out.resize(at + *size);
  auto done = EVP_Cipher(impl_->decrypting.get(), raw(out.data() + at),
                         raw(blocks.data()), static_cast<unsigned>(*size));
  std::optional<std::size_t> padding;
  if (done > 0)
    padding = padding_of(byte_span{out}.subspan(at));
  out.resize(padding ? out.size() - *padding : at);
  return padding ? errc::none : errc::bad_payload;
}

std::array<char, 32> cipher::sign(std::string_view text) {
  return impl_->sign_text(text);
}

std::array<char, 32> cipher::sign(const send_frame& f) {
  impl_->text.clear();
  add_signed_text(impl_->text, f);
  return impl_->sign_text(impl_->text);
}

std::array<char, 32> cipher::sign(const recv_frame& f) {
  impl_->text.clear();
  add_signed_text(impl_->text, f);
  return impl_->sign_text(impl_->text);
}

std::string signed_text(const send_frame& f) {
  std::string text;
  add_signed_text(text, f);
  return text;
}

std::string signed_text(const recv_frame& f) {
  std::string text;
  add_signed_text(text, f);
  return text;
}

} // namespace jindou::wire
