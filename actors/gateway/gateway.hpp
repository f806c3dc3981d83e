#pragma once

#include "actors/gateway/gateway_options.hpp"
#include "messages/wire/reason.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace jindou::actors {

struct door_kind;
class io_loop;
class listener;
struct gateway_state;

/// The door for clients: io threads and the addresses they listen on. Made,
/// started and stopped by one thread, the node's.
class gateway {
public:
  explicit gateway(gateway_options options);
  gateway(const gateway&) = delete;
  gateway& operator=(const gateway&) = delete;
  ~gateway();

  /// Binds all addresses and starts the threads. Returns what is wrong, empty
  /// if nothing; then nothing has been started.
  std::string start();

  /// Returns the bound addresses with their real ports, empty if off.
  std::string tcp_address() const;
  std::string ws_address() const;
  std::string tls_address() const;
  std::string wss_address() const;

  /// Reads certificate and key again, for connections that begin from now on.
  /// Returns what is wrong, empty if nothing; then the old ones stay in use.
  std::string reload_certificates();

  /// Goes by other bounds from now on; connections that are there stay.
  void change_limits(const gateway_limits& x);

  /// Open connections.
  std::size_t connection_count() const;

  /// Closes the doors; connections go on.
  void stop_accepting();

  /// Reads no more from any client; what they are owed is still written.
  void stop_reading();

  /// Closes every session as `session::close` does.
  void close_all(wire::reason why, std::string_view text,
                 std::chrono::milliseconds linger);

  /// Waits until all connections are closed and their users know, at most for
  /// `deadline`, then ends the threads. False: some had to be cut off.
  bool join(std::chrono::milliseconds deadline);

private:
  std::string open_all();
  std::string open(door_kind kind, const std::string& address);
  std::string address_of(door_kind kind) const;
  bool has_tls() const;

  std::shared_ptr<gateway_state> state_;
  std::vector<std::shared_ptr<io_loop>> loops_;
  std::vector<std::shared_ptr<listener>> listeners_;
};

} // namespace jindou::actors
