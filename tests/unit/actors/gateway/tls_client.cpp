#include "tests/unit/actors/gateway/tls_client.hpp"

#include "messages/wire/codec.hpp"
#include "tests/unit/actors/gateway/gateway_fixture.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <arpa/inet.h>
#include <array>
#include <csignal>
#include <cstdio>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace jindou::test {

// -- certificates -------------------------------------------------------------

namespace {

using file = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

file create(const std::string& path) {
  return {std::fopen(path.c_str(), "w"), std::fclose};
}

} // namespace

void write_certificate(const std::string& cert_file,
                       const std::string& key_file, const std::string& name,
                       int days) {
  std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key{EVP_EC_gen("P-256"),
                                                     EVP_PKEY_free};
  std::unique_ptr<X509, void (*)(X509*)> cert{X509_new(), X509_free};
  ASSERT_TRUE(key && cert);
  ASN1_INTEGER_set(X509_get_serialNumber(cert.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(cert.get()), -2 * 86'400);
  X509_gmtime_adj(X509_getm_notAfter(cert.get()), days * 86'400L);
  X509_set_pubkey(cert.get(), key.get());
  auto* subject = X509_get_subject_name(cert.get());
  X509_NAME_add_entry_by_txt(
    subject, "CN", MBSTRING_ASC,
    reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(cert.get(), subject);
  ASSERT_GT(X509_sign(cert.get(), key.get(), EVP_sha256()), 0);
  auto to_cert = create(cert_file);
  auto to_key = create(key_file);
  ASSERT_TRUE(to_cert && to_key);
  ASSERT_EQ(PEM_write_X509(to_cert.get(), cert.get()), 1);
  ASSERT_EQ(PEM_write_PrivateKey(to_key.get(), key.get(), nullptr, nullptr, 0,
                                 nullptr, nullptr),
            1);
}

// -- client -------------------------------------------------------------------

tls_client::tls_client(const std::string& address)
    : tls_client(address, rules{}) {
  // nop
}

tls_client::tls_client(const std::string& address, const rules& how,
                       const std::string& first) {
  std::signal(SIGPIPE, SIG_IGN); // OpenSSL's own socket raises it
  auto colon = address.rfind(':');
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port
    = htons(static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1))));
  ::inet_pton(AF_INET, address.substr(0, colon).c_str(), &to.sin_addr);
  socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
  timeval limit{patience.count(), 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  if (::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof(to)) != 0) {
    ::close(socket_);
    throw std::runtime_error("nobody listens on " + address);
  }
  ::send(socket_, first.data(), first.size(), MSG_NOSIGNAL);
  context_.reset(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_security_level(context_.get(), 0); // may offer what is too old
  SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(context_.get(), how.version_max);
  SSL_CTX_set_tlsext_max_fragment_length(context_.get(), how.record_size);
  ssl_.reset(SSL_new(context_.get()));
  SSL_set_fd(ssl_.get(), socket_);
  secured_ = SSL_connect(ssl_.get()) == 1;
}

tls_client::~tls_client() {
  ::close(socket_);
}

std::string tls_client::server_name() const {
  std::unique_ptr<X509, void (*)(X509*)> cert{
    SSL_get1_peer_certificate(ssl_.get()), X509_free};
  std::array<char, 64> name{};
  if (cert)
    X509_NAME_get_text_by_NID(X509_get_subject_name(cert.get()), NID_commonName,
                              name.data(), static_cast<int>(name.size()));
  return name.data();
}

/// Whether the server takes it all is seen by what it answers.
void tls_client::send(byte_span bytes) {
  SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
}

bool tls_client::renew_keys() {
  if (version() == TLS1_3_VERSION)
    return SSL_key_update(ssl_.get(), SSL_KEY_UPDATE_REQUESTED) == 1
           && SSL_do_handshake(ssl_.get()) == 1;
  return SSL_renegotiate(ssl_.get()) == 1 && SSL_do_handshake(ssl_.get()) == 1;
}

std::optional<wire::frame> tls_client::read() {
  return input_.next_frame([this] { return fill(); });
}

std::string tls_client::read_all() {
  return input_.rest([this] { return fill(); });
}

bool tls_client::fill() {
  std::array<std::byte, 16 << 10> buffer;
  auto n = SSL_read(ssl_.get(), buffer.data(), static_cast<int>(buffer.size()));
  if (n <= 0)
    return false;
  input_.bytes.insert(input_.bytes.end(), buffer.begin(), buffer.begin() + n);
  return true;
}

} // namespace jindou::test
