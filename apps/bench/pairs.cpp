#include "apps/bench/pairs.hpp"

#include "apps/bench/pair.hpp"

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>

namespace jindou::bench {

namespace {

class pairs_load final : public conductor::player {
public:
  pairs_load(client::thread_kit& kit, const pairs_options& options)
      : kit_(kit),
        options_(options),
        conductor_(kit_, options.when, *this),
        pace_(kit_.io),
        name_(name_of(options)) {
    events_.on_ready = [this] { on_ready(); };
    events_.on_fault = [this](const std::string& why) {
      fault_ = why;
      kit_.io.stop();
    };
    for (unsigned i = 1; i <= options.pairs; ++i)
      pairs_.push_back(
        std::make_unique<pair>(kit_, options_, tally_, events_, i));
  }

  report run(std::string& fault) {
    std::vector<std::string> uids;
    for (auto& p : pairs_) {
      uids.push_back(p->sender_uid());
      uids.push_back(p->receiver_uid());
    }
    fault = make_users(options_.http, uids);
    if (!fault.empty())
      return {};
    for (auto& p : pairs_)
      p->connect();
    kit_.io.restart();
    kit_.io.run();
    fault = fault_;
    finish();
    return std::move(report_);
  }

  void begin_run() override {
    tally_.ack.clear();
    tally_.recv.clear();
    tally_.delivered = 0;
    before_ = tally_;
  }

  std::string end_run(double seconds) override {
    auto rate = static_cast<double>(tally_.delivered) / seconds;
    report_.at(name_ + ".delivered", "messages/s").runs.push_back(rate);
    if (options_.overload)
      keep_overload(seconds);
    report_.add_latency(name_ + ".ack", tally_.ack);
    report_.add_latency(name_ + ".recv", tally_.recv);
    char text[128];
    std::snprintf(text, sizeof(text),
                  "%.0f messages/s, ack P50 %.3f ms, P99 %.3f ms", rate,
                  static_cast<double>(tally_.ack.quantile(0.5)) / 1e6,
                  static_cast<double>(tally_.ack.quantile(0.99)) / 1e6);
    return text;
  }

  void stop_sending() override {
    stopping_ = true;
    for (auto& p : pairs_)
      p->stop_sending();
  }

  bool drained() const override {
    return tally_.unanswered() == 0 && tally_.arrived >= tally_.accepted;
  }

private:
  static std::string name_of(const pairs_options& o) {
    return o.rate == 0 ? "pairs.window_" + std::to_string(o.window)
                       : "pairs.rate_" + std::to_string(o.rate);
  }

  void keep_overload(double seconds) {
    auto keep = [&](const char* what, std::uint64_t before, std::uint64_t now) {
      report_.at(name_ + what, "messages/s")
        .runs.push_back(static_cast<double>(now - before) / seconds);
    };
    keep(".sent", before_.sent, tally_.sent);
    keep(".accepted", before_.accepted, tally_.accepted);
    keep(".refused", before_.refused, tally_.refused);
    keep(".unsent", before_.unsent, tally_.unsent);
  }

  void on_ready() {
    if (++ready_ != pairs_.size())
      return;
    if (options_.no_encrypt && pairs_.front()->encrypted())
      return events_.on_fault("the server encrypts; start it with "
                              "disable-encryption or leave --no-encrypt out");
    std::cerr << 2 * pairs_.size() << " users logged in" << std::endl;
    conductor_.start();
    if (options_.rate > 0)
      return keep_pace(now_ns());
    for (auto& p : pairs_)
      p->start_closed_loop();
  }

  /// Sends everything that is due, then sleeps until the next is. What one pair
  /// has to send leaves in one call, so that a generator that is late catches
  /// up and goes on reading.
  void keep_pace(std::int64_t began) {
    if (stopping_)
      return;
    auto period = 1e9 / static_cast<double>(options_.rate);
    auto due = [&] {
      return began
             + static_cast<std::int64_t>(static_cast<double>(paced_) * period);
    };
    for (auto now = now_ns(); due() <= now; ++paced_)
      pairs_[paced_ % pairs_.size()]->append(due());
    auto first
      = paced_ - std::min<std::uint64_t>(paced_ - flushed_, pairs_.size());
    for (auto i = first; i < paced_; ++i)
      pairs_[i % pairs_.size()]->flush();
    flushed_ = paced_;
    pace_.expires_at(clock::time_point{std::chrono::nanoseconds{due()}});
    pace_.async_wait([this, began](boost::system::error_code ec) {
      if (!ec)
        keep_pace(began);
    });
  }

  void finish() {
    report_.benchmark = name_;
    auto add = [this](const char* name, auto value) {
      report_.options.emplace_back(name, std::to_string(value));
    };
    add("pairs", options_.pairs);
    add("payload", options_.payload_bytes);
    add("verify_every", options_.verify_every);
    report_.options.emplace_back("encrypted",
                                 pairs_.front()->encrypted() ? "yes" : "no");
    report_.options.emplace_back("stored", options_.no_persist ? "no" : "yes");
    auto lost
      = tally_.accepted > tally_.arrived ? tally_.accepted - tally_.arrived : 0;
    report_.faults = {{"unanswered", tally_.unanswered()},
                      {"lost", lost},
                      {"late_or_doubled", tally_.late_or_doubled},
                      {"damaged", tally_.damaged},
                      {"seq_gaps", tally_.seq_gaps}};
    if (options_.overload)
      return;
    report_.faults.emplace_back("refused", tally_.refused);
    report_.faults.emplace_back("unsent", tally_.unsent);
  }

  client::thread_kit& kit_;
  const pairs_options& options_;
  conductor conductor_;
  boost::asio::steady_timer pace_;
  std::string name_;
  pair_tally tally_;
  pair_tally before_; // when the run began
  pair::events events_;
  std::vector<std::unique_ptr<pair>> pairs_;
  report report_;
  std::string fault_;
  std::size_t ready_ = 0;
  std::uint64_t paced_ = 0;
  std::uint64_t flushed_ = 0;
  bool stopping_ = false;
};

} // namespace

report run_pairs(client::thread_kit& kit, const pairs_options& options,
                 std::string& fault) {
  return pairs_load{kit, options}.run(fault);
}

} // namespace jindou::bench
