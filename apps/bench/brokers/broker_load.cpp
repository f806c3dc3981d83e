#include "apps/bench/brokers/broker_load.hpp"

#include "apps/bench/crowd.hpp"
#include "apps/client/words.hpp"

#include <charconv>
#include <cstdio>
#include <deque>
#include <fstream>
#include <memory>
#include <sstream>
#include <unistd.h>
#include <vector>

namespace jindou::bench {

namespace {

constexpr std::size_t links_at_once = 64;
constexpr std::size_t number_digits = 12;

/// Seconds that a process has spent on processors; 0 if there is none.
double processor_seconds(int pid) {
  std::ifstream in{"/proc/" + std::to_string(pid) + "/stat"};
  std::string text;
  std::getline(in, text);
  // The name may hold blanks; behind it come state and 10 numbers.
  std::istringstream words{text.substr(text.rfind(')') + 1)};
  std::string skipped;
  for (int i = 0; i < 11; ++i)
    words >> skipped;
  double user = 0;
  double system = 0;
  words >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

/// What all links count together.
struct broker_tally {
  histogram ack;
  histogram recv;
  std::uint64_t delivered = 0; // of the present run
  std::uint64_t sent = 0;
  std::uint64_t answered = 0;
  std::uint64_t refused = 0;
  std::uint64_t arrived = 0;
  std::uint64_t disordered = 0;
};

class broker_load;

/// A sender with its messages that are under way.
class publisher final : broker_link::listener {
public:
  publisher(broker_load& owner, std::string name, std::string topic,
            std::size_t receivers);

  void connect();
  void start();
  void arrived(std::uint32_t number);

private:
  struct flight {
    std::uint32_t number;
    std::size_t left;
  };

  void on_ready() override;
  void on_acked(bool ok) override;
  void on_message(std::string_view payload) override;
  void on_closed(std::string_view why) override;
  void send();

  broker_load& owner_;
  std::string name_;
  std::string topic_;
  std::size_t receivers_;
  std::string payload_;
  std::unique_ptr<broker_link> link_;
  std::deque<std::int64_t> unanswered_;
  std::deque<std::int64_t> times_; // of flights_
  std::deque<flight> flights_;
  std::uint32_t last_ = 0;
};

/// A receiver, which checks the order.
class subscriber final : broker_link::listener {
public:
  subscriber(broker_load& owner, std::string name, std::string topic,
             publisher& from);

  void connect();

private:
  void on_ready() override;
  void on_acked(bool ok) override;
  void on_message(std::string_view payload) override;
  void on_closed(std::string_view why) override;

  broker_load& owner_;
  std::string name_;
  std::string topic_;
  publisher& from_;
  std::unique_ptr<broker_link> link_;
  std::uint32_t last_ = 0;
};

class broker_load final : public conductor::player {
public:
  explicit broker_load(const broker_options& chosen)
      : options(chosen), conductor_(kit, chosen.when, *this) {
    link_options = chosen.link;
    link_options.groups = chosen.receivers > 0;
    name_ = "broker." + chosen.label
            + (chosen.receivers > 0 ? ".fanout_" : ".pairs_")
            + std::to_string(chosen.window);
    make_members();
  }

  report run(std::string& fault) {
    fault_ = allow_sockets(publishers_.size() + subscribers_.size());
    if (fault_.empty())
      fault_ = make_accounts();
    if (fault_.empty()) {
      for (std::size_t i = 0; i < links_at_once; ++i)
        connect_next();
      kit.io.run();
    }
    fault = fault_;
    finish();
    return std::move(report_);
  }

  // -- what links say ---------------------------------------------------------

  void on_ready() {
    if (++ready_ < publishers_.size() + subscribers_.size())
      return connect_next();
    conductor_.start();
    for (auto& p : publishers_)
      p->start();
  }

  void on_closed(std::string_view name, std::string_view why) {
    fault_ = std::string{name} + ": " + std::string{why};
    kit.io.stop();
  }

  // -- the plan ---------------------------------------------------------------

  void begin_run() override {
    tally.ack.clear();
    tally.recv.clear();
    tally.delivered = 0;
    processor_before_ = processor_seconds(options.pid);
  }

  std::string end_run(double seconds) override {
    auto n = static_cast<double>(tally.delivered);
    report_.at(name_ + ".delivered", "messages/s").runs.push_back(n / seconds);
    report_.add_quantiles(name_ + ".ack", tally.ack);
    report_.add_quantiles(name_ + ".recv", tally.recv);
    if (options.pid != 0)
      report_.at(name_ + ".server_time", "us per message")
        .runs.push_back((processor_seconds(options.pid) - processor_before_)
                        * 1e6 / std::max(1.0, n));
    char text[64];
    std::snprintf(text, sizeof(text), "%s: %.0f messages/s", name_.c_str(),
                  n / seconds);
    return text;
  }

  void stop_sending() override {
    sending = false;
  }

  bool drained() const override {
    return tally.answered == tally.sent && tally.arrived >= expected();
  }

  const broker_options& options;
  broker_link_options link_options;
  client::thread_kit kit;
  broker_tally tally;
  bool sending = true;

private:
  void make_members() {
    auto& o = options;
    auto fanout = o.receivers > 0;
    auto senders = fanout ? 1 : o.pairs;
    auto each = fanout ? o.receivers : 1;
    auto tag = client::random_name();
    for (unsigned i = 0; i < senders; ++i) {
      auto who = tag + "-" + std::to_string(i);
      auto topic = "to-" + who;
      publishers_.push_back(
        std::make_unique<publisher>(*this, "from-" + who, topic, each));
      for (unsigned k = 0; k < each; ++k) {
        // A user of jindou is its own topic.
        auto name = fanout ? topic + "-" + std::to_string(k) : topic;
        subscribers_.push_back(std::make_unique<subscriber>(
          *this, name, topic, *publishers_.back()));
        names_.push_back(name);
      }
      names_.push_back("from-" + who);
      topic_ = topic;
    }
  }

  std::string make_accounts() {
    if (options.link.protocol != broker::jindou)
      return {};
    if (!options.http.given())
      return "users of jindou are made over HTTP: give --http";
    auto why = make_users(options.http, names_);
    if (why.empty() && options.receivers > 0)
      why = make_group(options.http, topic_, names_);
    return why;
  }

  /// Receivers first, so that they hear all.
  void connect_next() {
    auto i = connected_++;
    if (i < subscribers_.size())
      subscribers_[i]->connect();
    else if (i < subscribers_.size() + publishers_.size())
      publishers_[i - subscribers_.size()]->connect();
  }

  std::uint64_t expected() const {
    auto each = std::max(1U, options.receivers);
    return (tally.sent - tally.refused) * each;
  }

  void finish() {
    report_.benchmark = name_;
    report_.options = {{"pairs", std::to_string(options.pairs)},
                       {"receivers", std::to_string(options.receivers)},
                       {"window", std::to_string(options.window)},
                       {"payload", std::to_string(options.payload_bytes)}};
    auto lacking = [](std::uint64_t wanted, std::uint64_t got) {
      return wanted > got ? wanted - got : 0;
    };
    report_.faults = {{"refused", tally.refused},
                      {"unanswered", tally.sent - tally.answered},
                      {"lost", lacking(expected(), tally.arrived)},
                      {"disordered", tally.disordered}};
  }

  conductor conductor_;
  std::string name_;
  std::vector<std::unique_ptr<publisher>> publishers_;
  std::vector<std::unique_ptr<subscriber>> subscribers_;
  std::vector<std::string> names_;
  std::string topic_; // of the group
  std::size_t connected_ = 0;
  std::size_t ready_ = 0;
  double processor_before_ = 0;
  report report_;
  std::string fault_;
};

// -- publisher ----------------------------------------------------------------

publisher::publisher(broker_load& owner, std::string name, std::string topic,
                     std::size_t receivers)
    : owner_(owner),
      name_(std::move(name)),
      topic_(std::move(topic)),
      receivers_(receivers),
      payload_(std::max(owner.options.payload_bytes, number_digits), ' '),
      link_(make_broker_link(owner.kit, owner.link_options, *this)) {
  // nop
}

void publisher::connect() {
  link_->start(owner_.options.server,
               {name_, token_of(owner_.options.http, name_), {}});
}

void publisher::start() {
  for (unsigned i = 0; i < owner_.options.window; ++i)
    send();
  link_->flush();
}

void publisher::send() {
  auto number = ++last_;
  std::fill_n(payload_.begin(), number_digits, ' ');
  std::to_chars(payload_.data(), payload_.data() + number_digits, number);
  auto now = now_ns();
  unanswered_.push_back(now);
  times_.push_back(now);
  flights_.push_back({number, receivers_});
  ++owner_.tally.sent;
  link_->publish(topic_, payload_);
}

void publisher::arrived(std::uint32_t number) {
  auto& t = owner_.tally;
  ++t.arrived;
  ++t.delivered;
  if (flights_.empty() || number < flights_.front().number)
    return;
  auto i = number - flights_.front().number;
  if (i >= flights_.size() || flights_[i].left == 0)
    return;
  if (--flights_[i].left > 0)
    return;
  t.recv.add(static_cast<std::uint64_t>(now_ns() - times_[i]));
  auto whole = 0U;
  for (; !flights_.empty() && flights_.front().left == 0; ++whole) {
    flights_.pop_front();
    times_.pop_front();
  }
  // With many receivers the next leaves when all have one.
  if (receivers_ == 1 || !owner_.sending)
    return;
  for (; whole > 0; --whole)
    send();
  link_->flush();
}

void publisher::on_ready() {
  owner_.on_ready();
}

void publisher::on_acked(bool ok) {
  auto& t = owner_.tally;
  ++t.answered;
  if (!ok)
    ++t.refused;
  if (unanswered_.empty())
    return;
  t.ack.add(static_cast<std::uint64_t>(now_ns() - unanswered_.front()));
  unanswered_.pop_front();
  if (receivers_ == 1 && owner_.sending)
    send();
}

void publisher::on_message(std::string_view) {
  // a group's sender is one of its members
}

void publisher::on_closed(std::string_view why) {
  owner_.on_closed(name_, why);
}

// -- subscriber ---------------------------------------------------------------

subscriber::subscriber(broker_load& owner, std::string name, std::string topic,
                       publisher& from)
    : owner_(owner),
      name_(std::move(name)),
      topic_(std::move(topic)),
      from_(from),
      link_(make_broker_link(owner.kit, owner.link_options, *this)) {
  // nop
}

void subscriber::connect() {
  link_->start(owner_.options.server,
               {name_, token_of(owner_.options.http, name_), topic_});
}

void subscriber::on_ready() {
  owner_.on_ready();
}

void subscriber::on_acked(bool) {
  // sends nothing
}

void subscriber::on_message(std::string_view payload) {
  std::uint32_t number = 0;
  std::from_chars(payload.data(), payload.data() + payload.size(), number);
  if (number <= last_)
    ++owner_.tally.disordered;
  last_ = number;
  from_.arrived(number);
}

void subscriber::on_closed(std::string_view why) {
  owner_.on_closed(name_, why);
}

} // namespace

report run_broker(const broker_options& options, std::string& fault) {
  return broker_load{options}.run(fault);
}

} // namespace jindou::bench
