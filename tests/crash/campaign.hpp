#pragma once

#include "tests/crash/im_client.hpp"
#include "tests/crash/ledger.hpp"
#include "tests/crash/node_process.hpp"

#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace jindou::crash {

struct campaign_setup {
  std::string program;
  std::string folder;
  std::string mutant;
  std::uint64_t seed = 1;
  std::size_t rounds = 20;
};

/// Loads a node, kills it at a random moment, starts it again and compares
/// every channel with the ledger; many times over one data directory.
class campaign {
public:
  explicit campaign(campaign_setup setup);

  /// Runs all rounds and an ordered end, or up to the first fault.
  void run();

  const ledger& book() const {
    return book_;
  }

  std::size_t kills() const {
    return kills_;
  }

  /// Times from the start of the process to ready.
  std::chrono::milliseconds slowest_start() const {
    return slowest_start_;
  }

private:
  void kill_while_starting();
  bool start(node_process& node);
  void make_rooms();
  void read_back(bool whole);
  void load_and_kill(node_process& node);
  boost::asio::awaitable<void>
  watch(node_process& node, std::size_t acknowledgements,
        std::chrono::steady_clock::time_point latest);
  void load_to_the_end();
  void end_in_order(node_process& node);
  bool good() const {
    return book_.faults() == 0;
  }

  campaign_setup setup_;
  node_setup node_;
  std::mt19937_64 rng_;
  ledger book_;
  std::vector<channel_name> channels_;
  std::vector<im_client> clients_;
  std::size_t kills_ = 0;
  std::chrono::milliseconds slowest_start_{0};
  bool rooms_made_ = false;
};

} // namespace jindou::crash
