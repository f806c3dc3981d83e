#pragma once

#include "apps/bench/histogram.hpp"
#include "messages/session.hpp"
#include "messages/user.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace jindou::bench {

/// What the sessions count, from any thread.
class pool_tally {
public:
  void add_ack(connection_id who, std::uint64_t ns, bool accepted);

  /// Takes and forgets the times of the run.
  histogram take_times();

  std::atomic<std::uint64_t> logins{0};
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> refused{0};
  std::atomic<std::uint64_t> pushed{0};

private:
  struct shard {
    std::mutex mx;
    histogram times;
  };
  std::array<shard, 8> shards_;
};

/// An io thread that has nothing to flush.
class no_io final : public io_port {
public:
  void wake(std::vector<session_ptr>) override {
    // frames were taken when they were appended
  }
};

/// A session without a socket: takes frames as a client would and answers
/// nothing by itself.
class pool_session final : public session,
                           public std::enable_shared_from_this<pool_session> {
public:
  /// SENDs under way at once; a power of two.
  static constexpr std::uint32_t in_flight_max = 1'024;

  pool_session(connection_id id, std::string uid, std::string peer,
               pool_tally& tally, io_port& io);

  user_delivery_ptr make_login();
  user_delivery_ptr make_close();

  /// Makes one batch of `n` SENDs that should have arrived at `intended_ns`.
  user_delivery_ptr make_sends(unsigned n, const std::string& payload,
                               std::int64_t intended_ns);

  // -- session ----------------------------------------------------------------

  connection_id id() const override {
    return id_;
  }

  const session_transport& transport() const override {
    return transport_;
  }

  io_port& io() override {
    return io_;
  }

  std::shared_ptr<const session_identity> identity() const override;
  void establish(session_identity who, shared_bytes connack) override;
  void refuse(shared_bytes connack) override;
  pushed append(shared_bytes frames) override;
  void answered(std::size_t n) override;
  void close(wire::reason why, std::string_view text,
             std::chrono::milliseconds linger) override;
  void remember(unacked_recv x) override;
  bool acknowledge(message_id id) override;
  std::vector<unacked_recv> take_due(std::int64_t before_ms,
                                     std::int64_t now_ms,
                                     unsigned attempts_max) override;

private:
  user_delivery_ptr make_batch(shared_bytes bytes,
                               std::vector<user_event> events);
  wire::send_frame frame_of(std::string_view number,
                            std::string_view payload) const;
  void on_sendack(const wire::sendack_frame& f);

  connection_id id_;
  std::string uid_;
  std::string peer_;
  pool_tally& tally_;
  io_port& io_;
  session_transport transport_;
  std::shared_ptr<const session_identity> identity_;
  std::vector<std::int64_t> times_;
  std::uint32_t last_seq_ = 0;
};

} // namespace jindou::bench
