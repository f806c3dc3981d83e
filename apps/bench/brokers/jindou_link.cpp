#include "apps/bench/brokers/links.hpp"
#include "apps/client/im_connection.hpp"
#include "apps/client/words.hpp"
#include "messages/ids.hpp"

namespace jindou::bench {

namespace {

class jindou_link final : public broker_link, client::im_connection::listener {
public:
  jindou_link(client::thread_kit& kit, const broker_link_options& how,
              broker_link::listener& who)
      : how_(how), listener_(who), link_(kit, *this) {
    // nop
  }

  void start(const client::endpoint& to, account who) override {
    client::login x;
    x.device_id = who.name;
    x.uid = std::move(who.name);
    x.token = std::move(who.token);
    link_.start(to, std::move(x));
  }

  /// Encrypted where the server offers a key.
  void publish(std::string_view topic, std::string_view payload) override {
    auto number = prefix_ + std::to_string(++last_);
    wire::send_frame f;
    f.flags.no_persist = how_.no_persist;
    f.client_seq = last_;
    f.client_msg_no = number;
    f.channel_id = topic;
    f.channel_type = how_.groups ? channel_type::group : channel_type::person;
    f.payload = payload;
    if (link_.send(f) != errc::none)
      listener_.on_acked(false);
  }

  void flush() override {
    link_.flush();
  }

private:
  void on_login(std::uint8_t reason) override {
    if (reason == 1)
      listener_.on_ready();
    else
      on_closed(client::reason_name(reason));
  }

  void on_sendack(const wire::sendack_frame& f) override {
    listener_.on_acked(f.reason == 1);
  }

  void on_recv(const wire::recv_frame& f) override {
    link_.acknowledge(f);
    if (auto plain = link_.open(f))
      listener_.on_message(as_text(*plain));
  }

  void on_closed(std::string_view why) override {
    listener_.on_closed(why);
  }

  broker_link_options how_;
  broker_link::listener& listener_;
  client::im_connection link_;
  std::string prefix_ = client::random_name();
  std::uint32_t last_ = 0;
};

} // namespace

std::unique_ptr<broker_link> make_jindou_link(client::thread_kit& kit,
                                              const broker_link_options& how,
                                              broker_link::listener& who) {
  return std::make_unique<jindou_link>(kit, how, who);
}

std::unique_ptr<broker_link> make_broker_link(client::thread_kit& kit,
                                              const broker_link_options& how,
                                              broker_link::listener& who) {
  switch (how.protocol) {
  case broker::mqtt:
    return make_mqtt_link(kit, who);
  case broker::nats:
    return make_nats_link(kit, who);
  default:
    return make_jindou_link(kit, how, who);
  }
}

} // namespace jindou::bench
