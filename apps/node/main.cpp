#include "apps/node/config_check.hpp"
#include "apps/node/errands.hpp"
#include "apps/node/node.hpp"
#include "apps/node/service_notice.hpp"
#include "configs/command_line.hpp"
#include "configs/logging.hpp"

#include <spdlog/spdlog.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <sys/stat.h>
#include <thread>
#include <variant>

using namespace jindou;
namespace service = app::service;

namespace {

/// Blocks the signals of an ordered stop in all threads that come later.
sigset_t block_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (auto s : {SIGTERM, SIGINT, SIGHUP})
    sigaddset(&set, s);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return set;
}

timespec timespec_of(std::chrono::nanoseconds x) {
  constexpr std::int64_t second = 1'000'000'000;
  return {x.count() / second, x.count() % second};
}

using reload_fun = std::function<void()>;

/// Reads arguments and file again; what is wrong changes nothing.
void reload(int argc, char** argv, app::node& node) {
  auto parsed = configs::parse(argc, argv, app::check_further);
  if (auto* fresh = std::get_if<configs::options>(&parsed))
    return node.reload(*fresh);
  auto text = std::get<configs::ending>(parsed).text;
  while (!text.empty() && text.back() == '\n')
    text.pop_back();
  spdlog::error("[node-reload-failed] node keeps its options: {}", text);
}

/// Waits for SIGTERM or SIGINT; SIGHUP makes the node read its files again.
/// Meanwhile tells a service manager that watches this process whether it
/// lives.
void wait_for_end(const sigset_t& set, app::node& node,
                  const reload_fun& on_hangup) {
  auto interval = service::watchdog_interval();
  for (;;) {
    auto limit = timespec_of(interval.value_or(std::chrono::hours{1}));
    auto got = sigtimedwait(&set, nullptr, &limit);
    if (got > 0 && got != SIGHUP)
      return;
    if (got == SIGHUP)
      on_hangup();
    if (interval && node.lives())
      service::alive();
  }
}

/// A second signal, or a stop that takes too long, ends the process at once:
/// what was acknowledged is on disk already.
void watch_stop(const sigset_t& set, std::chrono::nanoseconds budget) {
  std::thread{[set, budget] {
    using clock = std::chrono::steady_clock;
    auto end = clock::now() + budget + std::chrono::seconds{1};
    int got = -1;
    // A debugger that attaches, or SIGCONT, interrupts the wait.
    while (got < 0 && clock::now() < end) {
      timespec limit{1, 0};
      got = sigtimedwait(&set, nullptr, &limit);
    }
    std::_Exit(got > 0 ? 128 + got : configs::exit_failed);
  }}.detach();
}

} // namespace

int main(int argc, char** argv) {
  umask(077); // messages and tokens are nobody else's
  auto parsed = configs::parse(argc, argv, app::check_further);
  if (auto* end = std::get_if<configs::ending>(&parsed))
    return configs::finish(*end);
  auto& chosen = std::get<configs::options>(parsed);
  if (!chosen.errand.backup_to.empty())
    return app::backup_to(chosen);
  if (!chosen.errand.restore_from.empty())
    return app::restore_from(chosen);
  auto signals = block_signals();
  if (auto ok = configs::start_logging(chosen.log, chosen.log_levels); !ok) {
    std::fprintf(stderr, "jindou-node: %s\n", to_string(ok.error()).c_str());
    return configs::exit_config;
  }
  auto started = app::node::start(chosen);
  if (!started) {
    spdlog::error("[start-failed] {}", started.error().text);
    configs::stop_logging();
    return started.error().code;
  }
  (*started)->announce();
  service::ready("takes traffic");
  wait_for_end(signals, **started, [&] { reload(argc, argv, **started); });
  service::stopping();
  watch_stop(signals, chosen.node.shutdown_time);
  (*started)->stop();
  configs::stop_logging();
  return configs::exit_ok;
}
