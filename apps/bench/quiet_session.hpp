#pragma once

#include "messages/session.hpp"

#include <atomic>
#include <cstdint>
#include <memory>

namespace jindou::bench {

/// A session without a socket that keeps nothing, so that a pool is measured
/// and not its sessions. Acknowledges every RECV at once.
class quiet_session : public session {
public:
  quiet_session(connection_id id, io_port& io) : id_(id), io_(&io) {
    // nop
  }

  connection_id id() const override {
    return id_;
  }

  const session_transport& transport() const override {
    return transport_;
  }

  io_port& io() override {
    return *io_;
  }

  std::shared_ptr<const session_identity> identity() const override {
    return identity_;
  }

  void establish(session_identity who, shared_bytes) override {
    identity_ = std::make_shared<const session_identity>(std::move(who));
  }

  void refuse(shared_bytes) override {
    // nobody reads why
  }

  pushed append(shared_bytes) override {
    return pushed::queued;
  }

  void answered(std::size_t) override {
    // nothing reads
  }

  void close(wire::reason, std::string_view,
             std::chrono::milliseconds) override {
    // nothing is open
  }

  void remember(unacked_recv) override {
    // acknowledged at once
  }

  bool acknowledge(message_id) override {
    return false;
  }

  std::vector<unacked_recv> take_due(std::int64_t, std::int64_t,
                                     unsigned) override {
    return {};
  }

private:
  connection_id id_;
  io_port* io_;
  session_transport transport_;
  std::shared_ptr<const session_identity> identity_;
};

/// An io thread that has nothing to flush.
class no_io final : public io_port {
public:
  void wake(std::vector<session_ptr>) override {
    // frames were taken when they were appended
  }
};

} // namespace jindou::bench
