#pragma once

#include "apps/client/stream.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <nlohmann/json.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace jindou::bench::test {

/// The smallest HTTP API, on a thread of its own: counts the messages that
/// each person channel got, shows the newest of them; faults can be planted
/// before the first call.
class fake_api {
public:
  struct faults {
    bool refuse = false;
    std::size_t hide = 0;  // messages missing in every page
    std::size_t older = 0; // pages end so long before the newest
  };

  fake_api() : acceptor_(io_, {boost::asio::ip::address_v4::loopback(), 0}) {
    accept();
    thread_ = std::thread{[this] { io_.run(); }};
  }

  ~fake_api() {
    io_.stop();
    thread_.join();
  }

  client::endpoint address() const {
    return acceptor_.local_endpoint();
  }

  faults planted;

private:
  using error = boost::system::error_code;
  using request = boost::beast::http::request<boost::beast::http::string_body>;
  using response
    = boost::beast::http::response<boost::beast::http::string_body>;
  using json = nlohmann::json;

  struct peer {
    explicit peer(boost::asio::ip::tcp::socket s) : stream(std::move(s)) {
      // nop
    }

    boost::beast::tcp_stream stream;
    boost::beast::flat_buffer buffer;
    request in;
    response out;
  };

  void accept() {
    acceptor_.async_accept([this](error ec, boost::asio::ip::tcp::socket s) {
      if (ec)
        return;
      peers_.push_back(std::make_unique<peer>(std::move(s)));
      read(*peers_.back());
      accept();
    });
  }

  void read(peer& x) {
    x.in = {};
    boost::beast::http::async_read(x.stream, x.buffer, x.in,
                                   [this, &x](error ec, std::size_t) {
                                     if (!ec)
                                       answer(x);
                                   });
  }

  void answer(peer& x) {
    auto body = json::parse(x.in.body());
    auto is_send = x.in.target() == "/message/sendbatch";
    auto text = is_send ? send(body) : page(body);
    x.out = {boost::beast::http::status::ok, 11};
    x.out.body() = text.dump();
    x.out.prepare_payload();
    boost::beast::http::async_write(x.stream, x.out,
                                    [this, &x](error ec, std::size_t) {
                                      if (!ec)
                                        read(x);
                                    });
  }

  json send(const json& body) {
    json x{{"fail_uids", json::array()}, {"reason", json::array()}};
    for (auto& uid : body.at("subscribers"))
      ++sent_[uid.get<std::string>()];
    if (planted.refuse) {
      x["fail_uids"].push_back("a");
      x["reason"].push_back("full");
    }
    return x;
  }

  json page(const json& body) {
    auto last = sent_[body.at("channel_id").get<std::string>()];
    last -= std::min(last, planted.older);
    auto n = std::min(body.at("limit").get<std::size_t>(), last);
    json x{{"start_message_seq", 0}, {"end_message_seq", 0}, {"more", 1}};
    x["messages"] = json::array();
    for (auto i = planted.hide; i < n; ++i)
      x["messages"].push_back({{"message_seq", last - n + i + 1}});
    return x;
  }

  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::vector<std::unique_ptr<peer>> peers_;
  std::map<std::string, std::size_t> sent_;
  std::thread thread_;
};

} // namespace jindou::bench::test
