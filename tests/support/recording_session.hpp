#pragma once

#include "messages/session.hpp"
#include "messages/wire/codec.hpp"

#include <algorithm>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace jindou::test {

/// An io thread that only counts.
class counting_io : public io_port {
public:
  void wake(std::vector<session_ptr> dirty) override {
    wakes += 1;
    woken += dirty.size();
  }

  std::size_t wakes = 0;
  std::size_t woken = 0;
};

/// A connection without a socket: keeps what was written to it.
class recording_session : public session {
public:
  explicit recording_session(connection_id number, counting_io& port)
      : id_(number), io_(&port) {
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
    return who_;
  }

  void establish(session_identity who, shared_bytes connack) override {
    who_ = std::make_shared<const session_identity>(std::move(who));
    append(std::move(connack));
  }

  void refuse(shared_bytes connack) override {
    refused = true;
    append(std::move(connack));
  }

  pushed append(shared_bytes frames) override {
    if (answer == pushed::full || answer == pushed::closed)
      return answer;
    auto bytes = frames.span();
    written.insert(written.end(), bytes.begin(), bytes.end());
    ++appends;
    return answer;
  }

  void answered(std::size_t n) override {
    answers += n;
  }

  void close(wire::reason why, std::string_view text,
             std::chrono::milliseconds) override {
    closes.emplace_back(static_cast<int>(why), std::string{text});
  }

  void remember(unacked_recv x) override {
    remembered.push_back(std::move(x));
  }

  bool acknowledge(message_id id) override {
    auto same = [&](auto& x) { return x.id == id; };
    return std::erase_if(remembered, same) > 0;
  }

  std::vector<unacked_recv> take_due(std::int64_t before_ms, std::int64_t,
                                     unsigned attempts_max) override {
    due_before_ms = before_ms;
    due_attempts_max = attempts_max;
    return std::exchange(due, {});
  }

  /// Cuts everything written so far into frames.
  std::vector<wire::frame> frames(std::uint8_t version) const {
    std::vector<wire::frame> res;
    byte_span rest{written};
    while (!rest.empty()) {
      auto x = wire::decode(rest, version);
      auto* one = std::get_if<wire::decoded>(&x);
      if (one == nullptr)
        break;
      res.push_back(one->frame);
      rest = rest.subspan(one->bytes);
    }
    return res;
  }

  template <class T>
  std::vector<T> all(std::uint8_t version = wire::latest_version) const {
    std::vector<T> res;
    for (auto& f : frames(version))
      if (auto* x = std::get_if<T>(&f))
        res.push_back(*x);
    return res;
  }

  bool refused = false;
  pushed answer = pushed::wake;
  byte_vector written;
  std::size_t appends = 0;
  std::size_t answers = 0;
  std::vector<std::pair<int, std::string>> closes;
  std::vector<unacked_recv> remembered;
  /// What the next `take_due` finds, and what it was asked for.
  std::vector<unacked_recv> due;
  std::int64_t due_before_ms = 0;
  unsigned due_attempts_max = 0;

private:
  connection_id id_;
  session_transport transport_;
  counting_io* io_;
  std::shared_ptr<const session_identity> who_;
};

} // namespace jindou::test
