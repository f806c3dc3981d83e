#pragma once

#include "messages/event.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

/// Counters of the hot paths: one relaxed add on a cache line of the calling
/// thread, summed when somebody scrapes. No look-up by label per event.
namespace jindou {

/// Every plain counter, in the order of `counter_infos`.
enum class counter : std::uint8_t {
  connections_accepted,
  connections_closed,
  connections_refused,
  connections_timed_out,
  protocol_errors,
  slow_readers_closed,
  tls_handshakes,
  tls_handshakes_failed,
  json_texts_refused,
  frames_in,
  frames_out,
  bytes_in,
  bytes_out,
  socket_reads,
  socket_flushes,
  logins,
  logins_refused,
  sends,
  sends_refused,
  sends_rate_limited,
  sends_duplicate,
  sends_duplicate_other_payload,
  recvs,
  recvacks,
  recvs_resent,
  recvs_forgotten,
  turns_put_off,
  bulk_waits,
  user_queue_full,
  channel_queue_full,
  pusher_queue_full,
  users_spawned,
  users_retired,
  channels_spawned,
  channels_retired,
  pushes_delivered,
  pushes_parked,
  pushes_dropped,
  events_retried,
  events_quarantined,
  handlers_overdue,
  turns_overdue,
  deliveries_lost,
  messages_stored,
  proposals,
  proposals_refused,
  entries_appended,
  entries_applied,
  flushes,
  flush_bytes,
  checkpoints,
  cuts,
  fold_steps,
  history_reads,
  http_requests,
  http_errors,
  http_connections_refused,
  count, // last: how many there are
};

struct counter_info {
  std::string_view name; // Prometheus name, "jindou_..._total"
  std::string_view help;
};

/// Names and meaning of all counters, in the order of the enum.
const std::array<counter_info, static_cast<std::size_t>(counter::count)>&
counter_infos();

/// Parts of every number, so that the cores do not wait for each other's lines.
constexpr std::size_t metric_shards = 16;

/// Times and outcomes of one handler of one chain. Written by many threads.
class handler_metric {
public:
  /// Upper bounds of the buckets are 2^i microseconds, the last is +Inf.
  static constexpr std::size_t buckets = 22;

  handler_metric(event_type event, std::string handler);

  /// Adds one run over `events` events.
  void add(std::uint64_t ns, std::uint64_t events, std::uint64_t errors);

  event_type event() const {
    return event_;
  }

  const std::string& handler() const {
    return handler_;
  }

  std::uint64_t events() const;
  std::uint64_t errors() const;
  std::uint64_t sum_ns() const;

  /// Runs per bucket, not cumulative.
  std::array<std::uint64_t, buckets> runs() const;

private:
  /// What a few threads counted: each core writes lines of its own.
  struct alignas(64) shard {
    std::atomic<std::uint64_t> events{0};
    std::atomic<std::uint64_t> errors{0};
    std::atomic<std::uint64_t> sum_ns{0};
    std::array<std::atomic<std::uint64_t>, buckets> runs{};
  };

  std::uint64_t sum_of(std::atomic<std::uint64_t> shard::*which) const;

  event_type event_;
  std::string handler_;
  std::array<shard, metric_shards> shards_;
};

/// All metrics of one node.
class metrics {
public:
  metrics();
  metrics(const metrics&) = delete;

  void add(counter c, std::uint64_t n = 1) {
    mine()[static_cast<std::size_t>(c)].fetch_add(n, std::memory_order_relaxed);
  }

  std::uint64_t value(counter c) const;

  /// Makes the metric of one handler; lives as long as this object.
  handler_metric& handler(event_type event, std::string_view name);

  /// Returns all handlers, for a scrape.
  std::vector<const handler_metric*> handlers() const;

  /// Sets a named gauge that is computed when somebody scrapes.
  void gauge(std::string name, std::string help, std::string labels,
             std::function<double()> read);

  struct gauge_value {
    std::string name, help, labels;
    double value = 0;
  };
  std::vector<gauge_value> gauges() const;

private:
  using shard = std::array<std::atomic<std::uint64_t>,
                           static_cast<std::size_t>(counter::count)>;

  struct alignas(64) padded_shard {
    shard values{};
  };

  struct named_gauge {
    std::string name, help, labels;
    std::function<double()> read;
  };

  shard& mine();

  std::unique_ptr<std::array<padded_shard, metric_shards>> shards_;
  mutable std::mutex mx_;
  std::deque<handler_metric> handlers_;
  std::vector<named_gauge> gauges_;
};

using metrics_ptr = std::shared_ptr<metrics>;

} // namespace jindou
