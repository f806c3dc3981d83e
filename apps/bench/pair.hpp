#pragma once

#include "apps/bench/conductor.hpp"
#include "apps/bench/histogram.hpp"
#include "apps/bench/pairs.hpp"
#include "apps/client/im_connection.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace jindou::bench {

/// What all pairs count together.
struct pair_tally {
  // of the present run
  histogram ack;
  histogram recv;
  std::uint64_t delivered = 0;
  // of everything
  std::uint64_t sent = 0;
  std::uint64_t accepted = 0;
  std::uint64_t refused = 0;
  std::uint64_t arrived = 0;
  std::uint64_t late_or_doubled = 0;
  std::uint64_t damaged = 0;
  std::uint64_t seq_gaps = 0;
  std::uint64_t unsent = 0;

  std::uint64_t unanswered() const {
    return sent - accepted - refused;
  }
};

/// One sender and one receiver. The n-th message of a pair carries n in its
/// client message number, so that the receiver knows order and send time
/// without opening it.
class pair {
public:
  /// Hears when both are logged in, or why one is not.
  struct events {
    std::function<void()> on_ready;
    std::function<void(const std::string&)> on_fault;
  };

  pair(client::thread_kit& kit, const pairs_options& options, pair_tally& tally,
       const events& who, unsigned number);

  std::string sender_uid() const {
    return sender_uid_;
  }

  std::string receiver_uid() const {
    return receiver_uid_;
  }

  void connect();

  /// Fills the window and keeps it full from now on.
  void start_closed_loop();

  /// Appends one message that should have left at `intended_ns`.
  void append(std::int64_t intended_ns);

  /// Writes what was appended.
  void flush() {
    out_.link.flush();
  }

  void stop_sending() {
    closed_loop_ = false;
  }

  bool encrypted() const {
    return out_.link.encrypted();
  }

private:
  static constexpr std::size_t in_flight_max = 4'096; // a power of two

  struct end_point : client::im_connection::listener {
    end_point(pair& owner, client::thread_kit& kit)
        : self(owner), link(kit, *this) {
      // nop
    }

    void on_login(std::uint8_t reason) override {
      self.on_login(reason, link.who().uid);
    }

    void on_closed(std::string_view why) override {
      self.events_.on_fault(link.who().uid + ": " + std::string{why});
    }

    pair& self;
    client::im_connection link;
  };

  struct sender : end_point {
    using end_point::end_point;
    void on_sendack(const wire::sendack_frame& f) override {
      self.on_sendack(f);
    }
    void on_recv(const wire::recv_frame& f) override {
      link.acknowledge(f); // of an earlier run
    }
  };

  struct receiver : end_point {
    using end_point::end_point;
    void on_sendack(const wire::sendack_frame&) override {
      // sends nothing
    }
    void on_recv(const wire::recv_frame& f) override {
      self.on_recv(f);
    }
  };

  void on_login(std::uint8_t reason, const std::string& uid);
  void on_sendack(const wire::sendack_frame& f);
  void on_recv(const wire::recv_frame& f);
  void on_message(std::uint32_t index, const wire::recv_frame& f);
  bool intact(const wire::recv_frame& f);
  client::login login_of(const std::string& uid) const;

  std::int64_t& time_of(std::uint32_t index) {
    return times_[index & (in_flight_max - 1)];
  }

  const pairs_options& options_;
  pair_tally& tally_;
  const events& events_;
  std::string sender_uid_;
  std::string receiver_uid_;
  std::string number_;  // prefix and 8 hex digits of the index
  std::string payload_; // begins with number_
  std::vector<std::int64_t> times_;
  sender out_;
  receiver in_;
  std::uint32_t next_index_ = 1;
  std::uint32_t answered_ = 0;
  std::uint32_t next_arrival_ = 1;
  std::uint32_t last_seq_ = 0;
  unsigned logged_in_ = 0;
  bool closed_loop_ = false;
};

} // namespace jindou::bench
