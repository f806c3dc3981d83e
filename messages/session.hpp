#pragma once

#include "messages/bytes.hpp"
#include "messages/errc.hpp"
#include "messages/ids.hpp"
#include "messages/wire/crypto.hpp"
#include "messages/wire/frame.hpp"
#include "messages/wire/reason.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace jindou {

class session;
using session_ptr = std::shared_ptr<session>;

/// Who is at the other end of a connection. Made by the user actor when it
/// accepts a CONNECT; immutable from then on.
struct session_identity {
  std::string uid;
  std::string device_id;
  std::uint8_t device_flag = 0;
  device_level level = device_level::slave;
  /// Negotiated protocol version.
  std::uint8_t version = 0;
  /// Frames are JSON-RPC texts.
  bool json_rpc = false;
  /// Payloads are encrypted with `keys`.
  bool encrypted = false;
  wire::session_keys keys;
};

/// What a connection needs to know to put a frame on its wire.
struct session_transport {
  /// Every frame travels as one WebSocket message.
  bool websocket = false;
  std::string remote_address;
};

/// One io thread of the gateway.
class io_port {
public:
  virtual ~io_port() = default;

  /// Flushes the outboxes of `dirty` soon, each by one gather write. Called
  /// once per batch, not per session. Any thread.
  virtual void wake(std::vector<session_ptr> dirty) = 0;
};

/// A RECV that its receiver has not acknowledged yet.
struct unacked_recv {
  message_id id = 0;
  shared_bytes frame;
  std::int64_t pushed_at_ms = 0;
  /// Of the block that `frame` keeps.
  std::uint32_t block_bytes = 0;
  std::uint8_t attempts = 0;
};

/// Port of one client connection: an object of its io thread, no actor. All
/// functions may be called from any thread.
class session {
public:
  enum class pushed {
    queued, ///< the io thread knows already
    wake,   ///< first bytes of a burst: tell `io().wake`
    full,   ///< passed the bound: the session closes itself
    closed, ///< the connection is gone
  };

  virtual ~session() = default;

  virtual connection_id id() const = 0;
  virtual const session_transport& transport() const = 0;
  virtual io_port& io() = 0;

  /// Returns the identity, or null before `establish`.
  virtual std::shared_ptr<const session_identity> identity() const = 0;

  /// Accepts the login: from now on frames are read at `who.version`.
  /// `connack` is the first thing on the wire; pushes come after it.
  virtual void establish(session_identity who, shared_bytes connack) = 0;

  /// Refuses the login: writes `connack` if there is one, then closes.
  virtual void refuse(shared_bytes connack) = 0;

  /// Appends whole encoded frames (with their WebSocket heads, if any).
  virtual pushed append(shared_bytes frames) = 0;

  /// Says that `n` SENDs and SUBs of this session have been answered, which may
  /// resume reading.
  virtual void answered(std::size_t n) = 0;

  /// Takes the id that a JSON-RPC client gave to a request: to the SEND or SUB
  /// with this number, or for 0 to the oldest CONNECT or PING. Empty: there is
  /// none.
  virtual std::string take_request(std::uint32_t /*number*/) {
    return {};
  }

  /// Sends DISCONNECT (unless `why` is `reason::unknown`), serves on for
  /// `linger`, then closes. Once more it only brings the end forward.
  virtual void close(wire::reason why, std::string_view text,
                     std::chrono::milliseconds linger)
    = 0;

  /// Remembers a pushed RECV until `acknowledge`; beyond a number and a weight
  /// the oldest is forgotten, which the client reads from the history then.
  virtual void remember(unacked_recv x) = 0;

  /// Forgets a RECV. False: it was not remembered.
  virtual bool acknowledge(message_id id) = 0;

  /// Takes the RECVs pushed at or before `before_ms` for another push, counts
  /// the attempt and drops those that have had `attempts_max` of them. What is
  /// more than `limits::resend_bytes_max` stays due.
  virtual std::vector<unacked_recv>
  take_due(std::int64_t before_ms, std::int64_t now_ms, unsigned attempts_max)
    = 0;

  /// Appends and wakes: for single frames.
  pushed send(shared_bytes frames, const session_ptr& self) {
    auto res = append(std::move(frames));
    if (res == pushed::wake)
      io().wake({self});
    return res;
  }
};

} // namespace jindou
