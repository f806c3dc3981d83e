#pragma once

#include "messages/bytes.hpp"
#include "messages/errc.hpp"
#include "messages/user.hpp"
#include "messages/wire/frame.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace jindou::actors {

/// Cuts frames out of the bytes that one client sends; pure. What one read
/// brought is one block that all its frames share; a frame that is not
/// complete waits here.
class inbox {
public:
  /// The first frame of a connection.
  struct first_frame {
    errc verdict = errc::none; // not none: close the connection
    std::optional<wire::connect_frame> connect;
    shared_bytes bytes; // what the views point into
  };

  /// Frames for the user.
  struct batch {
    shared_bytes bytes; // what the views point into
    std::vector<user_event> events;
    /// Messages whose RECVACK asks for nothing but to be forgotten. They go
    /// past the user: a hop of its own for each cost more than all the rest.
    std::vector<message_id> acks;
    std::size_t frames = 0;    // those that nobody acts on included
    std::size_t sends = 0;     // SENDs and SUBs among the events
    bool more = false;         // a bound stopped it: cut again
    errc verdict = errc::none; // what came after the events is no frame
  };

  /// Adds what was read.
  void add(byte_span bytes);

  /// Cuts the CONNECT. Neither verdict nor frame: more bytes are needed.
  first_frame cut_connect();

  /// Cuts up to `limits::frames_per_batch_max` events with at most `sends_max`
  /// SENDs and SUBs. Frames that a client may send but nobody acts on are
  /// dropped.
  batch cut(std::uint8_t version, std::size_t sends_max);

  /// Whether what waits is at most one frame, or a part of one.
  bool holds_one(std::uint8_t version) const;

  /// Bytes that wait.
  byte_span waiting() const {
    return rest();
  }

  /// Drops the first `n` bytes that wait.
  void drop(std::size_t n) {
    keep_rest(n);
  }

  /// Number of bytes that wait.
  std::size_t size() const {
    return rest().size();
  }

private:
  byte_span rest() const;
  shared_bytes share();
  void keep_rest(std::size_t taken);

  // Either fresh bytes that nobody shares yet or a shared block of which the
  // first `at_` bytes are done with.
  byte_vector fresh_;
  shared_bytes block_;
  std::size_t at_ = 0;
};

} // namespace jindou::actors
