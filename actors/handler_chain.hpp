#pragma once

#include "messages/errc.hpp"
#include "messages/limits.hpp"
#include "messages/metrics.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace jindou::actors {

/// What a handler says of the batch in front of it.
struct step {
  enum class kind : std::uint8_t {
    next,    ///< go on with the next handler
    stop,    ///< the chain ends here with `error`
    pending, ///< an answer is awaited; resumed at `again` or at the next one
  };
  kind what = kind::next;
  errc error = errc::none;
  /// Resume with this very handler instead of the next one.
  bool again = false;

  static step next() {
    return {};
  }
  static step stop(errc e) {
    return {kind::stop, e, false};
  }
  /// Resumes behind the handler that said so.
  static step wait() {
    return {kind::pending, errc::none, false};
  }
  /// Runs the handler that said so once more.
  static step retry() {
    return {kind::pending, errc::none, true};
  }
};

/// Counts and logs a handler that took longer than it may.
void report_overdue(const handler_metric& who, metrics& stats,
                    std::chrono::nanoseconds took);

/// Named handlers of one event type, in order. Data, built once per pool and
/// shared by all its actors; each handler is timed and counted.
/// `Context` has `std::size_t at` (where to resume) and `std::uint64_t
/// events()`.
template <class Context>
class handler_chain {
public:
  using handler_fun = step (*)(Context&);

  /// A run that takes longer than `time_max` is counted and logged.
  handler_chain(event_type event, metrics& stats,
                std::chrono::nanoseconds time_max = limits::handler_time_max)
      : event_(event), stats_(&stats), time_max_(time_max) {
    // nop
  }

  handler_chain& add(std::string_view name, handler_fun fun) {
    links_.push_back({fun, &stats_->handler(event_, name)});
    return *this;
  }

  /// Runs from `ctx.at` until a handler stops, waits, or the chain ends.
  step run(Context& ctx) const {
    auto t0 = clock::now();
    while (ctx.at < links_.size()) {
      auto& link = links_[ctx.at];
      auto res = link.fun(ctx);
      auto t1 = clock::now();
      if (t1 - t0 > time_max_)
        report_overdue(*link.metric, *stats_, t1 - t0);
      link.metric->add(static_cast<std::uint64_t>((t1 - t0).count()),
                       ctx.events(),
                       res.what == step::kind::stop ? ctx.events() : 0);
      t0 = t1;
      if (!res.again)
        ++ctx.at;
      if (res.what != step::kind::next)
        return res;
    }
    return step::next();
  }

private:
  using clock = std::chrono::steady_clock;

  struct named_handler {
    handler_fun fun;
    handler_metric* metric;
  };

  event_type event_;
  metrics* stats_;
  std::chrono::nanoseconds time_max_;
  std::vector<named_handler> links_;
};

} // namespace jindou::actors
