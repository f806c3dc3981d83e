#pragma once

#include "apps/bench/brokers/broker_link.hpp"

namespace jindou::bench {

/// What links that read a stream of bytes themselves share.
class stream_link : public broker_link, protected client::stream::owner {
public:
  stream_link(client::thread_kit& kit, listener& who)
      : listener_(who), stream_(kit, *this) {
    // nop
  }

  void start(const client::endpoint& to, account who) override {
    account_ = std::move(who);
    stream_.connect(to);
  }

  void flush() override {
    if (!reading_)
      stream_.flush();
  }

protected:
  /// Takes one unit off the front of the input; 0 if it is not whole yet.
  virtual std::size_t take_one(byte_span input) = 0;

  std::size_t on_bytes(byte_span input) override {
    std::size_t taken = 0;
    reading_ = true;
    while (stream_.is_open()) {
      auto n = take_one(input.subspan(taken));
      if (n == 0)
        break;
      taken += n;
    }
    reading_ = false;
    stream_.flush();
    return taken;
  }

  void on_closed(std::string_view why) override {
    listener_.on_closed(why);
  }

  void end(std::string_view why) {
    stream_.close();
    listener_.on_closed(why);
  }

  listener& listener_;
  client::stream stream_;
  account account_;

private:
  bool reading_ = false;
};

std::unique_ptr<broker_link> make_mqtt_link(client::thread_kit& kit,
                                            broker_link::listener& who);
std::unique_ptr<broker_link> make_nats_link(client::thread_kit& kit,
                                            broker_link::listener& who);
std::unique_ptr<broker_link> make_jindou_link(client::thread_kit& kit,
                                              const broker_link_options& how,
                                              broker_link::listener& who);

} // namespace jindou::bench
