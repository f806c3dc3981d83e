#include "apps/node/node.hpp"

#include "actors/channel/channel_directory.hpp"
#include "actors/gateway/gateway.hpp"
#include "actors/gateway/session_table.hpp"
#include "actors/http/http_listener.hpp"
#include "actors/push/pusher_pool.hpp"
#include "actors/user/user_directory.hpp"
#include "apps/node/banner.hpp"
#include "apps/node/manager_token.hpp"
#include "apps/node/proposer.hpp"
#include "apps/node/replica_rooms.hpp"
#include "apps/node/sweeper.hpp"
#include "configs/address.hpp"
#include "configs/node_config.hpp"
#include "configs/version.hpp"
#include "messages/hash.hpp"
#include "messages/type_ids.hpp"

#include <caf/scoped_actor.hpp>
#include <spdlog/spdlog.h>

#include <atomic>
#include <chrono>
#include <cstdio>

namespace jindou::app {

namespace {

using namespace std::chrono_literals;

std::int64_t wall_clock_ms() {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

std::chrono::milliseconds ms(configs::duration d) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(d);
}

} // namespace

/// Everything alive, in the order of its birth.
class node::house {
public:
  explicit house(const configs::options& chosen)
      : chosen_(chosen), config_(chosen) {
    config_.add_message_types<caf::id_block::jindou_messages>();
    config_.add_error_category(caf::atom("jindou"), render_errc);
  }

  ~house() {
    stop();
  }

  result<void, start_fault> build();
  void stop();
  void announce() const;
  void deliver(const user_delivery_ptr& d);

private:
  result<void, start_fault> open_store();
  void build_pools();
  actors::user_services user_services_of();
  actors::channel_services channel_services_of();
  result<void, start_fault> open_doors();
  actors::gateway_options gateway_options_of();
  actors::http::http_options http_options_of();
  actors::http::route_addresses addresses() const;
  void add_gauges();
  std::string not_ready() const;
  void wait_until_quiet(std::chrono::steady_clock::time_point deadline) const;

