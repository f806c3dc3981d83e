#include "configs/option_table.hpp"

#include <array>

namespace jindou::configs {

namespace {

constexpr std::int64_t ms = 1'000'000;
constexpr std::int64_t s = 1'000 * ms;
constexpr std::int64_t h = 3'600 * s;
constexpr std::int64_t kib = 1'024;
constexpr std::int64_t mib = 1'024 * kib;
constexpr std::int64_t gib = 1'024 * mib;
constexpr std::int64_t path = 4'095; // PATH_MAX without the final zero
constexpr std::int64_t place = 300;  // host name, brackets, port

constexpr std::string_view levels = "trace|debug|info|warn|error|off";
constexpr std::string_view room_levels = "|trace|debug|info|warn|error|off";

constexpr std::array<section, 16> sections{{
  {"node", "Who this process is and how it ends"},
  {"cluster", "Fixed when the data directory is created"},
  {"gateway", "Client connections over TCP and WebSocket"},
  {"http", "The API for back ends"},
  {"monitor", "Metrics and health, without token"},
  {"auth", "Who may log in, and how"},
  {"user", "The actor of a user"},
  {"channel", "The actor of a channel"},
  {"pusher", "The pool that delivers"},
  {"rates", "How much clients may send"},
  {"message-retry", "Deliveries that a client has not acknowledged"},
  {"storage", "The one store of this node"},
  {"log", "Where log lines go and how they look"},
  {"log.levels", "A level per room; empty takes the level of [log]"},
  {"demo", "The chat page"},
  {"scheduler", "The threads that run the actors"},
}};

// clang-format off
constexpr std::array<option, 66> table{{
  {"node", "id",
   "Number of this node in its cluster; part of every message id",
   "", 1, 1'023, [](options& x) -> field { return &x.node.id; }},
  {"node", "data-dir",
   "Folder of the store, the lock and the manager token",
   "path", 1, path, [](options& x) -> field { return &x.node.data_dir; }},
  {"node", "shutdown-time",
   "Budget of an ordered stop after SIGTERM; what is left then is cut off",
   "time", 1 * s, 1 * h,
   [](options& x) -> field { return &x.node.shutdown_time; }},

  {"cluster", "id",
   "Name of the cluster; empty makes a random one at the first start",
   "", 0, 64, [](options& x) -> field { return &x.cluster.id; }},
  {"cluster", "groups",
   "Raft groups that share the 1024 slots; read at the first start only",
   "groups", 1, 256, [](options& x) -> field { return &x.cluster.groups; }},

  {"gateway", "tcp-addr",
   "Where TCP clients connect",
   "ip:port", 1, place,
   [](options& x) -> field { return &x.gateway.tcp_addr; }},
  {"gateway", "ws-addr",
   "Where WebSocket clients connect",
   "ip:port", 1, place,
   [](options& x) -> field { return &x.gateway.ws_addr; }},
  {"gateway", "disable-json-rpc",
   "Take frames only, no JSON-RPC, on the addresses of clients",
   "", 0, 1, [](options& x) -> field { return &x.gateway.disable_json_rpc; }},
  {"gateway", "conn-idle-time",
   "A connection that sends nothing for so long is closed",
   "time", 1 * s, 24 * h,
   [](options& x) -> field { return &x.gateway.conn_idle_time; }},
  {"gateway", "first-frame-time",
   "A new connection must have sent a whole frame by then",
   "time", 100 * ms, 1 * h,
   [](options& x) -> field { return &x.gateway.first_frame_time; }},
  {"gateway", "connect-timeout",
   "A new connection must have logged in by then",
   "time", 100 * ms, 1 * h,
   [](options& x) -> field { return &x.gateway.connect_timeout; }},
  {"gateway", "connections-max",
   "Connections of this node; one more is closed at once",
   "connections", 1, 10'000'000,
   [](options& x) -> field { return &x.gateway.connections_max; }},
  {"gateway", "connections-per-ip-max",
   "Connections from one address; 0 sets no limit",
   "connections", 0, 10'000'000,
   [](options& x) -> field { return &x.gateway.connections_per_ip_max; }},
  {"gateway", "io-threads",
   "Threads that read and write sockets",
   "threads", 1, 64,
   [](options& x) -> field { return &x.gateway.io_threads; }},
  {"gateway", "outbox-bytes-max",
   "Bytes that may wait for a slow reader before it is disconnected",
   "bytes", 1 * mib, 1 * gib,
   [](options& x) -> field { return &x.gateway.outbox_bytes_max; }},
  {"gateway", "session-window",
   "Unanswered SENDs of a connection; then its socket is not read",
   "messages", 1, 65'536,
   [](options& x) -> field { return &x.gateway.session_window; }},
  {"gateway", "external-ip",
   "Address that /route tells clients; empty derives it",
   "", 0, place, [](options& x) -> field { return &x.gateway.external_ip; }},
  {"gateway", "external-tcp-addr",
   "TCP address that /route tells clients; empty derives it",
   "", 0, place,
   [](options& x) -> field { return &x.gateway.external_tcp_addr; }},
  {"gateway", "external-ws-addr",
   "WebSocket address that /route tells clients; empty derives it",
   "", 0, place,
   [](options& x) -> field { return &x.gateway.external_ws_addr; }},
  {"gateway", "external-wss-addr",
   "TLS WebSocket address that /route tells clients; empty tells none",
   "", 0, place,
   [](options& x) -> field { return &x.gateway.external_wss_addr; }},
  {"gateway", "intranet-tcp-addr",
   "TCP address that /route?intranet=1 tells; empty tells none",
   "", 0, place,
   [](options& x) -> field { return &x.gateway.intranet_tcp_addr; }},

  {"http", "addr",
   "Where back ends reach the API",
   "ip:port", 1, place, [](options& x) -> field { return &x.http.addr; }},
  {"http", "manager-token-on",
   "Ask for the manager token; off is for closed networks only",
   "", 0, 1, [](options& x) -> field { return &x.http.manager_token_on; }},
  {"http", "manager-token-file",
   "File of the manager token; empty is manager.token in node.data-dir",
   "path", 0, path,
   [](options& x) -> field { return &x.http.manager_token_file; }},
  {"http", "manager-uid",
   "The uid that may log in with the manager token",
   "", 1, 256, [](options& x) -> field { return &x.http.manager_uid; }},
  {"http", "body-bytes-max",
   "Longest body of a request",
   "bytes", 1 * kib, 256 * mib,
   [](options& x) -> field { return &x.http.body_bytes_max; }},

  {"monitor", "addr",
   "Where /metrics, /healthz and /readyz are served",
   "ip:port", 1, place, [](options& x) -> field { return &x.monitor.addr; }},

  {"auth", "token-auth-on",
   "Check the token of a client that logs in",
   "", 0, 1, [](options& x) -> field { return &x.auth.token_auth_on; }},
  {"auth", "disable-encryption",
   "Send payloads in clear; needs clients that can do so",
   "", 0, 1, [](options& x) -> field { return &x.auth.disable_encryption; }},
  {"auth", "whitelist-off-of-person",
   "Do not look at the allow list between two persons",
   "", 0, 1,
   [](options& x) -> field { return &x.auth.whitelist_off_of_person; }},
  {"auth", "visitors-suffix",
   "A uid with this ending is a visitor of customer service",
   "", 1, 64, [](options& x) -> field { return &x.auth.visitors_suffix; }},

  {"user", "queue-max",
   "Events that wait for one user; one more is answered with reason 22",
   "events", 100, 1'000'000,
   [](options& x) -> field { return &x.user.queue_max; }},
  {"user", "idle-time",
   "A user without sessions and events leaves memory after so long",
   "time", 1 * s, 24 * h,
   [](options& x) -> field { return &x.user.idle_time; }},

  {"channel", "queue-max",
   "Events that wait for one channel; one more is answered with reason 22",
   "events", 100, 1'000'000,
   [](options& x) -> field { return &x.channel.queue_max; }},
  {"channel", "idle-time",
   "A channel without events leaves memory after so long",
   "time", 1 * s, 24 * h,
   [](options& x) -> field { return &x.channel.idle_time; }},

  {"pusher", "workers",
   "Actors that deliver",
   "actors", 1, 64, [](options& x) -> field { return &x.pusher.workers; }},
  {"pusher", "queue-max",
   "Batches that wait for one pusher; one more goes the offline way",
   "batches", 1, 1'000'000,
   [](options& x) -> field { return &x.pusher.queue_max; }},

  {"rates", "user-per-second",
   "SENDs of one user; what passes it is answered with reason 22, 0 = off",
   "SENDs/s", 0, 1'000'000,
   [](options& x) -> field { return &x.rates.user_per_second; }},
  {"rates", "user-burst",
   "How many of these may come at once; 0 = those of one second",
   "SENDs", 0, 1'000'000,
   [](options& x) -> field { return &x.rates.user_burst; }},
  {"rates", "ip-per-second",
   "SENDs of all users behind one address; likewise, 0 = off",
   "SENDs/s", 0, 1'000'000,
   [](options& x) -> field { return &x.rates.ip_per_second; }},
  {"rates", "ip-burst",
   "How many of these may come at once; 0 = those of one second",
   "SENDs", 0, 1'000'000,
   [](options& x) -> field { return &x.rates.ip_burst; }},
  {"rates", "channel-per-second",
   "SENDs of all clients to one channel; likewise, 0 = off",
   "SENDs/s", 0, 1'000'000,
   [](options& x) -> field { return &x.rates.channel_per_second; }},
  {"rates", "channel-burst",
   "How many of these may come at once; 0 = those of one second",
   "SENDs", 0, 1'000'000,
   [](options& x) -> field { return &x.rates.channel_burst; }},

  {"message-retry", "interval",
   "A delivery without acknowledgement is repeated after so long",
   "time", 1 * s, 24 * h,
   [](options& x) -> field { return &x.message_retry.interval; }},
  {"message-retry", "scan-interval",
   "How often the node looks for such deliveries",
   "time", 100 * ms, 1 * h,
   [](options& x) -> field { return &x.message_retry.scan_interval; }},
  {"message-retry", "max-count",
   "Repetitions of one delivery; 0 repeats none",
   "times", 0, 1'000,
   [](options& x) -> field { return &x.message_retry.max_count; }},

  {"storage", "cache-kib",
   "Page cache of the writing connection",
   "KiB", 1'024, 64 * mib,
   [](options& x) -> field { return &x.storage.cache_kib; }},
  {"storage", "linger",
   "Wait before a flush to gather more; costs latency, saves processor time",
   "time", 0, 100 * ms, [](options& x) -> field { return &x.storage.linger; }},
  {"storage", "cut-age",
   "Applied state is written to its tables after so long",
   "time", 10 * ms, 60 * s,
   [](options& x) -> field { return &x.storage.cut_age; }},
  {"storage", "fold-age",
   "The journal of a replica is moved into its rows after so long",
   "time", 100 * ms, 1 * h,
   [](options& x) -> field { return &x.storage.fold_age; }},
  {"storage", "checkpoint-bytes",
   "Size of the write-ahead log at which a checkpoint begins",
   "bytes", 256 * kib, 1 * gib,
   [](options& x) -> field { return &x.storage.checkpoint_bytes; }},
  {"storage", "dedupe-records",
   "Messages per group remembered to find repeats; a power of two",
   "messages", 1'024, 16 * mib,
   [](options& x) -> field { return &x.storage.dedupe_records; }},
  {"storage", "dedupe-age",
   "A repeat is found for so long, if dedupe-records suffice",
   "time", 1 * s, 720 * h,
   [](options& x) -> field { return &x.storage.dedupe_age; }},
  {"storage", "readers",
   "Threads that read history",
   "threads", 1, 64, [](options& x) -> field { return &x.storage.readers; }},

  {"log", "level",
   "The least that is written",
   levels, 1, 8, [](options& x) -> field { return &x.log.level; }},
  {"log", "format",
   "One line for people, or one JSON object per line",
   "text|json", 1, 8, [](options& x) -> field { return &x.log.format; }},
  {"log", "file",
   "File that gets every line too; empty writes to standard error only",
   "path", 0, path, [](options& x) -> field { return &x.log.file; }},
  {"log", "file-bytes-max",
   "A file of this size is closed and a new one begun",
   "bytes", 64 * kib, 4 * gib,
   [](options& x) -> field { return &x.log.file_bytes_max; }},
  {"log", "files-max",
   "Closed files that are kept",
   "files", 1, 1'000, [](options& x) -> field { return &x.log.files_max; }},

  {"log.levels", "storage",
   "The store", room_levels, 0, 8,
   [](options& x) -> field { return &x.log_levels.storage; }},
  {"log.levels", "cluster",
   "Consensus", room_levels, 0, 8,
   [](options& x) -> field { return &x.log_levels.cluster; }},
  {"log.levels", "actors",
   "Connections, users, channels, pushers, HTTP", room_levels, 0, 8,
   [](options& x) -> field { return &x.log_levels.actors; }},
  {"log.levels", "node",
   "Start and stop", room_levels, 0, 8,
   [](options& x) -> field { return &x.log_levels.node; }},

  {"demo", "on",
   "Serve the chat page at /demo of the API port, without token",
   "", 0, 1, [](options& x) -> field { return &x.demo.on; }},

  {"scheduler", "max-threads",
   "Threads that run actors; 0 takes one per core",
   "threads", 0, 1'024,
   [](options& x) -> field { return &x.scheduler.max_threads; }},
  {"scheduler", "handler-time",
   "A handler that takes longer is counted and logged",
   "time", 1 * ms, 1 * h,
   [](options& x) -> field { return &x.scheduler.handler_time; }},
}};
// clang-format on

} // namespace

std::span<const option> option_table() {
  return table;
}

std::span<const section> section_table() {
  return sections;
}

std::string full_name(const option& x) {
  return std::string{x.section} + "." + std::string{x.name};
}

const option* find_option(std::string_view name) {
  for (auto& x : table)
    if (full_name(x) == name)
      return &x;
  return nullptr;
}

} // namespace jindou::configs
