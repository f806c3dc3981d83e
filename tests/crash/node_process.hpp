#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

namespace jindou::crash {

/// Addresses of one node; free when they were picked.
struct node_ports {
  std::uint16_t tcp = 0, ws = 0, http = 0, monitor = 0;
};

node_ports pick_ports();

/// How a node is started.
struct node_setup {
  std::string program;
  std::string folder; // data and log go here
  node_ports ports;
  std::string mutant; // JINDOU_MUTANT of the child; empty = none
};

/// One run of a real node.
class node_process {
public:
  /// Starts it; throws `std::system_error` if the program cannot be run.
  explicit node_process(const node_setup& setup);
  node_process(const node_process&) = delete;
  ~node_process();

  /// Whether it has ended by itself.
  bool ended();

  /// Ends it at once, as a power switch would end the process.
  void kill_9();

  /// Asks for an ordered end; returns the exit code, or -1 if it did not end
  /// within `budget`.
  int stop(std::chrono::milliseconds budget);

private:
  pid_t pid_ = -1;
  int status_ = 0;
};

} // namespace jindou::crash
