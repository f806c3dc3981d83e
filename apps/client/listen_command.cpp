#include "apps/client/commands.hpp"
#include "apps/client/words.hpp"

#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <nlohmann/json.hpp>

#include <csignal>
#include <iostream>

namespace jindou::client {

namespace {

using error = boost::system::error_code;

constexpr std::chrono::seconds ping_interval{60};

class hearer final : public im_connection::listener {
public:
  explicit hearer(const listen_options& options)
      : options_(options),
        connection_(kit_, *this),
        deadline_(kit_.io),
        ping_(kit_.io),
        signals_(kit_.io, SIGINT, SIGTERM) {
    // nop
  }

  int run() {
    signals_.async_wait([this](error ec, int) {
      if (!ec)
        finish(exit_code::interrupted, "");
    });
    if (options_.session.timeout.count() > 0)
      watch(options_.session.timeout);
    connection_.start(options_.session.server, options_.session.who);
    kit_.io.run();
    return code_;
  }

  void on_login(std::uint8_t reason) override {
    if (reason != 1)
      return finish(exit_code::refused,
                    "login refused: " + std::string{reason_name(reason)});
    logged_in_ = true;
    std::cerr << "listening as " << connection_.who().uid << std::endl;
    keep_alive();
  }

  void on_sendack(const wire::sendack_frame&) override {
    // nothing was sent
  }

  void on_recv(const wire::recv_frame& f) override {
    auto plain = connection_.open(f);
    if (!plain) {
      std::cerr << "jindou-client: dropped a message with a wrong msgKey\n";
      return;
    }
    print(f, as_text(*plain));
    connection_.acknowledge(f);
    if (++seen_ == options_.count)
      leaving_ = true;
    if (leaving_)
      boost::asio::post(kit_.io, [this] { finish(exit_code::ok, ""); });
  }

  void on_closed(std::string_view why) override {
    finish(logged_in_ ? exit_code::failed : exit_code::cannot_connect,
           options_.session.address + ": " + std::string{why});
  }

private:
  void watch(std::chrono::milliseconds timeout) {
    deadline_.expires_after(timeout);
    deadline_.async_wait([this](error ec) {
      if (ec)
        return;
      if (options_.count == 0)
        return finish(exit_code::ok, "");
      finish(exit_code::failed, "only " + std::to_string(seen_) + " of "
                                  + std::to_string(options_.count)
                                  + " messages came in time");
    });
  }

  void keep_alive() {
    ping_.expires_after(ping_interval);
    ping_.async_wait([this](error ec) {
      if (ec)
        return;
      connection_.ping();
      keep_alive();
    });
  }

  void print(const wire::recv_frame& f, std::string_view payload) {
    if (options_.session.json) {
      nlohmann::json x{{"message_id", std::to_string(f.message_id)},
                       {"message_seq", f.message_seq},
                       {"from_uid", f.from_uid},
                       {"channel_id", f.channel_id},
                       {"channel_type", f.channel_type},
                       {"client_msg_no", f.client_msg_no},
                       {"timestamp", f.timestamp},
                       {"payload", payload}};
      std::cout << x.dump(-1, ' ', false,
                          nlohmann::json::error_handler_t::replace)
                << std::endl;
      return;
    }
    std::cout << f.from_uid << " -> " << f.channel_id << " #" << f.message_seq
              << "  " << shown_text(payload) << std::endl;
  }

  void finish(int code, const std::string& why) {
    if (!why.empty())
      std::cerr << "jindou-client: " << why << std::endl;
    code_ = code;
    connection_.close();
    kit_.io.stop();
  }

  const listen_options& options_;
  thread_kit kit_;
  im_connection connection_;
  boost::asio::steady_timer deadline_;
  boost::asio::steady_timer ping_;
  boost::asio::signal_set signals_;
  std::uint64_t seen_ = 0;
  bool logged_in_ = false;
  bool leaving_ = false;
  int code_ = exit_code::failed;
};

} // namespace

int run_listen(const listen_options& options) {
  return hearer{options}.run();
}

} // namespace jindou::client