  configs::options chosen_;
  configs::node_config config_;
  std::chrono::steady_clock::time_point born_
    = std::chrono::steady_clock::now();
  std::string token_;
  std::string token_file_;
  metrics_ptr stats_ = std::make_shared<metrics>();
  std::unique_ptr<caf::actor_system> system_;
  std::unique_ptr<replica_rooms> rooms_;
  std::shared_ptr<actors::id_generator> ids_;
  std::shared_ptr<actors::session_table> sessions_
    = std::make_shared<actors::session_table>();
  std::unique_ptr<actors::pusher_pool> pushers_;
  actors::channel_services_ptr channel_services_;
  actors::user_services_ptr user_services_;
  std::shared_ptr<actors::channel_directory> channels_;
  std::shared_ptr<actors::user_directory> users_;
  sweeper_actor sweeper_;
  std::shared_ptr<http_proposer> proposer_;
  std::unique_ptr<actors::http::http_listener> http_;
  std::unique_ptr<actors::gateway> gateway_;
  std::atomic<bool> stopping_{false};
  bool stopped_ = false;
};

// -- birth --------------------------------------------------------------------

result<void, start_fault> node::house::build() {
  if (auto ok = open_store(); !ok)
    return ok;
  build_pools();
  if (auto ok = open_doors(); !ok)
    return ok;
  add_gauges();
  return {};
}

result<void, start_fault> node::house::open_store() {
  system_ = std::make_unique<caf::actor_system>(config_);
  auto rooms = replica_rooms::open(*system_, chosen_, stats_);
  if (!rooms)
    return rooms.error();
  rooms_ = *std::move(rooms);
  token_file_ = chosen_.http.manager_token_file.empty()
                  ? chosen_.node.data_dir + "/manager.token"
                  : chosen_.http.manager_token_file;
  if (chosen_.http.manager_token_on) {
    auto token = manager_token(token_file_);
    if (!token)
      return token.error();
    token_ = *token;
  }
  return {};
}

actors::channel_services node::house::channel_services_of() {
  actors::channel_services x;
  x.slots = rooms_->slots();
  x.stats = stats_;
  x.ids = ids_;
  x.now_ms = wall_clock_ms;
  x.allow_list_off = chosen_.auth.whitelist_off_of_person;
  x.is_system
    = [](std::string_view uid) { return uid == well_known::system_uid; };
  x.push = [this](const push_delivery_ptr& p) { pushers_->push(p); };
  x.forget = [this](std::string_view key, const lease* who) {
    channels_->forget(key, who);
  };
  x.quarantine = rooms_->quarantine();
  x.build_chains();
  return x;
}

actors::user_services node::house::user_services_of() {
  actors::user_services x;
  x.slots = rooms_->slots();
  x.stats = stats_;
  x.ids = ids_;
  x.sessions = sessions_;
  x.now_ms = wall_clock_ms;
  x.node = rooms_->node();
  x.token_auth_on = chosen_.auth.token_auth_on;
  x.disable_encryption = chosen_.auth.disable_encryption;
  x.manager_uid = chosen_.http.manager_uid;
  x.manager_token = token_;
  x.visitors_suffix = chosen_.auth.visitors_suffix;
  x.retry_interval = ms(chosen_.message_retry.interval);
  x.retry_max = chosen_.message_retry.max_count;
  x.submit = [this](const channel_delivery_ptr& d) {
    auto& key = std::get<submit_batch>(d->content).channel;
    channels_->deliver(actors::directory_key(key), d);
  };
  x.forget = [this](std::string_view uid, const lease* who) {
    users_->forget(uid, who);
  };
  x.quarantine = rooms_->quarantine();
  x.build_chains();
  return x;
}

void node::house::build_pools() {
  ids_ = std::make_shared<actors::id_generator>(rooms_->node(),
                                                rooms_->last_log_time());
  actors::pusher_options push{sessions_, stats_, wall_clock_ms};
  pushers_ = std::make_unique<actors::pusher_pool>(
    *system_, chosen_.pusher.workers, chosen_.pusher.queue_max, push);
  channel_services_
    = std::make_shared<actors::channel_services>(channel_services_of());
  channels_ = actors::make_channel_directory(
    *system_, chosen_.channel.queue_max, stats_,
    [this] { return channel_services_; });
  user_services_ = std::make_shared<actors::user_services>(user_services_of());
  users_ = actors::make_user_directory(*system_, chosen_.user.queue_max, stats_,
                                       [this] { return user_services_; });
  sweeper_ = system_->spawn<caf::hidden>(
    sweeper, sweeper_options{users_, channels_, chosen_.user.idle_time,
                             chosen_.channel.idle_time,
                             chosen_.message_retry.scan_interval});
  proposer_ = std::make_shared<http_proposer>(*system_, rooms_->slots());
}

actors::gateway_options node::house::gateway_options_of() {
  auto& from = chosen_.gateway;
  actors::gateway_options x;
  x.tcp_addr = from.tcp_addr;
  x.ws_addr = from.ws_addr;
  x.conn_idle_time = ms(from.conn_idle_time);
  x.hello_timeout = ms(from.first_frame_time);
  x.connect_timeout = ms(from.connect_timeout);
  x.connections_max = from.connections_max;
  x.connections_per_ip_max = from.connections_per_ip_max;
  x.io_threads = from.io_threads;
  x.outbox_bytes_max = from.outbox_bytes_max;
  x.session_window = from.session_window;
  x.node = rooms_->node();
  x.deliver
    = [this](user_delivery_ptr d) { users_->deliver(d->content.uid, d); };
  x.next_message_id = [this] { return ids_->next(wall_clock_ms()); };
  x.stats = stats_;
  return x;
}

actors::http::route_addresses node::house::addresses() const {
  auto& from = chosen_.gateway;
  auto with_ip = [&](const std::string& addr) {
    auto colon = addr.rfind(':');
    return from.external_ip.empty() ? addr
                                    : from.external_ip + addr.substr(colon);
  };
  actors::http::route_addresses x;
  x.tcp = from.external_tcp_addr.empty() ? with_ip(gateway_->tcp_address())
                                         : from.external_tcp_addr;
  x.ws = from.external_ws_addr.empty()
           ? "ws://" + with_ip(gateway_->ws_address())
           : from.external_ws_addr;
  x.wss = from.external_wss_addr;
  x.intranet_tcp = from.intranet_tcp_addr;
  return x;
}

actors::http::http_options node::house::http_options_of() {
  actors::http::http_options x;
  auto api = configs::parse_address(chosen_.http.addr); // checked by configs
  auto monitor = configs::parse_address(chosen_.monitor.addr);
  std::tie(x.api_address, x.api_port) = std::tie(api->ip, api->port);
  std::tie(x.monitor_address, x.monitor_port)
    = std::tie(monitor->ip, monitor->port);
  x.body_bytes_max = chosen_.http.body_bytes_max;
  x.manager_token = token_;
  x.addresses = addresses();
  if (chosen_.demo.on)
    x.demo_folder = demo_folder();
  x.counters = stats_;
  x.node.deliver_user
    = [this](user_delivery_ptr d) { users_->deliver(d->content.uid, d); };
  x.node.deliver_channel = [this](channel_delivery_ptr d) {
    channels_->deliver(actors::directory_key(channel_of(d->content)), d);
  };
  x.node.fetch_channel = [this](fetch_channel_ptr f) {
    auto hash = hash_of_channel(f->channel.type, f->channel.id);
    caf::anon_send(rooms_->slots()->ports_of_hash(hash).applier, std::move(f));
  };
  x.node.propose_for_user
    = [this](const std::string& uid, auto commands, auto answer) {
        proposer_->propose(hash_of_user(uid), commands, std::move(answer));
      };
  x.node.ready = [this] { return not_ready(); };
  return x;
}

result<void, start_fault> node::house::open_doors() {
  gateway_ = std::make_unique<actors::gateway>(gateway_options_of());
  if (auto why = gateway_->start(); !why.empty())
    return start_fault{1, why};
  auto http = actors::http::http_listener::start(http_options_of());
  if (!http)
    return start_fault{1, http.error()};
  http_ = *std::move(http);
  return {};
}

std::string node::house::not_ready() const {
  return stopping_ ? std::string{"stopping"} : rooms_->not_ready();
}

void node::house::add_gauges() {
  auto add = [this](const char* name, const char* help, const char* labels,
                    std::function<double()> read) {
    stats_->gauge(name, help, labels, std::move(read));
  };
  auto as_double = [](auto x) { return static_cast<double>(x); };
  add("jindou_connections", "Open client connections.", "",
      [=, this] { return as_double(gateway_->connection_count()); });
  add("jindou_sessions", "Logged-in sessions.", "",
      [=, this] { return as_double(sessions_->session_count()); });
  add("jindou_online_users", "Users with a session.", "",
      [=, this] { return as_double(sessions_->user_count()); });
  add("jindou_actors", "Living actors of a pool.", "pool=\"user\"",
      [=, this] { return as_double(users_->size()); });
  add("jindou_actors", "Living actors of a pool.", "pool=\"channel\"",
      [=, this] { return as_double(channels_->size()); });
  add("jindou_actors", "Living actors of a pool.", "pool=\"pusher\"",
      [=, this] { return as_double(pushers_->workers()); });
  add("jindou_queue_depth", "Events that wait in a pool.", "pool=\"user\"",
      [=, this] { return as_double(users_->depth()); });
  add("jindou_queue_depth", "Events that wait in a pool.", "pool=\"channel\"",
      [=, this] { return as_double(channels_->depth()); });
  add("jindou_queue_depth", "Events that wait in a pool.", "pool=\"pusher\"",
      [=, this] { return as_double(pushers_->depth()); });
}

void node::house::announce() const {
  banner_facts x;
  x.version = configs::version;
  x.data_dir = chosen_.node.data_dir;
  x.tcp = gateway_->tcp_address();
  x.ws = gateway_->ws_address();
  x.http = with_port(chosen_.http.addr, http_->api_port());
  x.monitor = with_port(chosen_.monitor.addr, http_->monitor_port());
  x.token_file = token_.empty() ? std::string{} : token_file_;
  x.token_auth = chosen_.auth.token_auth_on;
  x.demo = chosen_.demo.on;
  x.start_ms = std::chrono::duration<double, std::milli>(
                 std::chrono::steady_clock::now() - born_)
                 .count();
  std::fputs(banner(x).c_str(), stdout);
  std::fflush(stdout);
  spdlog::info("[node-ready] node {} took {:.0f} ms to start", rooms_->node(),
               x.start_ms);
}

// -- death --------------------------------------------------------------------

void node::house::wait_until_quiet(
  std::chrono::steady_clock::time_point deadline) const {
  while (
    std::chrono::steady_clock::now() < deadline
    && (users_->depth() > 0 || channels_->depth() > 0 || pushers_->depth() > 0))
    std::this_thread::sleep_for(5ms);
}

void node::house::stop() {
  if (std::exchange(stopped_, true) || !system_)
    return;
  auto deadline = std::chrono::steady_clock::now()
                  + ms(chosen_.node.shutdown_time) * 8 / 10;
  stopping_ = true;
  spdlog::info("[node-stopping] node finishes what is in flight");
  if (gateway_) {
    gateway_->stop_accepting();
    gateway_->stop_reading();
  }
  if (http_)
    http_->stop();
  if (users_)
    wait_until_quiet(deadline);
  if (gateway_) {
    gateway_->close_all(wire::reason::unknown, {}, 0ms);
    gateway_->join(2s);
  }
  if (sweeper_)
    caf::anon_send_exit(std::exchange(sweeper_, nullptr),
                        caf::exit_reason::user_shutdown);
  if (users_)
    for (auto& hdl : users_->close())
      caf::anon_send_exit(hdl, caf::exit_reason::user_shutdown);
  if (channels_)
    for (auto& hdl : channels_->close())
      caf::anon_send_exit(hdl, caf::exit_reason::user_shutdown);
  proposer_ = nullptr;
  if (pushers_)
    pushers_->stop();
  if (rooms_)
    rooms_->stop(*system_);
  user_services_ = nullptr;
  channel_services_ = nullptr;
  rooms_ = nullptr;
  pushers_ = nullptr;
  system_ = nullptr; // waits for its actors
  spdlog::info("[node-stopped] node has written everything");
}

void node::house::deliver(const user_delivery_ptr& d) {
  users_->deliver(d->content.uid, d);
}

// -- the node -----------------------------------------------------------------

node::node(std::unique_ptr<house> x) : house_(std::move(x)) {
  // nop
}

node::~node() = default;

result<std::unique_ptr<node>, start_fault>
node::start(const configs::options& chosen) {
  auto x = std::make_unique<house>(chosen);
  if (auto ok = x->build(); !ok)
    return ok.error();
  return std::unique_ptr<node>{new node{std::move(x)}};
}

void node::stop() {
  house_->stop();
}

void node::announce() const {
  house_->announce();
}

void node::deliver(user_delivery_ptr batch) {
  house_->deliver(batch);
}

} // namespace jindou::app
