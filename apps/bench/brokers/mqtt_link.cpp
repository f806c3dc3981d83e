#include "apps/bench/brokers/links.hpp"
#include "apps/bench/brokers/mqtt.hpp"

namespace jindou::bench {

namespace {

class mqtt_link final : public stream_link {
public:
  using stream_link::stream_link;

  void publish(std::string_view topic, std::string_view payload) override {
    mqtt::append_publish(stream_.outgoing(), take_id(), topic, payload);
  }

private:
  std::uint16_t take_id() {
    if (++last_id_ == 0)
      ++last_id_;
    return last_id_;
  }

  void on_open() override {
    mqtt::append_connect(stream_.outgoing(), account_.name);
    stream_.flush();
  }

  std::size_t take_one(byte_span input) override {
    auto broken = false;
    auto x = mqtt::first_packet(input, broken);
    if (broken)
      end("malformed packet length");
    if (!x)
      return 0;
    on_packet(*x);
    return x->bytes;
  }

  void on_packet(const mqtt::packet& x) {
    switch (static_cast<mqtt::packet_type>(x.type)) {
    case mqtt::packet_type::connack:
      return on_connack(x);
    case mqtt::packet_type::suback:
      return listener_.on_ready();
    case mqtt::packet_type::puback:
      return listener_.on_acked(true);
    case mqtt::packet_type::publish:
      return on_publish(x);
    default:
      return end("packet of type " + std::to_string(x.type));
    }
  }

  void on_connack(const mqtt::packet& x) {
    if (x.body.size() != 2 || x.body[1] != std::byte{0})
      return end("login refused");
    if (account_.topic.empty())
      return listener_.on_ready();
    mqtt::append_subscribe(stream_.outgoing(), take_id(), account_.topic);
  }

  void on_publish(const mqtt::packet& x) {
    auto p = mqtt::read_publish(x);
    if (!p)
      return end("malformed PUBLISH");
    if (p->id != 0)
      mqtt::append_puback(stream_.outgoing(), p->id);
    listener_.on_message(p->payload);
  }

  std::uint16_t last_id_ = 0;
};

} // namespace

std::unique_ptr<broker_link> make_mqtt_link(client::thread_kit& kit,
                                            broker_link::listener& who) {
  return std::make_unique<mqtt_link>(kit, who);
}

} // namespace jindou::bench
