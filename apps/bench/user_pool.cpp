#include "apps/bench/user_pool.hpp"

#include "actors/gateway/session_table.hpp"
#include "actors/user/user_directory.hpp"
#include "apps/bench/bare_node.hpp"
#include "apps/bench/pool_driver.hpp"
#include "apps/bench/quiet_session.hpp"
#include "apps/bench/shared_histogram.hpp"
#include "messages/wire/codec.hpp"

#include <caf/send.hpp>

#include <cstdio>
#include <thread>
#include <variant>

namespace jindou::bench {

namespace {

/// Of so many users one has its times and its SENDACKs looked at.
constexpr connection_id timed_every = 8;

/// What the sessions find, from any thread.
struct findings {
  shared_histogram times;
  std::atomic<std::uint64_t> refused{0};
};

class sending_session final : public quiet_session {
public:
  sending_session(connection_id id, io_port& io, findings& to,
                  std::size_t payload)
      : quiet_session(id, io),
        findings_(to),
        uid_("u" + std::to_string(id)),
        peer_size_(uid_.size()),
        block_(make_block(uid_, payload)) {
    // nop
  }

  const std::string& uid() const {
    return uid_;
  }

  const shared_bytes& block() const {
    return block_;
  }

  bool sampled() const {
    return id() % timed_every == 0;
  }

  /// The same SEND again and again: who has had it is asked by channels.
  wire::send_frame next_send() {
    auto all = as_text(block_.span());
    wire::send_frame f;
    f.client_seq = ++last_seq_;
    f.client_msg_no = all.substr(0, peer_size_);
    f.channel_id = all.substr(0, peer_size_);
    f.channel_type = channel_type::person;
    f.payload = all.substr(peer_size_);
    return f;
  }

  void intend(std::int64_t ns) {
    if (sampled())
      intended_ns_.store(ns, std::memory_order_relaxed);
  }

  void end(std::size_t) {
    auto took = now_ns() - intended_ns_.load(std::memory_order_relaxed);
    findings_.times.add(id() / timed_every, static_cast<std::uint64_t>(took));
  }

  pushed append(shared_bytes frames) override {
    for (auto bytes = frames.span(); sampled() && !bytes.empty();) {
      auto res = wire::decode(bytes, wire::latest_version);
      auto* x = std::get_if<wire::decoded>(&res);
      auto* ack
        = x == nullptr ? nullptr : std::get_if<wire::sendack_frame>(&x->frame);
      if (ack == nullptr || ack->reason != 1)
        ++findings_.refused;
      if (x == nullptr)
        break;
      bytes = bytes.subspan(x->bytes);
    }
    return pushed::queued;
  }

  void answered(std::size_t n) override {
    if (sampled())
      end(n);
  }

private:
  static shared_bytes make_block(const std::string& peer, std::size_t payload) {
    auto text = peer + std::string(payload, 'x');
    auto bytes = as_bytes(text);
    return shared_bytes{byte_vector(bytes.begin(), bytes.end())};
  }

  findings& findings_;
  std::string uid_;
  std::size_t peer_size_;
  shared_bytes block_;
  std::uint32_t last_seq_ = 0;
  std::atomic<std::int64_t> intended_ns_{0};
};

using session_list = std::vector<std::shared_ptr<sending_session>>;

class user_pool_load final : driven_pool {
public:
  explicit user_pool_load(const user_pool_options& options)
      : options_(options), config_(make_bare_config()), system_(config_) {
    services_ = std::make_shared<actors::user_services>();
    services_->slots = make_bare_slots(system_);
    services_->stats = stats_;
    services_->ids = std::make_shared<actors::id_generator>(1, 0);
    services_->sessions = std::make_shared<actors::session_table>();
    services_->now_ms = [] { return now_ns() / 1'000'000; };
    services_->token_auth_on = false;
    services_->disable_encryption = true;
    services_->submit = accept;
    services_->forget = [this](std::string_view uid, const lease* who) {
      users_->forget(uid, who);
    };
    services_->quarantine
      = [this](const quarantine_row&) { ++findings_.refused; };
    services_->build_chains();
    users_ = actors::make_user_directory(system_, limits::user_queue_max,
                                         stats_, [this] { return services_; });
  }

