#pragma once

#include "messages/bytes.hpp"
#include "messages/wire/frame.hpp"
#include "tests/crash/back_end.hpp"
#include "tests/crash/ledger.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <deque>
#include <random>
#include <string>
#include <vector>

namespace jindou::crash {

/// A user that sends at protocol version 5 over plain TCP, keeps a window of
/// unanswered messages, and after a lost connection sends the unanswered ones
/// again, in order and with their client numbers.
class im_client {
public:
  im_client(std::string uid, std::vector<channel_name> targets,
            std::uint64_t seed, ledger& book);

  /// Sends `count` new messages, after those that wait for an answer; ends when
  /// all are answered or the connection is lost.
  boost::asio::awaitable<void> run(std::uint16_t port, std::size_t count);

  /// Messages that nobody answered.
  std::size_t unanswered() const {
    return repeats_.size() + outstanding_.size();
  }

private:
  struct outgoing {
    std::string id;
    channel_name target;
    std::string number;
    std::string payload;
    std::uint32_t client_seq = 0;
  };

  boost::asio::awaitable<void> log_in();
  boost::asio::awaitable<void> read_more();
  void remember_unanswered();
  void fill_window();
  outgoing make_message();
  void write(outgoing x);
  void take_frames();
  void on_frame(const wire::frame& f);
  void on_ack(const wire::sendack_frame& f);

  std::string uid_;
  std::vector<channel_name> targets_;
  std::mt19937_64 rng_;
  ledger& book_;
  std::deque<outgoing> repeats_;
  std::deque<outgoing> outstanding_;
  std::size_t to_make_ = 0;
  std::uint64_t made_ = 0;
  std::uint32_t client_seq_ = 0;
  bool logged_in_ = false;
  byte_vector out_;
  byte_vector in_;
  boost::asio::ip::tcp::socket* socket_ = nullptr;
};

} // namespace jindou::crash
