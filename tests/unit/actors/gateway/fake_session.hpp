#pragma once

#include "messages/session.hpp"

#include <string>
#include <utility>

namespace jindou::test {

/// A session without a socket that is established from the start.
class fake_session : public session {
public:
  explicit fake_session(std::string uid, connection_id number = 1)
      : number_(number) {
    auto who = std::make_shared<session_identity>();
    who->uid = std::move(uid);
    who->version = wire::latest_version;
    who_ = std::move(who);
  }

  connection_id id() const override {
    return number_;
  }

  const session_transport& transport() const override {
    return transport_;
  }

  io_port& io() override {
    return port_;
  }

  std::shared_ptr<const session_identity> identity() const override {
    return who_;
  }

  void establish(session_identity, shared_bytes) override {
  }

  void refuse(shared_bytes) override {
  }

  pushed append(shared_bytes) override {
    return pushed::queued;
  }

  void answered(std::size_t) override {
  }

  void close(wire::reason, std::string_view,
             std::chrono::milliseconds) override {
  }

  void remember(unacked_recv) override {
  }

  bool acknowledge(message_id) override {
    return false;
  }

  std::vector<unacked_recv> take_due(std::int64_t, std::int64_t,
                                     unsigned) override {
    return {};
  }

private:
  struct silent_port : io_port {
    void wake(std::vector<session_ptr>) override {
    }
  };

  connection_id number_;
  session_transport transport_;
  silent_port port_;
  std::shared_ptr<const session_identity> who_;
};

} // namespace jindou::test
