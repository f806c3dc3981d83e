#pragma once

#include "apps/node/start_fault.hpp"
#include "configs/options.hpp"
#include "messages/result.hpp"

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

private:
  class house;

  explicit node(std::unique_ptr<house> x);

  std::unique_ptr<house> house_;
};

} // namespace jindou::app
