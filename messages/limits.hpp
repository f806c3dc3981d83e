#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// Every bound of the system in one place. Where an option overrides a bound,
/// the value here is its default.
namespace jindou::limits {

// -- client protocol ----------------------------------------------------------

/// Largest body of a frame; a longer one closes the connection at the header.
constexpr std::size_t frame_body_bytes_max = 1 << 20;

/// Longest string on the wire: its length is a signed 16-bit number.
constexpr std::size_t wire_string_bytes_max = 32'767;

/// Largest plain payload. Encryption and base64 turn n bytes into about 4n/3;
/// a RECV made of more than this would pass `frame_body_bytes_max`.
constexpr std::size_t payload_bytes_max = 700'000;

/// Longest uid, device id, channel id or client message number that is
/// accepted for storing.
constexpr std::size_t name_bytes_max = 1'024;

/// Frames of one read that travel in one batch.
constexpr std::size_t frames_per_batch_max = 100;

/// Unanswered SENDs and SUBs of one session; beyond it the socket is not read.
constexpr std::size_t session_window = 64;

/// Unanswered SENDs that all sessions of a node share while many send: each
/// may have its part of them, and never fewer than `session_window_min`.
constexpr std::size_t node_window = 2'000;
constexpr std::size_t session_window_min = 4;

/// Of the SENDs of all sessions that send faster than they are served, so many
/// are under way together: what more of them waited here would be in front of
/// everybody's.
constexpr std::size_t bulk_window = 128;

/// Data channels that one session may be subscribed to.
constexpr std::size_t subscriptions_max = 100;

/// Bytes waiting to be written to one connection. A reader that stays slower
/// is disconnected.
constexpr std::size_t outbox_bytes_max = 4 << 20;

/// Unacknowledged RECVs remembered per session; the oldest is forgotten.
constexpr std::size_t unacked_max = 1'000;

/// Bytes that are pushed again at once to one session.
constexpr std::size_t resend_bytes_max = 256 << 10;

// -- pools --------------------------------------------------------------------

/// Events that wait for one user or one channel (as in the seed).
constexpr std::int64_t user_queue_max = 1'000;
constexpr std::int64_t channel_queue_max = 1'000;

/// Batches that a user or a channel gathers in one turn before it works them
/// off as one.
constexpr std::size_t turn_batches_max = 50;

/// A handler or a turn that takes longer is counted and logged.
constexpr std::chrono::milliseconds handler_time_max{1'000};

/// Addresses whose rate is kept apart.
constexpr std::size_t rated_addresses_max = 100'000;

/// Batches that wait for one pusher.
constexpr std::int64_t pusher_queue_max = 1'000;

/// How long a pusher goes on before others have their turn.
constexpr std::chrono::milliseconds pusher_turn{2};

/// Receivers of one PushBatch; a longer list travels as several.
constexpr std::size_t receivers_per_push_max = 100;

// -- consensus and store ------------------------------------------------------

/// Fixed for the life of a cluster.
constexpr std::uint32_t slots = 1'024;

/// Data groups of a small cluster; the control group 0 comes on top.
constexpr std::uint32_t data_groups = 32;

/// Batching limit of one proposal round of a group, not a message limit.
constexpr std::size_t proposal_batch_entries_max = 512;
constexpr std::size_t proposal_batch_bytes_max = 256 << 10;

/// Payloads of one batch of a user to a channel, and of one push of a channel,
/// unless a single message is larger.
constexpr std::size_t submit_bytes_max = 256 << 10;
constexpr std::size_t push_bytes_max = 256 << 10;

/// One command, record head included.
constexpr std::size_t command_bytes_max = 1 << 20;

/// Bytes and entries of one flush; batches in flight to the log writer.
constexpr std::size_t flush_entries_max = 4'096;
constexpr std::size_t flush_bytes_max = 4 << 20;
constexpr std::size_t flushes_in_flight_max = 2;

/// Entries proposed and not yet applied, per raft host; beyond it proposals
/// are refused with `errc::busy`.
constexpr std::size_t proposals_in_flight_max = 65'536;

/// uids of one list command; the HTTP layer splits longer lists.
constexpr std::size_t uids_per_command_max = 250;

/// Messages of one history answer.
constexpr std::uint32_t history_rows_max = 10'000;

/// Bytes of the records of one history answer.
constexpr std::size_t history_bytes_max = 64 << 20;

/// Rows kept in the quarantine table.
constexpr std::uint32_t quarantine_rows_max = 1'000;

/// A request that has no answer by then is answered `errc::unknown`.
constexpr std::chrono::seconds request_deadline{5};

// -- http ---------------------------------------------------------------------

constexpr std::size_t http_body_bytes_max = 16 << 20;
constexpr std::size_t http_header_bytes_max = 16 << 10;

} // namespace jindou::limits
