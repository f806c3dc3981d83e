#include "actors/http/http_listener.hpp"

#include "actors/http/http_connection.hpp"
#include "actors/log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <thread>
#include <vector>

namespace jindou::actors::http {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

/// Connections of the monitor port beyond the limit of all.
constexpr std::size_t monitor_reserve = 16;

void report(const std::exception_ptr& thrown) {
  try {
    if (thrown)
      std::rethrow_exception(thrown);
  } catch (const std::exception& e) {
    log().error("[http-connection-threw] a connection threw: {}", e.what());
  }
}

} // namespace

/// The loop, its thread and what runs on it.
class http_listener::loop {
public:
  explicit loop(http_options options) : api_(io_), monitor_(io_), tick_(io_) {
    shared_.demo = options.demo_folder.empty()
                     ? demo_files{}
                     : demo_files{options.demo_folder};
    shared_.options = std::move(options);
    shared_.gate = std::make_shared<loop_gate>(io_);
  }

  ~loop() {
    shared_.gate->close();
  }

  std::string open() {
    const auto& o = shared_.options;
    auto failed = open(api_, o.api_address, o.api_port);
    return failed.empty() ? open(monitor_, o.monitor_address, o.monitor_port)
                          : failed;
  }

  void start() {
    launch(accept(api_, http_port::api));
    launch(accept(monitor_, http_port::monitor));
    thread_ = std::thread{[this] { io_.run(); }};
  }

  void stop() {
    if (!thread_.joinable())
      return;
    shared_.gate->post([this] { begin_stop(); });
    thread_.join();
    shared_.gate->close();
  }

  static std::uint16_t port_of(const tcp::acceptor& x) {
    boost::system::error_code ec;
    return x.local_endpoint(ec).port();
  }

  std::uint16_t api_port() const {
    return api_port_;
  }

  std::uint16_t monitor_port() const {
    return monitor_port_;
  }

private:
  std::string open(tcp::acceptor& at, const std::string& address,
                   std::uint16_t port) {
    boost::system::error_code ec;
    auto ip = asio::ip::make_address(address, ec);
    tcp::endpoint where{ip, port};
    if (!ec)
      at.open(where.protocol(), ec);
    if (!ec)
      at.set_option(tcp::acceptor::reuse_address{true}, ec);
    if (!ec)
      at.bind(where, ec);
    if (!ec)
      at.listen(asio::socket_base::max_listen_connections, ec);
    if (ec)
      return "cannot listen on " + address + ":" + std::to_string(port) + ": "
             + ec.message();
    (&at == &api_ ? api_port_ : monitor_port_) = port_of(at);
    return {};
  }

  void launch(asio::awaitable<void> x) {
    asio::co_spawn(io_, std::move(x), report);
  }

  asio::awaitable<void> accept(tcp::acceptor& at, http_port port) {
    while (at.is_open()) {
      boost::system::error_code ec;
      auto socket = co_await at.async_accept(
        asio::redirect_error(asio::use_awaitable, ec));
      if (ec == asio::error::operation_aborted)
        break;
      if (ec)
        co_await pause(); // most likely out of file descriptors
      else if (shared_.connections < connections_max(port))
        serve(std::move(socket), port);
      else
        shared_.options.counters->add(counter::http_connections_refused);
    }
  }

  asio::awaitable<void> pause() {
    boost::system::error_code ec;
    asio::steady_timer timer{io_, std::chrono::milliseconds{100}};
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ec));
  }

  /// A full API port must not blind the monitoring.
  std::size_t connections_max(http_port port) const {
    auto reserve = port == http_port::monitor ? monitor_reserve : 0;
    return shared_.options.connections_max + reserve;
  }

  void serve(tcp::socket socket, http_port port) {
    boost::system::error_code ec;
    socket.set_option(tcp::no_delay{true}, ec);
    auto connection
      = std::make_shared<http_connection>(std::move(socket), port, shared_);
    std::erase_if(open_, [](const auto& x) { return x.expired(); });
    open_.push_back(connection);
    launch(connection->run());
  }

  void begin_stop() {
    boost::system::error_code ec;
    shared_.stopping = true;
    api_.close(ec);
    monitor_.close(ec);
    for (const auto& x : open_)
      if (auto connection = x.lock())
        connection->finish();
    stop_at_ = std::chrono::steady_clock::now() + shared_.options.times.stop;
    await_end();
  }

  void await_end() {
    if (shared_.connections == 0
        || std::chrono::steady_clock::now() >= stop_at_) {
      io_.stop();
      return;
    }
    tick_.expires_after(std::chrono::milliseconds{5});
    tick_.async_wait([this](boost::system::error_code) { await_end(); });
  }

  http_shared shared_;
  std::vector<std::weak_ptr<http_connection>> open_;
  std::uint16_t api_port_ = 0;
  std::uint16_t monitor_port_ = 0;
  std::chrono::steady_clock::time_point stop_at_;
  // Destroyed before what stands above: its handlers own the connections.
  asio::io_context io_{1};
  tcp::acceptor api_;
  tcp::acceptor monitor_;
  asio::steady_timer tick_;
  std::thread thread_;
};

http_listener::http_listener(std::unique_ptr<loop> l) : loop_(std::move(l)) {
  // nop
}

http_listener::~http_listener() {
  stop();
}

result<std::unique_ptr<http_listener>, std::string>
http_listener::start(http_options options) {
  auto made = std::make_unique<loop>(std::move(options));
  auto failed = made->open();
  if (!failed.empty())
    return failed;
  made->start();
  return std::unique_ptr<http_listener>{new http_listener{std::move(made)}};
}

std::uint16_t http_listener::api_port() const {
  return loop_->api_port();
}

std::uint16_t http_listener::monitor_port() const {
  return loop_->monitor_port();
}

void http_listener::stop() {
  loop_->stop();
}

} // namespace jindou::actors::http
