#include "apps/bench/conductor.hpp"

#include <iostream>

namespace jindou::bench {

conductor::conductor(client::thread_kit& kit, plan p, player& who)
    : kit_(kit), plan_(p), player_(who), timer_(kit.io) {
  // nop
}

template <class F>
void conductor::after(std::chrono::milliseconds time, F then) {
  timer_.expires_after(time);
  timer_.async_wait([then](boost::system::error_code ec) {
    if (!ec)
      then();
  });
}

void conductor::start() {
  std::cerr << "warm-up" << std::endl;
  after(plan_.warmup, [this] { begin_run(); });
}

void conductor::begin_run() {
  player_.begin_run();
  began_ = clock::now();
  after(plan_.duration, [this] { end_run(); });
}

void conductor::end_run() {
  std::chrono::duration<double> seconds = clock::now() - began_;
  auto line = player_.end_run(seconds.count());
  std::cerr << "run " << ++run_ << " of " << plan_.runs << ": " << line
            << std::endl;
  if (run_ < plan_.runs)
    return begin_run();
  player_.stop_sending();
  drain(clock::now() + plan_.drain_max);
}

void conductor::drain(clock::time_point until) {
  if (player_.drained() || clock::now() >= until)
    return kit_.io.stop();
  after(std::chrono::milliseconds{20}, [this, until] { drain(until); });
}

} // namespace jindou::bench
