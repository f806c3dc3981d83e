#include "actors/gateway/gateway_options.hpp"

#include <string_view>

namespace jindou::actors {

namespace {

using namespace std::chrono_literals;

struct bound {
  std::string_view name;
  std::size_t value, min, max;
};

std::size_t ms(std::chrono::milliseconds x) {
  return x < 0ms ? 0 : static_cast<std::size_t>(x.count());
}

constexpr std::size_t day_ms = 86'400'000;
constexpr std::size_t million = 1'000'000;

} // namespace

std::string validate(const gateway_options& x) {
  const bound bounds[] = {
    {"conn-idle-time", ms(x.conn_idle_time), 1, day_ms},
    {"hello-timeout", ms(x.hello_timeout), 1, day_ms},
    {"tls-handshake-timeout", ms(x.tls_handshake_timeout), 1, day_ms},
    {"connect-timeout", ms(x.connect_timeout), 1, day_ms},
    {"connections-max", x.bounds.connections_max, 1, 10 * million},
    {"connections-per-ip-max", x.bounds.connections_per_ip_max, 1,
     10 * million},
    {"io-threads", x.io_threads, 1, 64},
    {"outbox-bytes-max", x.outbox_bytes_max, limits::frame_body_bytes_max,
     std::size_t{1} << 30},
    {"session-window", x.bounds.session_window, 1, 10'000},
    {"node-window", x.bounds.node_window, 1, 10'000'000},
    {"bulk-window", x.bounds.bulk_window, 1, 10'000'000},
    {"unacked-max", x.unacked_max, 1, million},
    {"sweep-interval", ms(x.sweep_interval), 1, 10'000},
    {"close-grace", ms(x.close_grace), 1, 60'000},
  };
  for (auto& b : bounds)
    if (b.value < b.min || b.value > b.max)
      return std::string{b.name} + " must be from " + std::to_string(b.min)
             + " to " + std::to_string(b.max);
  if (!x.deliver || !x.next_message_id || !x.stats)
    return "deliver, next_message_id and stats must be given";
  return {};
}

} // namespace jindou::actors
