#include "apps/client/commands.hpp"
#include "apps/client/words.hpp"

#include <boost/asio/steady_timer.hpp>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <iostream>

namespace jindou::client {

namespace {

class sender final : public im_connection::listener {
public:
  explicit sender(const send_options& options)
      : options_(options), connection_(kit_, *this), deadline_(kit_.io) {
    // nop
  }

  int run() {
    deadline_.expires_after(options_.session.timeout);
    deadline_.async_wait([this](boost::system::error_code ec) {
      if (!ec)
        finish(exit_code::failed, "no answer in time");
    });
    connection_.start(options_.session.server, options_.session.who);
    kit_.io.run();
    return code_;
  }

  void on_login(std::uint8_t reason) override {
    if (reason != 1)
      return finish(exit_code::refused,
                    "login refused: " + std::string{reason_name(reason)});
    logged_in_ = true;
    auto number = random_name();
    auto payload = options_.raw ? options_.text : text_payload(options_.text);
    wire::send_frame f;
    f.flags.no_persist = options_.no_persist;
    f.client_seq = 1;
    f.client_msg_no = number;
    f.channel_id = options_.channel;
    f.channel_type = options_.channel_type;
    f.payload = payload;
    if (connection_.send(f) != errc::none)
      return finish(exit_code::usage, "message or channel id is too long");
    connection_.flush();
  }

  void on_sendack(const wire::sendack_frame& f) override {
    print(f);
    finish(f.reason == 1 ? exit_code::ok : exit_code::refused, "");
  }

  void on_recv(const wire::recv_frame&) override {
    // Left unacknowledged: a client that reads gets it again.
  }

  void on_closed(std::string_view why) override {
    finish(logged_in_ ? exit_code::failed : exit_code::cannot_connect,
           options_.session.address + ": " + std::string{why});
  }

private:
  void print(const wire::sendack_frame& f) {
    if (options_.session.json) {
      nlohmann::json x{{"message_id", std::to_string(f.message_id)},
                       {"message_seq", f.message_seq},
                       {"reason", f.reason},
                       {"reason_name", reason_name(f.reason)}};
      std::cout << x.dump() << std::endl;
      return;
    }
    std::cout << "message_id " << f.message_id << "  seq " << f.message_seq
              << "  reason " << int{f.reason} << ' ' << reason_name(f.reason)
              << std::endl;
  }

  void finish(int code, const std::string& why) {
    if (!why.empty())
      std::cerr << "jindou-client: " << why << std::endl;
    code_ = code;
    connection_.close();
    kit_.io.stop();
  }

  const send_options& options_;
  thread_kit kit_;
  im_connection connection_;
  boost::asio::steady_timer deadline_;
  bool logged_in_ = false;
  int code_ = exit_code::failed;
};

} // namespace

int run_send(const send_options& options) {
  return sender{options}.run();
}

} // namespace jindou::client
