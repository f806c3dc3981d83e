#include "messages/metrics.hpp"

#include <algorithm>
#include <bit>

namespace jindou {

namespace {

constexpr std::array<counter_info, static_cast<std::size_t>(counter::count)>
  infos{{
    {"jindou_connections_accepted_total", "Client connections accepted."},
    {"jindou_connections_closed_total", "Client connections closed."},
    {"jindou_connections_refused_total",
     "Client connections refused by a limit."},
    {"jindou_connections_timed_out_total",
     "Client connections closed because they did not log in in time or fell "
     "silent."},
    {"jindou_protocol_errors_total",
     "Client connections closed because of what they sent."},
    {"jindou_slow_readers_closed_total",
     "Connections closed because their outbox passed its bound."},
    {"jindou_tls_handshakes_total", "TLS handshakes completed."},
    {"jindou_tls_handshakes_failed_total",
     "Connections closed before their TLS handshake was complete."},
    {"jindou_json_texts_refused_total",
     "JSON-RPC texts of clients answered with an error."},
    {"jindou_frames_in_total", "Frames decoded from clients."},
    {"jindou_frames_out_total", "Frames encoded for clients."},
    {"jindou_bytes_in_total", "Bytes read from client sockets."},
    {"jindou_bytes_out_total", "Bytes written to client sockets."},
    {"jindou_socket_reads_total", "Reads of client sockets that gave bytes."},
    {"jindou_socket_flushes_total", "Gather writes to client sockets."},
    {"jindou_logins_total", "CONNECTs accepted."},
    {"jindou_logins_refused_total", "CONNECTs refused."},
    {"jindou_sends_total", "SENDs and HTTP messages answered."},
    {"jindou_sends_refused_total",
     "SENDs answered with a reason other than success."},
    {"jindou_sends_rate_limited_total",
     "SENDs refused by the rate limit of a user, an address or a channel."},
    {"jindou_sends_duplicate_total",
     "SENDs answered with the place of an earlier one."},
    {"jindou_sends_duplicate_other_payload_total",
     "Duplicates whose payload differs from the first."},
    {"jindou_recvs_total", "RECVs put into outboxes."},
    {"jindou_recvacks_total", "RECVACKs received."},
    {"jindou_recvs_resent_total", "RECVs pushed again for want of a RECVACK."},
    {"jindou_recvs_forgotten_total",
     "RECVs without RECVACK that had no room any more."},
    {"jindou_turns_put_off_total",
     "Reads and writes of busy connections that waited for those of others."},
    {"jindou_bulk_waits_total",
     "Times a connection that sends very much waited for its turn."},
    {"jindou_user_queue_full_total", "Batches refused by a full user queue."},
    {"jindou_channel_queue_full_total",
     "Batches refused by a full channel queue."},
    {"jindou_pusher_queue_full_total",
     "Push batches turned to the offline path by a full pusher queue."},
    {"jindou_users_spawned_total", "User actors spawned."},
    {"jindou_users_retired_total", "User actors passivated."},
    {"jindou_channels_spawned_total", "Channel actors spawned."},
    {"jindou_channels_retired_total", "Channel actors passivated."},
    {"jindou_pushes_delivered_total", "Messages handed to a live session."},
    {"jindou_pushes_parked_total",
     "Messages for receivers without a master device on line."},
    {"jindou_pushes_dropped_total", "Messages that a session did not take."},
    {"jindou_events_retried_total", "Events handled again after a fault."},
    {"jindou_events_quarantined_total", "Events set aside after two faults."},
    {"jindou_handlers_overdue_total",
     "Runs of a handler that passed its time limit."},
    {"jindou_turns_overdue_total",
     "Turns of an actor that were found running beyond the time limit."},
    {"jindou_deliveries_lost_total", "Batches whose actor ended before it."},
    {"jindou_messages_stored_total", "Messages that got a seq."},
    {"jindou_proposals_total", "Commands proposed."},
    {"jindou_proposals_refused_total", "Commands refused by the raft host."},
    {"jindou_entries_appended_total", "Log entries made durable."},
    {"jindou_entries_applied_total", "Log entries applied."},
    {"jindou_flushes_total", "Group commits."},
    {"jindou_flush_bytes_total", "Bytes of log records written."},
    {"jindou_checkpoints_total", "Checkpoints of the write-ahead log."},
    {"jindou_cuts_total", "Cuts written."},
    {"jindou_fold_steps_total", "Fold steps written."},
    {"jindou_history_reads_total", "History reads answered."},
    {"jindou_http_requests_total", "HTTP requests answered."},
    {"jindou_http_errors_total", "HTTP requests answered with an error."},
    {"jindou_http_connections_refused_total",
     "HTTP connections refused by a limit."},
  }};

std::size_t shard_of_this_thread() {
  static std::atomic<std::size_t> next{0};
  thread_local const std::size_t mine = next.fetch_add(1) % metric_shards;
  return mine;
}

} // namespace

const std::array<counter_info, static_cast<std::size_t>(counter::count)>&
counter_infos() {
  return infos;
}

handler_metric::handler_metric(event_type event, std::string handler)
    : event_(event), handler_(std::move(handler)) {
  // nop
}

void handler_metric::add(std::uint64_t ns, std::uint64_t events,
                         std::uint64_t errors) {
  auto us = ns / 1'000;
  auto bucket = std::min<std::size_t>(std::bit_width(us), buckets - 1);
  auto& mine = shards_[shard_of_this_thread()];
  mine.runs[bucket].fetch_add(1, std::memory_order_relaxed);
  mine.events.fetch_add(events, std::memory_order_relaxed);
  mine.sum_ns.fetch_add(ns, std::memory_order_relaxed);
  if (errors != 0)
    mine.errors.fetch_add(errors, std::memory_order_relaxed);
}

std::uint64_t handler_metric::events() const {
  return sum_of(&shard::events);
}

std::uint64_t handler_metric::errors() const {
  return sum_of(&shard::errors);
}

std::uint64_t handler_metric::sum_ns() const {
  return sum_of(&shard::sum_ns);
}

std::array<std::uint64_t, handler_metric::buckets>
handler_metric::runs() const {
  std::array<std::uint64_t, buckets> res{};
  for (auto& x : shards_)
    for (std::size_t i = 0; i < buckets; ++i)
      res[i] += x.runs[i].load(std::memory_order_relaxed);
  return res;
}

std::uint64_t
handler_metric::sum_of(std::atomic<std::uint64_t> shard::*which) const {
  std::uint64_t sum = 0;
  for (auto& x : shards_)
    sum += (x.*which).load(std::memory_order_relaxed);
  return sum;
}

metrics::metrics()
    : shards_(std::make_unique<std::array<padded_shard, metric_shards>>()) {
  // nop
}

metrics::shard& metrics::mine() {
  return (*shards_)[shard_of_this_thread()].values;
}

std::uint64_t metrics::value(counter c) const {
  std::uint64_t sum = 0;
  for (auto& s : *shards_)
    sum
      += s.values[static_cast<std::size_t>(c)].load(std::memory_order_relaxed);
  return sum;
}

handler_metric& metrics::handler(event_type event, std::string_view name) {
  std::lock_guard guard{mx_};
  auto same = [&](const handler_metric& x) {
    return x.event() == event && x.handler() == name;
  };
  auto i = std::find_if(handlers_.begin(), handlers_.end(), same);
  if (i != handlers_.end())
    return *i;
  return handlers_.emplace_back(event, std::string{name});
}

std::vector<const handler_metric*> metrics::handlers() const {
  std::lock_guard guard{mx_};
  std::vector<const handler_metric*> res;
  for (auto& x : handlers_)
    res.push_back(&x);
  return res;
}

void metrics::gauge(std::string name, std::string help, std::string labels,
                    std::function<double()> read) {
  std::lock_guard guard{mx_};
  gauges_.push_back(
    {std::move(name), std::move(help), std::move(labels), std::move(read)});
}

std::vector<metrics::gauge_value> metrics::gauges() const {
  std::lock_guard guard{mx_};
  std::vector<gauge_value> res;
  for (auto& g : gauges_)
    res.push_back({g.name, g.help, g.labels, g.read()});
  return res;
}

} // namespace jindou
