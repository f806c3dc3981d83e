#pragma once

#include "configs/fault.hpp"
#include "messages/limits.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

/// Every option of a node, one plain struct per section of the file. Meaning,
/// unit and bounds of each member stand in `configs/option_table.cpp`.
namespace jindou::configs {

/// What a file may say about time; CAF writes it with a unit (`90s`).
using duration = std::chrono::nanoseconds;

/// [node]: who this process is and how it ends.
struct node_options {
  std::uint32_t id = 1;
  std::string data_dir = "data";
  duration shutdown_time = std::chrono::seconds{10};
};

/// [cluster]: fixed when the data directory is created.
struct cluster_options {
  std::string id;
  std::uint32_t groups = limits::data_groups;
};

/// [gateway]: client connections.
struct gateway_options {
  std::string tcp_addr = "127.0.0.1:5100";
  std::string ws_addr = "127.0.0.1:5200";
  std::string tls_addr;
  std::string wss_addr;
  std::string tls_cert_file;
  std::string tls_key_file;
  std::string trusted_proxies;
  bool disable_json_rpc = false;
  duration conn_idle_time = std::chrono::minutes{3};
  duration first_frame_time = std::chrono::seconds{2};
  duration connect_timeout = std::chrono::seconds{4};
  duration tls_handshake_time = std::chrono::seconds{5};
  std::size_t connections_max = 100'000;
  std::size_t connections_per_ip_max = 10'000;
  std::size_t io_threads = 1;
  std::size_t outbox_bytes_max = limits::outbox_bytes_max;
  std::size_t session_window = limits::session_window;
  std::size_t node_window = limits::node_window;
  std::size_t bulk_window = limits::bulk_window;
  std::size_t subscriptions_max = limits::subscriptions_max;
  std::string external_ip;
  std::string external_tcp_addr;
  std::string external_ws_addr;
  std::string external_wss_addr;
  std::string intranet_tcp_addr;
};

/// [http]: the API for back ends.
struct http_options {
  std::string addr = "127.0.0.1:5001";
  bool manager_token_on = true;
  std::string manager_token_file;
  std::string manager_uid = "____manager";
  std::size_t body_bytes_max = limits::http_body_bytes_max;
};

/// [monitor]: metrics and health, without token.
struct monitor_options {
  std::string addr = "127.0.0.1:5300";
};

/// [auth]: who may log in, and how.
struct auth_options {
  bool token_auth_on = true;
  bool disable_encryption = false;
  bool whitelist_off_of_person = true;
  std::string visitors_suffix = "___vstr";
};

/// [user] and [channel]: one actor each, its queue and its rest.
struct pool_options {
  std::int64_t queue_max = 0;
  duration idle_time = std::chrono::minutes{5};
};

/// [pusher]: the pool that delivers.
struct pusher_options {
  std::size_t workers = 8;
  std::int64_t queue_max = limits::pusher_queue_max;
};

/// [rates]: how many SENDs pass per second, and at once; 0 limits nothing.
struct rate_options {
  std::uint32_t user_per_second = 0;
  std::uint32_t user_burst = 0;
  std::uint32_t ip_per_second = 0;
  std::uint32_t ip_burst = 0;
  std::uint32_t channel_per_second = 0;
  std::uint32_t channel_burst = 0;
};

/// [message-retry]: RECVs that a client has not acknowledged.
struct message_retry_options {
  duration interval = std::chrono::seconds{60};
  duration scan_interval = std::chrono::seconds{30};
  std::uint32_t max_count = 5;
};

/// [storage]: the one store of the node.
struct storage_options {
  std::uint32_t cache_kib = 65'536;
  duration linger{0};
  duration cut_age = std::chrono::milliseconds{500};
  duration fold_age = std::chrono::seconds{30};
  std::size_t checkpoint_bytes = 1 << 20;
  std::size_t dedupe_records = 1 << 18;
  duration dedupe_age = std::chrono::hours{72};
  std::size_t readers = 2;
  std::uint64_t free_bytes_min = std::uint64_t{2} << 30;
  std::uint64_t reserve_bytes = 256 << 20;
};

/// [log]: where log lines go and how they look.
struct log_options {
  std::string level = "info";
  std::string format = "text";
  std::string file;
  std::size_t file_bytes_max = 64 << 20;
  std::size_t files_max = 5;
};

/// [log.levels]: a level per room; empty is the level of [log].
struct log_level_options {
  std::string storage;
  std::string cluster;
  std::string actors;
  std::string node;
};

/// [demo]: the chat page.
struct demo_options {
  bool on = false;
};

/// [scheduler]: the threads that run the actors.
struct scheduler_options {
  std::size_t max_threads = 0;
  duration handler_time = limits::handler_time_max;
};

/// What to do instead of serving; arguments only, no section of the file.
struct errand_options {
  std::string backup_to;
  std::string restore_from;
};

/// Everything a node can be told.
struct options {
  node_options node;
  cluster_options cluster;
  gateway_options gateway;
  http_options http;
  monitor_options monitor;
  auth_options auth;
  pool_options user{.queue_max = limits::user_queue_max};
  pool_options channel{.queue_max = limits::channel_queue_max};
  pusher_options pusher;
  rate_options rates;
  message_retry_options message_retry;
  storage_options storage;
  log_options log;
  log_level_options log_levels;
  demo_options demo;
  scheduler_options scheduler;
  errand_options errand;
};

// -- rules beyond the bounds of a single value --------------------------------

/// Checks what the table cannot say. The fault names the key.
result<void, fault> validate(const node_options& x);
result<void, fault> validate(const gateway_options& x);
result<void, fault> validate(const http_options& x);
result<void, fault> validate(const monitor_options& x);
result<void, fault> validate(const message_retry_options& x);
result<void, fault> validate(const storage_options& x);

/// Checks every section and what lies between them: two listeners never share
/// an address.
result<void, fault> validate(const options& x);

} // namespace jindou::configs
