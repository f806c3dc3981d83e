// The doors of a node: sockets for clients, HTTP for back ends, metrics.

#include "apps/node/house.hpp"
#include "apps/node/told_address.hpp"
#include "storage/store_health.hpp"

#include <filesystem>

namespace jindou::app {

std::pair<std::string, std::uint16_t> host_and_port(const std::string& addr) {
  auto colon = addr.rfind(':');
  return {addr.substr(0, colon),
          static_cast<std::uint16_t>(std::stoi(addr.substr(colon + 1)))};
}

actors::gateway_options node::house::gateway_options_of() {
  auto& from = chosen_.gateway;
  actors::gateway_options x;
  x.tcp_addr = from.tcp_addr;
  x.ws_addr = from.ws_addr;
  x.tls_addr = from.tls_addr;
  x.wss_addr = from.wss_addr;
  x.tls_cert_file = from.tls_cert_file;
  x.tls_key_file = from.tls_key_file;
  x.tls_handshake_timeout = ms(from.tls_handshake_time);
  x.trusted_proxies = from.trusted_proxies;
  x.json_rpc = !from.disable_json_rpc;
  x.conn_idle_time = ms(from.conn_idle_time);
  x.hello_timeout = ms(from.first_frame_time);
  x.connect_timeout = ms(from.connect_timeout);
  x.io_threads = from.io_threads;
  x.outbox_bytes_max = from.outbox_bytes_max;
  x.bounds = gateway_limits_of();
  x.node = rooms_->node();
  x.deliver = [this](const user_delivery_ptr& d) { deliver(d); };
  x.next_message_id = [this] { return ids_->next(wall_clock_ms()); };
  x.stats = stats_;
  return x;
}

actors::http::route_addresses node::house::addresses() const {
  auto& from = chosen_.gateway;
  auto with_ip = [&from, machine = machine_ip()](const std::string& addr) {
    auto told = told_address(addr, from.external_ip, machine);
    if (told != addr && from.external_ip.empty())
      spdlog::info(
        "[route-address] clients that ask /route for {} are told {}; "
        "gateway.external-ip changes that",
        addr, told);
    return told;
  };
  actors::http::route_addresses x;
  x.tcp = from.external_tcp_addr.empty() ? with_ip(gateway_->tcp_address())
                                         : from.external_tcp_addr;
  x.ws = from.external_ws_addr.empty()
           ? "ws://" + with_ip(gateway_->ws_address())
           : from.external_ws_addr;
  x.wss = from.external_wss_addr;
  if (x.wss.empty() && !gateway_->wss_address().empty())
    x.wss = "wss://" + with_ip(gateway_->wss_address());
  x.intranet_tcp = from.intranet_tcp_addr;
  return x;
}

/// Returns the folder of the demo page; empty: it was not built.
std::string node::house::find_demo() {
  auto folder = demo_folder();
  std::error_code unreadable;
  demo_there_ = std::filesystem::exists(folder + "/index.html", unreadable);
  if (demo_there_)
    return folder;
  spdlog::warn("[demo-missing] demo.on serves nothing, {} has no index.html; "
               "scripts/build-demo.sh of the sources makes it",
               folder);
  return {};
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
    x.demo_folder = find_demo();
  x.counters = stats_;
  x.node.deliver_user = [this](const user_delivery_ptr& d) { deliver(d); };
  x.node.deliver_channel
    = [this](const channel_delivery_ptr& d) { deliver(d); };
  x.node.fetch_channel = [this](fetch_channel_ptr f) {
    auto hash = hash_of_channel(f->channel.type, f->channel.id);
    caf::anon_send(rooms_->slots()->ports_of_hash(hash).applier, std::move(f));
  };
  x.node.propose_for_user
    = [this](const std::string& uid, auto commands, auto answer) {
        proposer_->propose(hash_of_user(uid), commands, std::move(answer));
      };
  x.node.ready = [this] { return not_ready(); };
  x.node.healthy
    = [this] { return stopping_ ? std::string{"stopping"} : rooms_->broken(); };
  x.node.begin_backup
    = [this](const std::string& dir) { return rooms_->backups().start(dir); };
  x.node.backup_state
    = [this] { return backup_json(rooms_->backups().state()); };
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

/// What dashboards of WuKongIM v2 ask for, under its names.
void node::house::add_known_gauges() {
  auto add = [this](const char* name, std::function<std::size_t()> read) {
    stats_->gauge(name, "As WuKongIM v2 names it.", "",
                  [read] { return static_cast<double>(read()); });
  };
  add("app_conn_count", [this] { return gateway_->connection_count(); });
  add("app_online_user_count", [this] { return sessions_->user_count(); });
  add("app_online_device_count", [this] { return sessions_->session_count(); });
}

void node::house::add_gauges() {
  add_known_gauges();
  auto add = [this](const char* name, const char* help, const char* labels,
                    std::function<double()> read) {
    stats_->gauge(name, help, labels, std::move(read));
  };
  auto as_double = [](auto x) { return static_cast<double>(x); };
  add("jindou_store_free_bytes", "Free space of the disk of the store.", "",
      [=, this] { return as_double(rooms_->health().free_bytes.load()); });
  add("jindou_store_full", "1: the store takes no new messages.", "",
      [=, this] { return rooms_->health().no_room ? 1.0 : 0.0; });
  add("jindou_groups_damaged", "Groups that a damaged replica ended.", "",
      [=, this] { return as_double(rooms_->damaged_groups().size()); });
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

} // namespace jindou::app
