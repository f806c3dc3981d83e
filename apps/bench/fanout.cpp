#include "apps/bench/fanout.hpp"

#include "apps/bench/crowd.hpp"
#include "apps/client/words.hpp"

#include <cstdio>
#include <cstdlib>
#include <map>

namespace jindou::bench {

namespace {

class fanout_load final : public conductor::player,
                          client::im_connection::listener {
public:
  explicit fanout_load(const fanout_options& options)
      : options_(options),
        conductor_(kit_, options.when, *this),
        sender_(kit_, *this),
        group_(options.uid_prefix + "_" + client::random_name()),
        payload_(options.payload_bytes, 'x') {
    for (std::size_t i = 1; i <= options.receivers; ++i)
      uids_.push_back(options.uid_prefix + std::to_string(i));
  }

  report run(std::string& fault) {
    if (!options_.http.given())
      fault_ = "fanout makes its group over HTTP: give --http";
    make_everybody();
    crowd::events events;
    events.on_ready = [this] { log_in_sender(); };
    events.on_fault = [this](const std::string& why) { on_closed(why); };
    events.on_recv = [this](client::im_connection&, const wire::recv_frame& f) {
      on_delivery(f);
    };
    crowd receivers{kit_, options_.http, options_.server, uids_,
                    std::move(events)};
    if (fault_.empty()) {
      receivers.start();
      kit_.io.run();
    }
    fault = fault_;
    finish();
    return std::move(report_);
  }

  // -- the plan ---------------------------------------------------------------

  void begin_run() override {
    deliveries_ = 0;
    whole_.clear();
    ack_.clear();
  }

  std::string end_run(double seconds) override {
    auto rate = static_cast<double>(deliveries_) / seconds;
    auto name = this->name();
    report_.at(name + ".deliveries", "deliveries/s").runs.push_back(rate);
    report_.add_latency(name + ".ack", ack_);
    report_.add_latency(name + ".last_receiver", whole_);
    char text[64];
    std::snprintf(text, sizeof(text), "%.0f deliveries/s", rate);
    return text;
  }

  void stop_sending() override {
    sending_ = false;
  }

  bool drained() const override {
    return under_way_.empty();
  }

private:
  struct flight {
    std::int64_t sent_at = 0;
    std::size_t left = 0;
  };

  // -- before -----------------------------------------------------------------

  void make_everybody() {
    auto all = uids_;
    all.push_back(sender_uid());
    if (fault_.empty())
      fault_ = allow_sockets(all.size());
    if (fault_.empty())
      fault_ = make_users(options_.http, all);
    if (fault_.empty())
      fault_ = make_group(options_.http, group_, all);
  }

  std::string name() const {
    return (sender_.encrypted() ? "fanout.window_" : "fanout.plain_window_")
           + std::to_string(options_.window);
  }

  std::string sender_uid() const {
    return options_.uid_prefix + "_s";
  }

  void log_in_sender() {
    client::login who;
    who.uid = sender_uid();
    who.token = token_of(options_.http, who.uid);
    who.device_id = "bench-" + who.uid;
    sender_.start(options_.server, std::move(who));
  }

  // -- the sender -------------------------------------------------------------

  void on_login(std::uint8_t reason) override {
    if (reason != 1)
      return on_closed(client::reason_name(reason));
    conductor_.start();
    for (unsigned i = 0; i < options_.window; ++i)
      send();
    sender_.flush();
  }

  void send() {
    auto number = group_ + "-" + std::to_string(++last_);
    wire::send_frame f;
    f.client_seq = last_;
    f.client_msg_no = number;
    f.channel_id = group_;
    f.channel_type = 2;
    f.payload = payload_;
    under_way_[last_] = {now_ns(), uids_.size()};
    sender_.send(f);
  }

  void on_sendack(const wire::sendack_frame& f) override {
    if (f.reason != 1) {
      ++refused_;
      return finish_flight(f.client_seq);
    }
    if (auto i = under_way_.find(f.client_seq); i != under_way_.end())
      ack_.add(static_cast<std::uint64_t>(now_ns() - i->second.sent_at));
  }

  /// The next message leaves when everybody has this one, so that deliveries
  /// cannot pile up.
  void finish_flight(std::uint32_t seq) {
    under_way_.erase(seq);
    if (!sending_)
      return;
    send();
    sender_.flush();
  }

  void on_recv(const wire::recv_frame& f) override {
    sender_.acknowledge(f);
  }

  void on_closed(std::string_view why) override {
    fault_ = why;
    kit_.io.stop();
  }

  // -- the receivers ----------------------------------------------------------

  void on_delivery(const wire::recv_frame& f) {
    ++deliveries_;
    auto dash = f.client_msg_no.rfind('-');
    if (dash == std::string_view::npos)
      return;
    auto number = std::string{f.client_msg_no.substr(dash + 1)};
    auto i = under_way_.find(
      static_cast<std::uint32_t>(std::strtoul(number.c_str(), nullptr, 10)));
    if (i == under_way_.end() || --i->second.left > 0)
      return;
    whole_.add(static_cast<std::uint64_t>(now_ns() - i->second.sent_at));
    finish_flight(i->first);
  }

  void finish() {
    report_.benchmark = name();
    report_.options = {{"receivers", std::to_string(options_.receivers)},
                       {"payload", std::to_string(options_.payload_bytes)},
                       {"window", std::to_string(options_.window)}};
    report_.faults = {{"refused", refused_}, {"incomplete", under_way_.size()}};
  }

  const fanout_options& options_;
  client::thread_kit kit_;
  conductor conductor_;
  client::im_connection sender_;
  std::string group_;
  std::string payload_;
  std::vector<std::string> uids_;
  std::map<std::uint32_t, flight> under_way_;
  std::uint32_t last_ = 0;
  std::uint64_t deliveries_ = 0;
  std::uint64_t refused_ = 0;
  histogram whole_;
  histogram ack_;
  report report_;
  std::string fault_;
  bool sending_ = true;
};

} // namespace

report run_fanout(const fanout_options& options, std::string& fault) {
  return fanout_load{options}.run(fault);
}

} // namespace jindou::bench
