#pragma once

#include "apps/bench/conductor.hpp"
#include "apps/bench/pool_session.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

/// The parts of the isolation benchmark.
namespace jindou::bench {

/// The payload of a victim begins with the time at which it was due.
inline std::string stamped(std::int64_t due, std::size_t bytes) {
  constexpr std::size_t digits = 20;
  std::string s(std::max(bytes, digits), ' ');
  std::to_chars(s.data(), s.data() + digits, due);
  return s;
}

/// A user whose messages are timed from due to RECV.
class victim_session final : public pool_session {
public:
  victim_session(connection_id id, std::string uid, pool_peer peer,
                 pool_tally& tally, shared_histogram& recv, io_port& io)
      : pool_session(id, std::move(uid), std::move(peer), tally, io),
        recv_(recv) {
    // nop
  }

protected:
  void on_recv(const wire::recv_frame& f) override {
    pool_session::on_recv(f);
    auto text = f.payload;
    std::int64_t due = 0;
    std::from_chars(text.data(), text.data() + text.size(), due);
    recv_.add(id(), static_cast<std::uint64_t>(now_ns() - due));
  }

private:
  shared_histogram& recv_;
};

/// A session whose log-in holds the thread of its user: what a handler does
/// that calls something slow.
class stuck_session final : public pool_session {
public:
  using pool_session::pool_session;

  void establish(session_identity who, shared_bytes connack) override {
    std::this_thread::sleep_for(std::chrono::seconds{1});
    pool_session::establish(std::move(who), std::move(connack));
  }
};

using sessions = std::vector<std::shared_ptr<pool_session>>;

/// Users of one kind and what became of their messages.
struct population {
  sessions members;
  pool_tally tally;
  shared_histogram recv;
  std::uint64_t sent = 0;
  std::size_t turn = 0;

  void forget_times() {
    tally.times.take();
    recv.take();
  }

  std::uint64_t lost() const {
    auto pushed = tally.pushed.load();
    return tally.accepted > pushed ? tally.accepted - pushed : 0;
  }

  std::uint64_t unanswered() const {
    auto answered = tally.accepted + tally.refused;
    return sent > answered ? sent - answered : 0;
  }
};

/// Counts what is due of a steady rate.
class metronome {
public:
  metronome(double per_second, std::int64_t began)
      : period_(1e9 / per_second), began_(began) {
    // nop
  }

  std::int64_t due() const {
    return began_
           + static_cast<std::int64_t>(static_cast<double>(n_) * period_);
  }

  /// Says whether one more is due, and counts it.
  bool take(std::int64_t now) {
    if (due() > now)
      return false;
    ++n_;
    return true;
  }

private:
  double period_;
  std::int64_t began_;
  std::uint64_t n_ = 0;
};

} // namespace jindou::bench