  report run(std::string& fault) {
    pool_driver driver{*this, options_.when, options_.window * options_.batch};
    if (log_in_all()) {
      driver.run(report_, name(), "events/s");
      if (!driver.drain())
        unanswered_ = driver.sent() - ended();
    } else {
      fault = "only " + std::to_string(logins()) + " users logged in";
    }
    stop();
    report_.benchmark = name();
    report_.options = {{"users", std::to_string(options_.users)},
                       {"batch", std::to_string(options_.batch)},
                       {"payload", std::to_string(options_.payload_bytes)},
                       {"window", std::to_string(options_.window)}};
    report_.faults
      = {{"refused", findings_.refused}, {"unanswered", unanswered_}};
    return std::move(report_);
  }

private:
  // -- the pool, as its driver sees it ----------------------------------------

  std::uint64_t send(std::int64_t intended_ns) override {
    auto& from = sessions_[next_++ % sessions_.size()];
    from->intend(intended_ns);
    std::vector<user_event> events;
    events.reserve(options_.batch);
    for (unsigned i = 0; i < options_.batch; ++i)
      if (options_.recvack)
        events.emplace_back(wire::recvack_frame{{}, ++last_id_, i});
      else
        events.emplace_back(from->next_send());
    deliver(from, from->block(), std::move(events));
    return options_.batch;
  }

  std::uint64_t ended() const override {
    return stats_->value(options_.recvack ? counter::recvacks : counter::sends)
           + findings_.refused;
  }

  histogram take_times() override {
    return findings_.times.take();
  }

  // -- before and after -------------------------------------------------------

  /// Says yes at once, as a channel would after some milliseconds.
  static void accept(const channel_delivery_ptr& x) {
    message_seq seq = 0;
    for (auto& item : std::get<submit_batch>(x->content).items)
      item.seq = ++seq;
    x->answer(errc::none);
  }

  void deliver(const std::shared_ptr<sending_session>& from, shared_bytes bytes,
               std::vector<user_event> events) {
    auto places = static_cast<std::int64_t>(events.size());
    user_batch batch{from->uid(), from, std::move(bytes), std::move(events)};
    auto ended = [this](user_batch& x, errc outcome) { on_end(x, outcome); };
    users_->deliver(from->uid(), std::make_shared<user_delivery>(
                                   std::move(batch), places, ended));
  }

  void on_end(user_batch& x, errc outcome) {
    if (outcome != errc::none)
      findings_.refused += x.events.size();
    if (!options_.recvack || !measuring_)
      return;
    auto& from = static_cast<sending_session&>(*x.from);
    if (from.sampled())
      from.end(x.events.size());
  }

  std::uint64_t logins() const {
    return stats_->value(counter::logins);
  }

  bool log_in_all() {
    std::fprintf(stderr, "%u users log in\n", options_.users);
    auto until = clock::now() + std::chrono::minutes{2};
    for (unsigned i = 0; i < options_.users; ++i) {
      sessions_.push_back(std::make_shared<sending_session>(
        i + 1, io_, findings_, options_.payload_bytes));
      wire::connect_frame f;
      f.version = wire::latest_version;
      f.uid = sessions_.back()->uid();
      f.device_id = "bench";
      deliver(sessions_.back(), {}, {connect_request{f, false}});
      while (i + 1 - logins() > options_.window && clock::now() < until)
        std::this_thread::sleep_for(std::chrono::microseconds{50});
    }
    while (logins() < options_.users && clock::now() < until)
      std::this_thread::sleep_for(std::chrono::milliseconds{1});
    measuring_ = true;
    return logins() == options_.users;
  }

  void stop() {
    for (auto& x : users_->close())
      caf::anon_send_exit(x.handle, caf::exit_reason::user_shutdown);
    end_bare_slots(*services_->slots);
  }

  std::string name() const {
    return std::string{options_.recvack ? "pools_user.recvack_"
                                        : "pools_user.send_"}
           + std::to_string(options_.batch);
  }

  const user_pool_options& options_;
  no_io io_;
  findings findings_;
  session_list sessions_;
  metrics_ptr stats_ = std::make_shared<metrics>();
  std::shared_ptr<actors::user_services> services_;
  std::shared_ptr<actors::user_directory> users_;
  report report_;
  std::uint64_t next_ = 0;
  std::int64_t last_id_ = 0;
  std::uint64_t unanswered_ = 0;
  std::atomic<bool> measuring_{false};
  configs::node_config config_;
  caf::actor_system system_; // first to go: it waits for its actors
};

} // namespace

report run_user_pool(const user_pool_options& options, std::string& fault) {
  return user_pool_load{options}.run(fault);
}

} // namespace jindou::bench
