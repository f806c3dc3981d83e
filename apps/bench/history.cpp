#include "apps/bench/history.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>
#include <random>
#include <vector>

namespace jindou::bench {

using nlohmann::json;

namespace {

/// Receivers of one /message/sendbatch.
constexpr std::size_t receivers_max = 10'000;

/// Every so many pages one is read word by word; the others are counted.
constexpr std::uint64_t verify_every = 16;

std::string base64(std::string_view text) {
  static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "abcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    std::uint32_t three = 0;
    for (std::size_t j = 0; j < 3; ++j)
      three = three << 8
              | (i + j < text.size() ? static_cast<std::uint8_t>(text[i + j])
                                     : std::uint32_t{0});
    for (std::size_t j = 0; j < 4; ++j)
      out += i + j > text.size() ? '=' : digits[three >> (18 - 6 * j) & 63];
  }
  return out;
}

std::size_t count_of(std::string_view word, std::string_view text) {
  std::size_t n = 0;
  for (auto at = text.find(word); at != text.npos;
       at = text.find(word, at + word.size()))
    ++n;
  return n;
}

class history_load;

/// One connection that reads.
class page_reader final : http_lane::owner {
public:
  page_reader(client::thread_kit& kit, history_load& load);

  void start() {
    lane_.connect();
  }

private:
  void on_open() override;
  void on_answer(std::string_view body) override;
  void on_fault(const std::string& why) override;

  history_load& load_;
  http_lane lane_;
  std::int64_t asked_at_ = 0;
};

class history_load final : public conductor::player {
public:
  history_load(client::thread_kit& kit, const history_options& options)
      : kit_(kit),
        options_(options),
        conductor_(kit, options.when, *this),
        random_(options.seed) {
    // nop
  }

  report run(std::string& fault) {
    if (options_.fill)
      fault_ = fill();
    for (unsigned i = 0; i < options_.connections && fault_.empty(); ++i)
      readers_.emplace_back(std::make_unique<page_reader>(kit_, *this))
        ->start();
    if (fault_.empty()) {
      conductor_.start();
      kit_.io.run();
    }
    fault = fault_;
    finish();
    return std::move(report_);
  }

  // -- the readers ------------------------------------------------------------

  const http_access& access() const {
    return options_.http;
  }

  bool reading() const {
    return reading_;
  }

  void on_asked() {
    ++under_way_;
  }

  http_call next_call() {
    json body{{"login_uid", sender()},
              {"channel_id", receiver(random_() % options_.channels)},
              {"channel_type", 1},
              {"start_message_seq", 0},
              {"end_message_seq", 0},
              {"limit", options_.limit},
              {"pull_mode", 0}};
    return {"/channel/messagesync", body.dump()};
  }

  void on_page(std::string_view body, std::int64_t asked_at) {
    times_.add(static_cast<std::uint64_t>(now_ns() - asked_at));
    --under_way_;
    if (count_of(R"("message_seq":)", body) != expected())
      ++incomplete_;
    else if (++pages_ % verify_every == 0 && !is_right(body))
      ++wrong_;
  }

  void on_fault(const std::string& why) {
    fault_ = why;
    kit_.io.stop();
  }

  // -- the plan ---------------------------------------------------------------

  void begin_run() override {
    times_.clear();
  }

  std::string end_run(double seconds) override {
    auto rate = static_cast<double>(times_.count()) / seconds;
    report_.at("history.rate", "reads/s").runs.push_back(rate);
    report_.add_latency("history.read", times_);
    char text[96];
    std::snprintf(text, sizeof(text), "%.0f reads/s, P50 %.3f ms, P99 %.3f ms",
                  rate, static_cast<double>(times_.quantile(0.5)) / 1e6,
                  static_cast<double>(times_.quantile(0.99)) / 1e6);
    return text;
  }

  void stop_sending() override {
    reading_ = false;
  }

  bool drained() const override {
    return under_way_ == 0;
  }

private:
  std::string sender() const {
    return options_.uid_prefix + "_s";
  }

