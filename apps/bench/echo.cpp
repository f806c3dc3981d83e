#include "apps/bench/echo.hpp"

#include "apps/client/stream.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <cstdio>
#include <memory>
#include <thread>
#include <vector>

namespace jindou::bench {

namespace {

using boost::asio::ip::tcp;
using error = boost::system::error_code;

/// One connection of the server: what comes goes back.
class mirror final : client::stream::owner {
public:
  mirror(client::thread_kit& kit, tcp::socket socket) : stream_(kit, *this) {
    stream_.adopt(std::move(socket));
  }

private:
  void on_open() override {
    // nop
  }

  std::size_t on_bytes(byte_span input) override {
    auto& out = stream_.outgoing();
    out.insert(out.end(), input.begin(), input.end());
    stream_.flush();
    return input.size();
  }

  void on_closed(std::string_view) override {
    // kept until the server ends
  }

  client::stream stream_;
};

/// The server, in a thread of its own.
class echo_server {
public:
  echo_server()
      : acceptor_(kit_.io, {boost::asio::ip::address_v4::loopback(), 0}) {
    accept();
    thread_ = std::thread{[this] { kit_.io.run(); }};
  }

  ~echo_server() {
    kit_.io.stop();
    thread_.join();
  }

  client::endpoint address() const {
    return acceptor_.local_endpoint();
  }

private:
  void accept() {
    acceptor_.async_accept([this](error ec, tcp::socket socket) {
      if (!ec)
        mirrors_.push_back(std::make_unique<mirror>(kit_, std::move(socket)));
      accept();
    });
  }

  client::thread_kit kit_;
  tcp::acceptor acceptor_;
  std::vector<std::unique_ptr<mirror>> mirrors_;
  std::thread thread_;
};

class echo_load;

/// One connection of the generator; keeps its window full.
class caller final : public client::stream::owner {
public:
  caller(client::thread_kit& kit, echo_load& load);

  void connect(const client::endpoint& to) {
    stream_.connect(to);
  }

  void fill_window();

private:
  void on_open() override;
  std::size_t on_bytes(byte_span input) override;
  void on_closed(std::string_view why) override;
  void append();

  echo_load& load_;
  client::stream stream_;
  std::vector<std::int64_t> times_; // of what is under way, as a ring
  std::uint64_t sent_ = 0;
  std::uint64_t back_ = 0;
};

class echo_load final : public conductor::player {
public:
  explicit echo_load(const echo_options& options)
      : options_(options), conductor_(kit_, options.when, *this) {
    for (unsigned i = 0; i < options.connections; ++i)
      callers_.push_back(std::make_unique<caller>(kit_, *this));
  }

  report run(std::string& fault) {
    echo_server server;
    for (auto& c : callers_)
      c->connect(server.address());
    kit_.io.run();
    fault = fault_;
    report_.benchmark = name();
    report_.options = {{"connections", std::to_string(options_.connections)},
                       {"bytes", std::to_string(options_.bytes)}};
    return std::move(report_);
  }

  void on_ready() {
    if (++ready_ != callers_.size())
      return;
    conductor_.start();
    for (auto& c : callers_)
      c->fill_window();
  }

  void on_fault(std::string_view why) {
    fault_ = why;
    kit_.io.stop();
  }

  void on_echo(std::int64_t sent_at) {
    times_.add(static_cast<std::uint64_t>(now_ns() - sent_at));
  }

  void begin_run() override {
    times_.clear();
  }

  std::string end_run(double seconds) override {
    auto rate = static_cast<double>(times_.count()) / seconds;
    report_.at(name() + ".rate", "messages/s").runs.push_back(rate);
    report_.add_latency(name() + ".time", times_);
    char text[64];
    std::snprintf(text, sizeof(text), "%.0f messages/s", rate);
    return text;
  }

  void stop_sending() override {
    sending_ = false;
  }

  bool drained() const override {
    return true;
  }

  bool sending() const {
    return sending_;
  }

  const echo_options& options() const {
    return options_;
  }

private:
  std::string name() const {
    return "echo.window_" + std::to_string(options_.window);
  }

  const echo_options& options_;
  client::thread_kit kit_;
  conductor conductor_;
  std::vector<std::unique_ptr<caller>> callers_;
  histogram times_;
  report report_;
  std::string fault_;
  std::size_t ready_ = 0;
  bool sending_ = true;
};

caller::caller(client::thread_kit& kit, echo_load& load)
    : load_(load), stream_(kit, *this), times_(load.options().window) {
  // nop
}

void caller::append() {
  times_[sent_++ % times_.size()] = now_ns();
  auto& out = stream_.outgoing();
  out.resize(out.size() + load_.options().bytes, std::byte{'x'});
}

void caller::fill_window() {
  for (unsigned i = 0; i < load_.options().window; ++i)
    append();
  stream_.flush();
}

void caller::on_open() {
  load_.on_ready();
}

std::size_t caller::on_bytes(byte_span input) {
  auto size = load_.options().bytes;
  auto whole = input.size() / size;
  for (std::size_t i = 0; i < whole; ++i) {
    load_.on_echo(times_[back_++ % times_.size()]);
    if (load_.sending())
      append();
  }
  stream_.flush();
  return whole * size;
}

void caller::on_closed(std::string_view why) {
  load_.on_fault(why);
}

} // namespace

report run_echo(const echo_options& options, std::string& fault) {
  return echo_load{options}.run(fault);
}

} // namespace jindou::bench
