#pragma once

#include "actors/gateway/address_list.hpp"
#include "actors/gateway/bulk_line.hpp"
#include "actors/gateway/connection_gate.hpp"
#include "actors/gateway/fair_window.hpp"
#include "actors/gateway/gateway_options.hpp"
#include "actors/gateway/late_line.hpp"
#include "actors/gateway/tls_context.hpp"
#include "actors/log_limit.hpp"
#include "messages/session.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace jindou::actors {

class client_session;
using client_session_ptr = std::shared_ptr<client_session>;

/// What the clients of an address speak below their frames.
struct door_kind {
  bool websocket = false;
  bool tls = false;

  friend bool operator==(const door_kind&, const door_kind&) = default;
};

/// What all io threads share.
struct gateway_state {
  explicit gateway_state(gateway_options x)
      : options(std::move(x)),
        gate(options.bounds.connections_max,
             options.bounds.connections_per_ip_max),
        window(options.bounds.node_window, options.bounds.session_window) {
    // nop
  }

  /// What TLS connections begin with from now on.
  tls_context_ptr tls() const {
    std::lock_guard guard{mx_};
    return current_tls_;
  }

  void use(tls_context_ptr x) {
    std::lock_guard guard{mx_};
    current_tls_.swap(x);
  }

  const gateway_options options;
  connection_gate gate;
  fair_window window;
  std::atomic<connection_id> last_id{0};
  /// Whose PROXY headers and forwarded addresses count. Set before the start.
  address_list proxies;

private:
  mutable std::mutex mx_;
  tls_context_ptr current_tls_;
};

/// One io thread: its context, its sessions and what they borrow while they
/// work (an idle session holds no buffer).
class io_loop : public io_port, public std::enable_shared_from_this<io_loop> {
public:
  using socket_type
    = boost::asio::basic_stream_socket<boost::asio::ip::tcp,
                                       boost::asio::io_context::executor_type>;

  explicit io_loop(std::shared_ptr<gateway_state> state);
  ~io_loop() override;

  /// Starts the thread.
  void start();

  /// Ends the thread; sessions that are left lose their sockets. Not from the
  /// io thread.
  void stop();

  // -- any thread -------------------------------------------------------------

  void wake(std::vector<session_ptr> dirty) override;

  /// Takes over an accepted socket of this context. Its place at the gate is
  /// taken.
  void adopt(socket_type socket, const boost::asio::ip::tcp::endpoint& peer,
             door_kind kind);

  /// Reads no more.
  void stop_reading();

  /// Closes all sessions as `session::close` does.
  void close_all(wire::reason why, std::string text,
                 std::chrono::milliseconds linger);

  /// Goes by other bounds from now on.
  void change_limits(const gateway_limits& x);

  /// `n` SENDs of a session in bulk are answered.
  void answered_in_bulk(std::size_t n);

  /// Tells the user of `x` that its socket is gone, again and again until that
  /// is taken.
  void report_later(client_session_ptr x);

  boost::asio::io_context& context() {
    return context_;
  }

  gateway_state& state() {
    return *state_;
  }

  const gateway_options& options() const {
    return state_->options;
  }

  metrics& stats() {
    return *state_->options.stats;
  }

  // -- io thread: for its sessions --------------------------------------------

  /// Where a read goes; used up before the handler returns.
  std::array<std::byte, 64 << 10>& read_buffer() {
    return *read_buffer_;
  }

  std::vector<boost::asio::const_buffer>& gather() {
    return gather_;
  }

  bool reading() const {
    return reading_;
  }

  /// Says in the log why a connection of a client ends, if not much was said
  /// of late.
  void complain(const std::string& remote_address, std::string_view why);

  /// Steady clock.
  static std::int64_t now_ms();

  /// Has `x` swept at every tick until it says that it needs no such care.
  void watch(client_session_ptr x);

  /// Drops a session whose socket is closed.
  void forget(client_session& x);

  using late = late_line<client_session_ptr>::work;

  /// What the sessions of this thread that send much share.
  bulk_line<client_session_ptr>& bulk() {
    return bulk_;
  }

  /// Has `x` go on when there is room for it. False: there is room by now.
  bool wait_in_bulk(client_session_ptr x);

  /// Serves `x` behind the others that are ready: `read_late` or `flush`.
  void put_off(client_session_ptr x, late what);

private:
  void run();
  void admit_bulk();
  void flush();
  void arm_timer();
  void sweep();
  void sweep_watched(std::int64_t now);
  void sweep_share(std::int64_t now);
  void report_again();
  void end_all();

  std::shared_ptr<gateway_state> state_;
  boost::asio::io_context context_{1};
  boost::asio::steady_timer timer_{context_};
  std::optional<
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type>>
    work_;
  std::thread thread_;

  // io thread only
  std::unique_ptr<std::array<std::byte, 64 << 10>> read_buffer_;
  std::vector<boost::asio::const_buffer> gather_;
  std::vector<client_session_ptr> sessions_;
  std::vector<client_session_ptr> watched_;
  late_line<client_session_ptr> late_;
  bulk_line<client_session_ptr> bulk_;
  std::size_t cursor_ = 0; // next of `sessions_` to sweep
  log_limit complaints_{1'000};
  bool reading_ = true;

  std::mutex mx_;
  std::vector<session_ptr> dirty_;
  std::vector<client_session_ptr> unreported_;
  bool posted_ = false;
  bool stopped_ = false;
};

} // namespace jindou::actors
