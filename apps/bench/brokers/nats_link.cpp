#include "apps/bench/brokers/links.hpp"
#include "apps/bench/brokers/nats.hpp"

namespace jindou::bench {

namespace {

/// NATS acknowledges nothing. A PING behind each message makes it answer when
/// it has taken the message.
class nats_link final : public stream_link {
public:
  using stream_link::stream_link;

  void publish(std::string_view topic, std::string_view payload) override {
    nats::append_publish(stream_.outgoing(), topic, payload);
    append("PING\r\n");
  }

private:
  void append(std::string_view text) {
    auto bytes = as_bytes(text);
    auto& out = stream_.outgoing();
    out.insert(out.end(), bytes.begin(), bytes.end());
  }

  void on_open() override {
    append("CONNECT {\"verbose\":false,\"pedantic\":false,\"name\":\""
           + account_.name + "\",\"lang\":\"c++\",\"version\":\"1\"}\r\n");
    if (!account_.topic.empty())
      append("SUB " + account_.topic + " 1\r\n");
    append("PING\r\n");
    stream_.flush();
  }

  std::size_t take_one(byte_span input) override {
    auto broken = false;
    auto x = nats::first_line(as_text(input), broken);
    if (broken)
      end("malformed line");
    if (!x)
      return 0;
    if (x->word == "MSG")
      listener_.on_message(x->payload);
    else if (x->word == "PING")
      append("PONG\r\n");
    else if (x->word == "PONG")
      on_pong();
    else if (x->word != "INFO" && x->word != "+OK")
      end("the server says " + std::string{x->word});
    return x->bytes;
  }

  void on_pong() {
    if (ready_)
      return listener_.on_acked(true);
    ready_ = true;
    listener_.on_ready();
  }

  bool ready_ = false;
};

} // namespace

std::unique_ptr<broker_link> make_nats_link(client::thread_kit& kit,
                                            broker_link::listener& who) {
  return std::make_unique<nats_link>(kit, who);
}

} // namespace jindou::bench
