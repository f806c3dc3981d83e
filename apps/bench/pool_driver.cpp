#include "apps/bench/pool_driver.hpp"

#include <cstdio>
#include <thread>

namespace jindou::bench {

namespace {

/// Sleeps are longer than asked for, so that actors get the processors.
constexpr std::chrono::microseconds beat{50};

void say(const std::string& what, unsigned run, unsigned runs,
         const char* rest) {
  std::fprintf(stderr, "%s, run %u of %u: %s\n", what.c_str(), run, runs, rest);
}

} // namespace

pool_driver::pool_driver(driven_pool& pool, plan when, std::uint64_t window)
    : pool_(pool), when_(when), window_(window) {
  // nop
}

void pool_driver::run(report& to, const std::string& name,
                      const std::string& unit) {
  char text[96];
  saturate(when_.warmup);
  for (unsigned i = 1; i <= when_.runs; ++i) {
    auto rate = saturate(when_.duration);
    to.at(name + ".rate", unit).runs.push_back(rate);
    std::snprintf(text, sizeof(text), "%.0f %s", rate, unit.c_str());
    say(name, i, when_.runs, text);
  }
  drain();
  auto half = to.at(name + ".rate", unit).median() / 2;
  keep_pace(when_.warmup, half);
  pool_.take_times();
  for (unsigned i = 1; i <= when_.runs; ++i) {
    keep_pace(when_.duration, half);
    auto times = pool_.take_times();
    to.add_latency(name + ".half", times);
    std::snprintf(text, sizeof(text), "P50 %.3f ms, P99 %.3f ms",
                  static_cast<double>(times.quantile(0.5)) / 1e6,
                  static_cast<double>(times.quantile(0.99)) / 1e6);
    say(name + ".half", i, when_.runs, text);
  }
}

std::uint64_t pool_driver::under_way() const {
  auto ended = pool_.ended();
  return sent_ > ended ? sent_ - ended : 0;
}

/// Returns how many events ended per second.
double pool_driver::saturate(std::chrono::nanoseconds time) {
  auto began = now_ns();
  auto before = pool_.ended();
  auto until = began + time.count();
  auto now = began;
  for (; now < until; now = now_ns()) {
    // Many at once: neither clock nor counters shall be the load.
    for (auto goal = sent_ + window_ / 16 + 1; sent_ < goal;)
      sent_ += pool_.send(now);
    if (under_way() < window_)
      continue;
    while (under_way() > window_ / 2)
      std::this_thread::sleep_for(beat);
  }
  return static_cast<double>(pool_.ended() - before)
         / (static_cast<double>(now - began) / 1e9);
}

/// Late sends count from the time at which they were due.
void pool_driver::keep_pace(std::chrono::nanoseconds time, double rate) {
  auto began = now_ns();
  auto until = began + time.count();
  auto first = sent_;
  for (auto now = began; now < until; now = now_ns()) {
    for (;;) {
      auto due = began
                 + static_cast<std::int64_t>(static_cast<double>(sent_ - first)
                                             * 1e9 / rate);
      if (due > now || due >= until)
        break;
      sent_ += pool_.send(due);
    }
    std::this_thread::sleep_for(beat);
  }
}

bool pool_driver::drain() {
  auto until = clock::now() + when_.drain_max;
  while (under_way() > 0 && clock::now() < until)
    std::this_thread::sleep_for(beat);
  return under_way() == 0;
}

} // namespace jindou::bench
