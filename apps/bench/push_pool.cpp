#include "apps/bench/push_pool.hpp"

#include "actors/channel/subscriber_set.hpp"
#include "actors/gateway/session_table.hpp"
#include "actors/push/pusher_pool.hpp"
#include "apps/bench/bare_node.hpp"
#include "apps/bench/pool_driver.hpp"
#include "apps/bench/quiet_session.hpp"
#include "apps/bench/shared_histogram.hpp"
#include "messages/command.hpp"
#include "messages/hash.hpp"
#include "messages/wire/codec.hpp"

#include <atomic>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

namespace jindou::bench {

namespace {

/// Of so many receivers one reads what it gets.
constexpr connection_id read_every = 64;

class reading_session final : public quiet_session {
public:
  using quiet_session::quiet_session;

  pushed append(shared_bytes frames) override {
    if (id() % read_every != 0)
      return pushed::wake; // as a session whose outbox was empty
    for (auto bytes = frames.span(); !bytes.empty();) {
      auto res = wire::decode(bytes, wire::latest_version);
      auto* x = std::get_if<wire::decoded>(&res);
      if (x == nullptr || !std::holds_alternative<wire::recv_frame>(x->frame)) {
        ++damaged;
        break;
      }
      ++received;
      bytes = bytes.subspan(x->bytes);
    }
    return pushed::wake;
  }

  std::atomic<std::uint64_t> received{0};
  std::atomic<std::uint64_t> damaged{0};
};

class push_pool_load final : driven_pool {
public:
  explicit push_pool_load(const push_pool_options& options)
      : options_(options), config_(make_bare_config()), system_(config_) {
    std::vector<std::string> uids;
    for (unsigned i = 1; i <= options.receivers; ++i) {
      uids.push_back("u" + std::to_string(i));
      readers_.push_back(std::make_shared<reading_session>(i, io_));
      readers_.back()->establish(identity_of(uids.back()), {});
      sessions_->add(readers_.back());
    }
    receivers_.assign(std::move(uids));
    actors::pusher_options x{sessions_, stats_,
                             [] { return now_ns() / 1'000'000; }};
    configs::pusher_options usual;
    pushers_ = std::make_unique<actors::pusher_pool>(
      system_, usual.workers, std::int64_t{1} << 40, std::move(x));
  }

  report run(std::string&) {
    pool_driver driver{*this, options_.when, options_.window};
    driver.run(report_, name(), "deliveries/s");
    auto whole = driver.drain();
    pushers_->stop();
    report_.benchmark = name();
    report_.options = {{"channels", std::to_string(options_.channels)},
                       {"receivers", std::to_string(options_.receivers)},
                       {"batch", std::to_string(options_.batch)},
                       {"payload", std::to_string(options_.payload_bytes)}};
    report_.faults = {{"unfinished", whole ? 0 : driver.sent() - ended()},
                      {"lost", driver.sent() - delivered()}};
    add_read_faults();
    return std::move(report_);
  }

private:
  // -- the pool, as its driver sees it ----------------------------------------

  std::uint64_t send(std::int64_t intended_ns) override {
    auto channel = messages_++ % options_.channels;
    auto content = make_content(channel);
    std::uint64_t part = 0;
    for (auto& to : receivers_.parts()) {
      auto n = to->size() * options_.batch;
      auto ended = [this, intended_ns](push_batch& x, errc) {
        auto took = static_cast<std::uint64_t>(now_ns() - intended_ns);
        times_.add(x.lane, took);
        ended_.fetch_add(x.receivers->size() * options_.batch,
                         std::memory_order_relaxed);
      };
      if (n > 0)
        pushers_->push(std::make_shared<push_delivery>(
          push_batch{content, to, nullptr,
                     hash_of_user(content->channel_id) + part},
          1, std::move(ended)));
      ++part;
    }
    return std::uint64_t{options_.receivers} * options_.batch;
  }

  std::uint64_t ended() const override {
    return ended_;
  }

  histogram take_times() override {
    return times_.take();
  }

  // -- before and after -------------------------------------------------------

  session_identity identity_of(const std::string& uid) const {
    session_identity x;
    x.uid = uid;
    x.level = device_level::master;
    x.version = wire::latest_version;
    x.encrypted = options_.encrypted;
    x.keys.key.fill(uid.back());
    x.keys.iv.fill(uid.front());
    return x;
  }

  std::shared_ptr<const push_content> make_content(std::uint64_t channel) {
    auto content = std::make_shared<push_content>();
    content->channel_id = "group" + std::to_string(channel);
    content->channel = {channel_type::group, content->channel_id};
    for (unsigned i = 0; i < options_.batch; ++i)
      content->items.push_back({make_message(*content), 0});
    return content;
  }

  stored_message make_message(const push_content& content) {
    command::append_message m;
    m.message_id = ++last_id_;
    m.from_uid = "sender";
    m.client_msg_no = "number-of-the-client";
    m.channel_id = content.channel_id;
    m.channel_type = content.channel.type;
    m.payload = payload_;
    byte_vector rec;
    (void)command::encode(m, rec); // far below every bound
    shared_bytes bytes{std::move(rec)};
    auto body = *command::decode_append(bytes.span());
    return {bytes, body, last_id_, 1'700'000'000'000};
  }

  std::uint64_t delivered() const {
    return stats_->value(counter::pushes_delivered);
  }

  /// What the pushers count must be what the receivers read.
  void add_read_faults() {
    std::uint64_t unread = 0;
    std::uint64_t damaged = 0;
    for (auto& x : readers_)
      if (x->id() % read_every == 0) {
        unread += messages_ * options_.batch - x->received;
        damaged += x->damaged;
      }
    report_.faults.emplace_back("unread", unread);
    report_.faults.emplace_back("damaged", damaged);
  }

  std::string name() const {
    return std::string{options_.encrypted ? "pools_pusher.encrypted_"
                                          : "pools_pusher.plain_"}
           + std::to_string(options_.batch);
  }

  const push_pool_options& options_;
  std::string payload_ = std::string(options_.payload_bytes, 'x');
  no_io io_;
  std::vector<std::shared_ptr<reading_session>> readers_;
  std::shared_ptr<actors::session_table> sessions_
    = std::make_shared<actors::session_table>();
  actors::subscriber_set receivers_;
  metrics_ptr stats_ = std::make_shared<metrics>();
  shared_histogram times_;
  std::atomic<std::uint64_t> ended_{0};
  std::uint64_t messages_ = 0;
  message_id last_id_ = 0;
  report report_;
  configs::node_config config_;
  caf::actor_system system_;
  std::unique_ptr<actors::pusher_pool> pushers_;
};

} // namespace

report run_push_pool(const push_pool_options& options, std::string& fault) {
  return push_pool_load{options}.run(fault);
}

} // namespace jindou::bench
