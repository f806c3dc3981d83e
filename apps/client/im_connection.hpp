#pragma once

#include "apps/client/stream.hpp"
#include "messages/errc.hpp"
#include "messages/result.hpp"
#include "messages/wire/frame.hpp"
#include "messages/wire/reason.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace jindou::client {

/// Who logs in, and how.
struct login {
  std::string uid;
  std::string token;
  std::string device_id;
  std::uint8_t device_flag = 0;
  std::uint8_t version = wire::latest_version;
};

/// One client of the IM protocol: logs in, sends, receives. Versions 1 to 5,
/// with encryption whenever the server offers a key.
class im_connection final : private stream::owner {
public:
  /// Who hears of what happens. All views end with the call.
  class listener {
  public:
    virtual ~listener() = default;

    /// CONNACK. Any other reason than success is followed by the close.
    virtual void on_login(std::uint8_t reason) = 0;

    virtual void on_sendack(const wire::sendack_frame& f) = 0;

    /// `f.payload` is still the wire payload: see `open`.
    virtual void on_recv(const wire::recv_frame& f) = 0;

    virtual void on_closed(std::string_view why) = 0;
  };

  im_connection(thread_kit& kit, listener& who);

  /// Connects and says CONNECT; `on_login` or `on_closed` follows.
  void start(const endpoint& to, login who);

  /// Encrypts, signs and appends a SEND; `f.payload` is the plain payload.
  /// Errors: `errc::too_large`; `errc::unavailable` before the login.
  errc send(wire::send_frame f);

  /// Checks the signature of a RECV and returns its plain payload, which lives
  /// until the next call for any connection of the thread.
  /// Errors: `errc::bad_payload`.
  result<byte_span> open(const wire::recv_frame& f);

  /// Appends the RECVACK of `f`.
  void acknowledge(const wire::recv_frame& f);

  void ping();

  /// Writes what was appended. Answers given inside a callback are flushed
  /// when all frames of that read have been seen.
  void flush();

  void close();

  bool ready() const {
    return ready_;
  }

  bool encrypted() const {
    return keys_.has_value();
  }

  const login& who() const {
    return login_;
  }

private:
  void on_open() override;
  std::size_t on_bytes(byte_span input) override;
  void on_closed(std::string_view why) override;

  void on_frame(const wire::frame& f);
  void on_connack(const wire::connack_frame& f);
  bool take_key(const wire::connack_frame& f);
  void end(std::string_view why);

  thread_kit& kit_;
  listener& listener_;
  stream stream_;
  login login_;
  byte_vector private_key_;
  std::optional<wire::session_keys> keys_;
  std::uint8_t version_ = wire::latest_version;
  bool ready_ = false;
  bool reading_ = false;
};

} // namespace jindou::client
