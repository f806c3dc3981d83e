#pragma once

#include "apps/bench/quiet_session.hpp"
#include "apps/bench/shared_histogram.hpp"
#include "messages/channel_id.hpp"
#include "messages/user.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace jindou::bench {

/// What the sessions count, from any thread.
class pool_tally {
public:
  void add_ack(connection_id who, std::uint64_t ns, bool ok) {
    ++(ok ? accepted : refused);
    times.add(who, ns);
  }

  shared_histogram times;

  std::atomic<std::uint64_t> logins{0};
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> refused{0};
  std::atomic<std::uint64_t> pushed{0};
};

/// Where a session sends to.
struct pool_peer {
  std::string channel_id;
  std::uint8_t channel_type = channel_type::person;
};

/// A session without a socket: takes frames as a client would and answers
/// nothing by itself.
class pool_session : public quiet_session,
                     public std::enable_shared_from_this<pool_session> {
public:
  /// SENDs under way at once; a power of two.
  static constexpr std::uint32_t in_flight_max = 1'024;

  pool_session(connection_id id, std::string uid, pool_peer peer,
               pool_tally& tally, io_port& io);

  user_delivery_ptr make_login();
  user_delivery_ptr make_close();

  /// Makes one batch of `n` SENDs that should have arrived at `intended_ns`.
  user_delivery_ptr make_sends(unsigned n, const std::string& payload,
                               std::int64_t intended_ns);

  // -- session ----------------------------------------------------------------

  void establish(session_identity who, shared_bytes connack) override;
  void refuse(shared_bytes connack) override;
  pushed append(shared_bytes frames) override;

protected:
  /// Counts a RECV.
  virtual void on_recv(const wire::recv_frame& f);

private:
  user_delivery_ptr make_batch(shared_bytes bytes,
                               std::vector<user_event> events);
  wire::send_frame frame_of(std::string_view number,
                            std::string_view payload) const;
  void on_sendack(const wire::sendack_frame& f);

  std::string uid_;
  pool_peer peer_;
  pool_tally& tally_;
  std::vector<std::int64_t> times_;
  std::uint32_t last_seq_ = 0;
};

} // namespace jindou::bench
