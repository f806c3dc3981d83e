#include "apps/bench/pools.hpp"

#include "apps/bench/allocations.hpp"
#include "apps/bench/bare_node.hpp"
#include "apps/bench/pool_session.hpp"
#include "apps/node/node.hpp"
#include "configs/logging.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>

namespace jindou::bench {

namespace {

using error = boost::system::error_code;

/// Sends leave in groups at this pace, so that the generator can sleep.
constexpr std::chrono::microseconds beat{200};

class pools_load final : public conductor::player {
public:
  explicit pools_load(const pools_options& options)
      : options_(options),
        conductor_(kit_, options.when, *this),
        pace_(kit_.io),
        payload_(options.payload_bytes, 'x') {
    auto name = [&](unsigned i) {
      return "pool" + std::to_string(i % options.channels);
    };
    for (unsigned i = 0; i < options.channels; ++i)
      sessions_.push_back(std::make_shared<pool_session>(
        i + 1, name(i), pool_peer{name(i + 1)}, tally_, io_));
  }

  report run(std::string& fault) {
    auto chosen = whole_node_options(options_.data_dir);
    std::error_code ignored;
    if (std::filesystem::exists(options_.data_dir, ignored)) {
      fault = options_.data_dir + " exists; name a folder to be made";
      return {};
    }
    if (auto ok = configs::start_logging(chosen.log, chosen.log_levels); !ok) {
      fault = "cannot log";
      return {};
    }
    auto started = app::node::start(chosen);
    if (!started) {
      fault = started.error().text;
      return {};
    }
    node_ = std::move(*started);
    for (auto& s : sessions_)
      node_->deliver(s->make_login());
    await_logins(clock::now() + std::chrono::seconds{30});
    kit_.io.run();
    for (auto& s : sessions_)
      node_->deliver(s->make_close());
    node_->stop();
    configs::stop_logging();
    std::filesystem::remove_all(options_.data_dir, ignored);
    fault = fault_;
    finish();
    return std::move(report_);
  }

  // -- the plan ---------------------------------------------------------------

  void begin_run() override {
    tally_.times.take();
    accepted_before_ = tally_.accepted;
    pushed_before_ = tally_.pushed;
    allocations_before_ = allocation_count();
  }

  std::string end_run(double seconds) override {
    auto times = tally_.times.take();
    auto messages = static_cast<double>(tally_.accepted - accepted_before_);
    auto pushes = static_cast<double>(tally_.pushed - pushed_before_);
    report_.at("pools.channel.rate", "messages/s")
      .runs.push_back(messages / seconds);
    report_.at("pools.pusher.rate", "deliveries/s")
      .runs.push_back(pushes / seconds);
    report_.add_latency("pools.channel.ack", times);
    if (auto now = allocation_count(); now && allocations_before_)
      report_.at("pools.allocations", "per message")
        .runs.push_back(static_cast<double>(*now - *allocations_before_)
                        / std::max(1.0, messages));
    char text[128];
    std::snprintf(
      text, sizeof(text), "%.0f messages/s, ack P50 %.3f ms, P99 %.3f ms",
      messages / seconds, static_cast<double>(times.quantile(0.5)) / 1e6,
      static_cast<double>(times.quantile(0.99)) / 1e6);
    return text;
  }

  void stop_sending() override {
    sending_ = false;
  }

  bool drained() const override {
    return tally_.accepted + tally_.refused >= sent_
           && tally_.pushed >= tally_.accepted;
  }

private:
  void await_logins(clock::time_point until) {
    if (tally_.logins == sessions_.size()) {
      conductor_.start();
      return keep_pace(now_ns());
    }
    if (clock::now() > until) {
      fault_ = "only " + std::to_string(tally_.logins) + " users logged in";
      return;
    }
    pace_.expires_after(std::chrono::milliseconds{10});
    pace_.async_wait([this, until](error) { await_logins(until); });
  }

  /// Delivers all that is due, then sleeps for a beat.
  void keep_pace(std::int64_t began) {
    if (!sending_)
      return;
    auto period = 1e9 * options_.batch / static_cast<double>(options_.rate);
    auto due = [&] {
      return began
             + static_cast<std::int64_t>(static_cast<double>(paced_) * period);
    };
    for (auto now = now_ns(); due() <= now; ++paced_) {
      auto& s = sessions_[paced_ % sessions_.size()];
      node_->deliver(s->make_sends(options_.batch, payload_, due()));
      sent_ += options_.batch;
    }
    pace_.expires_after(beat);
    pace_.async_wait([this, began](error ec) {
      if (!ec)
        keep_pace(began);
    });
  }

  void finish() {
    report_.benchmark = "pools";
    report_.options = {{"channels", std::to_string(options_.channels)},
                       {"rate", std::to_string(options_.rate)},
                       {"batch", std::to_string(options_.batch)},
                       {"payload", std::to_string(options_.payload_bytes)},
                       {"encrypted", "no"},
                       {"stored", "yes"}};
    auto answered = tally_.accepted + tally_.refused;
    auto lacking = [](std::uint64_t wanted, std::uint64_t got) {
      return wanted > got ? wanted - got : 0;
    };
    report_.faults = {{"refused", tally_.refused},
                      {"unanswered", lacking(sent_, answered)},
                      {"not_pushed", lacking(tally_.accepted, tally_.pushed)}};
  }

  const pools_options& options_;
  client::thread_kit kit_;
  conductor conductor_;
  boost::asio::steady_timer pace_;
  std::string payload_;
  pool_tally tally_;
  no_io io_;
  std::vector<std::shared_ptr<pool_session>> sessions_;
  std::unique_ptr<app::node> node_;
  report report_;
  std::string fault_;
  std::uint64_t paced_ = 0;
  std::uint64_t sent_ = 0;
  std::uint64_t accepted_before_ = 0;
  std::uint64_t pushed_before_ = 0;
  std::optional<std::uint64_t> allocations_before_;
  bool sending_ = true;
};

} // namespace

report run_pools(const pools_options& options, std::string& fault) {
  return pools_load{options}.run(fault);
}

} // namespace jindou::bench