  std::string receiver(std::size_t i) const {
    return options_.uid_prefix + std::to_string(i);
  }

  std::size_t expected() const {
    return std::min(options_.limit, options_.messages);
  }

  /// Sends every message by /message/sendbatch: one channel per receiver.
  std::string fill() {
    auto payload = base64(std::string(options_.payload_bytes, 'x'));
    std::vector<http_call> calls;
    for (std::size_t i = 0; i < options_.channels; i += receivers_max) {
      json body{{"from_uid", sender()}, {"payload", payload}};
      auto end = std::min(i + receivers_max, options_.channels);
      for (auto j = i; j < end; ++j)
        body["subscribers"].push_back(receiver(j));
      calls.push_back({"/message/sendbatch", body.dump()});
    }
    auto all = static_cast<double>(options_.channels * options_.messages);
    std::cerr << "sending " << all << " messages" << std::endl;
    auto began = now_ns();
    for (std::size_t n = 0; n < options_.messages;) {
      auto rounds = std::min<std::size_t>(options_.messages - n, 16);
      std::vector<http_call> wave;
      for (std::size_t i = 0; i < rounds; ++i)
        wave.insert(wave.end(), calls.begin(), calls.end());
      auto fault = make_calls(options_.http, wave, check_sent);
      if (!fault.empty())
        return fault;
      n += rounds;
    }
    auto seconds = static_cast<double>(now_ns() - began) / 1e9;
    report_.at("history.fill", "messages/s").runs.push_back(all / seconds);
    return {};
  }

  static std::string check_sent(std::string_view body) {
    auto x = json::parse(body, nullptr, false);
    if (x.is_object() && x.contains("fail_uids") && !x["fail_uids"].empty())
      return "the server refused messages: " + x["reason"].dump().substr(0, 99);
    return {};
  }

  /// Whether the page ends with the newest message and has no gap.
  bool is_right(std::string_view body) const {
    auto x = json::parse(body, nullptr, false);
    if (!x.is_object() || !x["messages"].is_array()
        || x["messages"].size() != expected())
      return false;
    std::uint64_t last = 0;
    for (auto& m : x["messages"]) {
      auto seq = m.value("message_seq", std::uint64_t{0});
      if (last != 0 && seq != last + 1)
        return false;
      last = seq;
    }
    return last >= options_.messages;
  }

  void finish() {
    report_.benchmark = "history";
    report_.options = {{"channels", std::to_string(options_.channels)},
                       {"messages", std::to_string(options_.messages)},
                       {"payload", std::to_string(options_.payload_bytes)},
                       {"connections", std::to_string(options_.connections)},
                       {"limit", std::to_string(options_.limit)},
                       {"seed", std::to_string(options_.seed)}};
    report_.faults = {{"incomplete", incomplete_},
                      {"wrong", wrong_},
                      {"unanswered", under_way_}};
  }

  client::thread_kit& kit_;
  const history_options& options_;
  conductor conductor_;
  std::mt19937_64 random_;
  std::vector<std::unique_ptr<page_reader>> readers_;
  histogram times_;
  report report_;
  std::string fault_;
  std::uint64_t pages_ = 0;
  std::uint64_t under_way_ = 0;
  std::uint64_t incomplete_ = 0;
  std::uint64_t wrong_ = 0;
  bool reading_ = true;
};

page_reader::page_reader(client::thread_kit& kit, history_load& load)
    : load_(load), lane_(kit.io, load.access(), *this) {
  // nop
}

void page_reader::on_open() {
  if (!load_.reading())
    return lane_.close();
  auto call = load_.next_call();
  load_.on_asked();
  asked_at_ = now_ns();
  lane_.post(call);
}

void page_reader::on_answer(std::string_view body) {
  load_.on_page(body, asked_at_);
  on_open();
}

void page_reader::on_fault(const std::string& why) {
  load_.on_fault(why);
}

} // namespace

report run_history(client::thread_kit& kit, const history_options& options,
                   std::string& fault) {
  return history_load{kit, options}.run(fault);
}

} // namespace jindou::bench
