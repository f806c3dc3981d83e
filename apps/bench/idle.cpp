#include "apps/bench/idle.hpp"

#include "apps/bench/crowd.hpp"

#include <boost/asio/steady_timer.hpp>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string_view>

namespace jindou::bench {

namespace {

/// Long enough for the server to finish what a login leaves behind.
constexpr std::chrono::seconds settle{3};

std::vector<std::string> names(const std::string& prefix, std::size_t n) {
  std::vector<std::string> uids;
  for (std::size_t i = 1; i <= n; ++i)
    uids.push_back(prefix + std::to_string(i));
  return uids;
}

std::optional<double> resident_bytes(int pid) {
  std::ifstream in{"/proc/" + std::to_string(pid) + "/status"};
  std::string line;
  while (std::getline(in, line))
    if (line.starts_with("VmRSS:"))
      return std::strtod(line.c_str() + 6, nullptr) * 1'024;
  return std::nullopt;
}

class idle_load {
public:
  explicit idle_load(const idle_options& options)
      : options_(options), timer_(kit_.io) {
    // nop
  }

  report run(std::string& fault) {
    auto few = make_crowd(options_.uid_prefix + "_a", options_.before,
                          [this] { then_read(before_, [this] { grow(); }); });
    many_ = make_crowd(options_.uid_prefix + "_b", options_.users,
                       [this] { then_read(after_, [this] { stop(); }); });
    if (fault_.empty())
      fault_ = allow_sockets(options_.before + options_.users);
    if (fault_.empty()) {
      few->start();
      kit_.io.run();
    }
    fault = fault_;
    return std::move(report_);
  }

private:
  std::unique_ptr<crowd> make_crowd(const std::string& prefix, std::size_t n,
                                    std::function<void()> ready) {
    auto uids = names(prefix, n);
    if (fault_.empty())
      fault_ = make_users(options_.http, uids);
    crowd::events events;
    events.on_ready = std::move(ready);
    events.on_fault = [this](const std::string& why) {
      fault_ = why;
      kit_.io.stop();
    };
    return std::make_unique<crowd>(kit_, options_.http, options_.server,
                                   std::move(uids), std::move(events));
  }

  void then_read(double& to, std::function<void()> next) {
    timer_.expires_after(settle);
    timer_.async_wait([this, &to, next](boost::system::error_code) {
      auto bytes = options_.monitor
                     ? metric(fetch_page(*options_.monitor, "/metrics"),
                              "process_resident_memory_bytes")
                     : resident_bytes(options_.pid);
      if (!bytes)
        fault_ = "cannot read the memory of the server";
      to = bytes.value_or(0);
      fault_.empty() ? next() : kit_.io.stop();
    });
  }

  void grow() {
    std::cerr << "server holds " << before_ / 1'024 << " KiB with "
              << options_.before << " users" << std::endl;
    many_->start();
  }

  void stop() {
    auto each = (after_ - before_) / static_cast<double>(options_.users);
    report_.benchmark = "idle";
    report_.options = {{"users", std::to_string(options_.users)},
                       {"before", std::to_string(options_.before)}};
    report_.at("idle.bytes_per_user", "bytes").runs.push_back(each);
    report_.at("idle.resident", "bytes").runs.push_back(after_);
    kit_.io.stop();
  }

  const idle_options& options_;
  client::thread_kit kit_;
  boost::asio::steady_timer timer_;
  std::unique_ptr<crowd> many_;
  double before_ = 0;
  double after_ = 0;
  report report_;
  std::string fault_;
};

} // namespace

std::optional<double> metric(const std::string& page, const std::string& name) {
  for (std::size_t at = 0; at < page.size();) {
    auto end = std::min(page.find('\n', at), page.size());
    auto line = std::string_view{page}.substr(at, end - at);
    at = end + 1;
    if (line.starts_with(name) && line.size() > name.size()
        && line[name.size()] == ' ')
      return std::strtod(std::string{line.substr(name.size())}.c_str(),
                         nullptr);
  }
  return std::nullopt;
}

report run_idle(const idle_options& options, std::string& fault) {
  return idle_load{options}.run(fault);
}

} // namespace jindou::bench
