#pragma once

#include "apps/node/start_fault.hpp"
#include "configs/options.hpp"
#include "messages/result.hpp"
#include "messages/user.hpp"

#include <memory>

namespace jindou::app {

/// The whole house of one node, and the only place that knows all rooms.
/// Built from the cellar up: store, log writer, applier, raft host, pushers,
/// directories, HTTP, and the doors for clients last; torn down in reverse.
class node {
public:
  /// Opens the data directory and starts everything.
  static result<std::unique_ptr<node>, start_fault>
  start(const configs::options& chosen);

  ~node();

  /// Ordered stop: no new connections, what is in flight is finished, clients
  /// are told, outboxes are flushed, the store is closed.
  void stop();

  /// Prints where it is reached and how to send a first message.
  void announce() const;

  /// Says whether the actors went on since the last call. One caller.
  bool lives();

  /// Takes over what may change while it runs: levels of the log, and
  /// certificate and key of TLS, which are read again. What else differs is
  /// logged and stays; so do certificates if the new ones are wrong. Not after
  /// `stop`.
  void reload(const configs::options& fresh);

  /// Takes a batch to its user as the gateway does, for sessions that live in
  /// this process. Not after `stop`. Any thread.
  void deliver(const user_delivery_ptr& batch);

private:
  class house;

  explicit node(std::unique_ptr<house> x);

  std::unique_ptr<house> house_;
};

} // namespace jindou::app
