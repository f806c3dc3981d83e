#pragma once

#include "actors/gateway/inbox.hpp"
#include "actors/gateway/io_loop.hpp"
#include "actors/gateway/json_inbox.hpp"
#include "actors/gateway/outbox.hpp"
#include "actors/gateway/tls_stream.hpp"
#include "actors/gateway/unacked.hpp"
#include "actors/gateway/websocket_framing.hpp"
#include "messages/session.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace jindou::actors {

/// One client connection. Whatever touches the socket runs on its io thread;
/// the port (`jindou::session`) may be called from any thread and leaves a
/// note that the io thread picks up in `flush`.
class client_session final
    : public session,
      public std::enable_shared_from_this<client_session> {
public:
  client_session(std::shared_ptr<io_loop> loop, connection_id id,
                 io_loop::socket_type socket,
                 const boost::asio::ip::tcp::endpoint& peer, door_kind kind);
  ~client_session() override;

  // -- any thread: the port ---------------------------------------------------

  connection_id id() const override {
    return id_;
  }

  const session_transport& transport() const override {
    return transport_;
  }

  io_port& io() override {
    return *loop_;
  }

  std::shared_ptr<const session_identity> identity() const override;
  void establish(session_identity who, shared_bytes connack) override;
  void refuse(shared_bytes connack) override;
  pushed append(shared_bytes frames) override;
  void answered(std::size_t n) override;
  std::string take_request(std::uint32_t number) override;
  void close(wire::reason why, std::string_view text,
             std::chrono::milliseconds linger) override;
  void remember(unacked_recv x) override;
  bool acknowledge(message_id id) override;
  std::vector<unacked_recv> take_due(std::int64_t before_ms,
                                     std::int64_t now_ms,
                                     unsigned attempts_max) override;

  // -- io thread --------------------------------------------------------------

  /// Begins to read.
  void start();

  /// Does what the port was asked for and writes what waits.
  void flush();

  /// The same, but behind others if there is much of it.
  void flush_in_turn();

  /// Reads, since its turn in the line of the late has come.
  void read_late();

  /// Hands over more, since its turn among those with many SENDs has come.
  void go_on_in_bulk();

  /// Looks at the time limits. False: it need not be watched any more.
  bool sweep(std::int64_t now_ms);

  /// Closes the socket at once.
  void abort();

  /// Tells the user that the socket is gone.
  void report_closed();

  /// Where the io loop keeps it.
  std::size_t place = 0;

private:
  enum class phase : std::uint8_t {
    heralding,  ///< waits for the PROXY header of a trusted address
    securing,   ///< TLS: the handshake
    upgrading,  ///< WebSocket: waits for the HTTP request
    greeting,   ///< waits for CONNECT
    connecting, ///< the user judges the CONNECT; nothing is read
    open,       ///< logged in
    closing,    ///< writes its last words, reads only to see the end
    draining,   ///< has shut its side, waits for the client to do so
    closed,
  };

  /// What only a WebSocket needs.
  struct websocket_state {
    websocket::reader reader;
    byte_vector request; // until the upgrade
    /// A close frame is on its way, or there is nothing to close yet.
    bool said_close = true;
  };

  /// What only a client needs that speaks JSON-RPC. Made before the login and
  /// kept to the end.
  struct json_state {
    json_inbox texts;                 // io thread only
    std::size_t refused_in_a_row = 0; // likewise
    open_requests open;               // guarded by `mx_`
  };

  /// What the port was asked for since the last flush.
  struct wishes {
    bool established = false;
    bool overflow = false;
    std::optional<std::chrono::milliseconds> close_after;
  };

  // client_session.cpp
  using guard_type = std::unique_lock<std::mutex>;
  void tell(guard_type guard);
  void overflow(guard_type guard);
  void say_last(guard_type guard, shared_bytes frames,
                std::chrono::milliseconds linger);
  void acknowledge_all(const std::vector<message_id>& ids);
  void deliver(inbox::batch x);
  void deliver(user_batch x);
  bool has_waited_enough() const;
  void on_failure(const user_batch& x, errc outcome);
  void answer_all(const user_batch& x, wire::reason why);
  void refuse_login(errc why);

  // client_session_read.cpp
  void arm_read();
  void on_readable();
  bool is_busy() const;
  bool sends_many() const {
    return unanswered_ > 1; // does not wait for its SENDACKs
  }
  void on_bytes(std::span<std::byte> bytes);
  void on_request(byte_span bytes);
  void renew_deadline();
  void on_messages(std::span<std::byte> bytes);
  void say_control(websocket::opcode op, byte_span payload);
  void say_close(std::uint16_t code);
  void note_broken(std::string_view why);
  void break_off(std::string_view why);
  void on_stream(byte_span bytes);
  void on_greeting();
  void wait_for_greeting();
  void on_connect(const wire::connect_frame& f, shared_bytes bytes);
  void pump(bool my_turn = false);
  void hand_over(inbox::batch x);
  void give_up(errc verdict);
  bool wait_for(std::size_t unanswered_max);

  // client_session_tls.cpp
  void on_herald(byte_span bytes);
  bool come_from(const std::string& address, std::uint16_t port);
  bool peer_is_trusted() const;
  void begin(byte_vector early);
  void begin_frames(std::span<std::byte> early);
  void shake_hands();
  std::size_t read_tls(std::span<std::byte> to, boost::system::error_code& ec);
  std::size_t write_tls(boost::system::error_code& ec);

  // client_session_json.cpp
  void on_json_greeting();
  inbox::batch cut_texts(std::size_t sends_max);
  void say_refusals(const std::vector<wire::jsonrpc::refusal>& all);

  // client_session_write.cpp
  void go_on();
  void leave(std::chrono::milliseconds linger);
  void wind_up();
  void end_now();
  void say(shared_bytes bytes);
  void write();
  bool has_unwritten() const;
  std::size_t write_some(boost::system::error_code& ec);
  void advance(std::size_t n);
  void forget_written();
  bool has_moved_on();
  void arm_write();
  void on_writable();
  void begin_close(std::chrono::milliseconds linger);
  void drop_backlog();
  void finish();
  void time_out(std::string_view why);
  void shut();
  client_session_ptr self();

  const connection_id id_;
  const std::shared_ptr<io_loop> loop_;
  session_transport transport_;

  // io thread only
  std::optional<io_loop::socket_type> socket_;
  boost::asio::ip::address address_; // that the gate counts
  std::unique_ptr<tls_stream> tls_;
  std::unique_ptr<websocket_state> websocket_;
  std::unique_ptr<json_state> json_;
  inbox inbox_;
  std::vector<shared_bytes> writing_;
  std::size_t writing_from_ = 0; // first block that is not on the wire
  std::size_t written_of_it_ = 0;
  std::int64_t deadline_ms_ = 0; // of the phase, if it has one
  std::int64_t last_input_ms_ = 0;
  phase phase_ = phase::greeting;
  const door_kind kind_;
  bool read_armed_ = false;
  bool reads_much_ = false; // there was more than a little last time
  bool bulk_ = false;       // there was very much
  bool in_line_ = false;    // waits for its turn among those
  bool leaving_ = false;    // open until the deadline only
  bool write_armed_ = false;
  bool read_blocked_ = false; // TLS must write before it can read
  std::uint8_t client_version_ = 0;
  std::string uid_; // of the CONNECT

  // any thread
  std::atomic<std::size_t> unanswered_{0};
  /// Those of them that count in the bulk line of the io thread.
  std::atomic<std::size_t> in_bulk_{0};
  /// The io thread goes on when so few SENDs are unanswered; -1: it does not
  /// wait for answers.
  std::atomic<std::int64_t> waits_for_{-1};
  std::atomic<bool> has_identity_{false};
  std::shared_ptr<const session_identity> identity_; // set once
  mutable std::mutex mx_;
  outbox outbox_;
  unacked unacked_;
  wishes wishes_;
  bool ending_ = false;    // takes no more frames
  bool said_last_ = false; // but serves until the end if that is to come later
};

} // namespace jindou::actors
