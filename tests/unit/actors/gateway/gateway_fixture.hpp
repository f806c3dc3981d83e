#pragma once

#include "actors/gateway/frame_encoder.hpp"
#include "actors/gateway/gateway.hpp"
#include "actors/gateway/session_table.hpp"
#include "messages/wire/codec.hpp"
#include "tests/unit/actors/gateway/received_bytes.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace jindou::test {

/// Longest wait for something that is going to happen.
constexpr std::chrono::seconds patience{10};

/// A client with a blocking socket. Plain TCP, or WebSocket after `upgrade`.
class test_client {
public:
  /// Throws if nobody listens.
  explicit test_client(const std::string& address);
  test_client(const test_client&) = delete;
  ~test_client();

  void send(byte_span bytes);
  void send(const wire::frame& f);

  /// Sends one frame of WebSocket, masked.
  void send_message(unsigned first_byte, byte_span payload);

  /// Sends the HTTP request and expects 101.
  void upgrade(const std::string& more_headers = {});

  /// Sends a CONNECT and expects a CONNACK with reason 1.
  void login(std::string_view uid);

  /// Reads until a whole frame is there. Nothing: the server closed.
  std::optional<wire::frame> read();

  /// Reads until a whole JSON-RPC text is there. Empty: the server closed.
  std::string read_text();

  /// Reads bytes until the server closes.
  std::string read_all();

  /// Reads one unmasked frame of WebSocket: first byte and payload.
  std::pair<unsigned, std::string> read_message();

  /// Shrinks the receive buffer, for slow readers.
  void shrink(int bytes = 100'000);

  void close();

private:
  bool fill();
  bool fill_to(std::size_t n);

  int socket_ = -1;
  received_bytes input_;
  bool websocket_ = false;
};

wire::connect_frame connect_of(std::string_view uid);
wire::send_frame send_of(std::uint32_t seq, std::string_view payload = "hi");
byte_vector bytes_of(const wire::frame& f);
byte_vector operator+(byte_vector x, const byte_vector& y);

/// A gateway on free ports of the loopback with users that accept and answer
/// everything at once, unless a test says otherwise.
class gateway_fixture : public ::testing::Test {
protected:
  gateway_fixture();
  ~gateway_fixture() override;

  void start();

  /// What users do with a batch; runs on the io thread.
  std::function<void(const user_delivery_ptr&)> on_batch;

  /// The usual: accept logins, answer SEND, SUB and PING.
  void answer(const user_delivery_ptr& x);

  /// Waits until `done` holds; looked at after every batch.
  void wait_until(const std::function<bool()>& done);

  /// Batches seen so far. Hold `mx` to look at them.
  std::vector<user_delivery_ptr> batches;
  std::size_t closed_count = 0;
  std::mutex mx;
  std::condition_variable changed;

  /// One session of a user; null if there is none.
  session_ptr session_of(std::string_view uid) {
    std::vector<session_ptr> res;
    table.append_sessions(uid, res);
    return res.empty() ? nullptr : res.front();
  }

  std::uint64_t count(counter c) {
    return options.stats->value(c);
  }

  actors::gateway_options options;
  actors::session_table table;
  std::unique_ptr<actors::gateway> door;

private:
  void deliver(user_delivery_ptr x);
};

} // namespace jindou::test
