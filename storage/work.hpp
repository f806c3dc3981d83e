#pragma once

#include "messages/raft.hpp"
#include "messages/result.hpp"
#include "messages/store.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

/// What the two halves of the store say to each other: rows, faults, and what
/// a start found. No CAF, no SQL.
namespace jindou::storage {

using rep_t = record::rep_t;
using chan_t = std::uint32_t;

/// What went wrong below. `full` is survivable before a commit; every other
/// fault of a write ends the process.
enum class fault : std::uint8_t {
  none,
  full,
  io,
  sync,
  corrupt,
  readonly,
  locked,
  newer_schema,
  foreign,
  not_found,
};

std::string_view to_string(fault f);

struct error {
  fault what = fault::none;
  int sqlite_code = 0;
  int os_errno = 0;
  std::string context;
};

template <class T>
using result = jindou::result<T, error>;

// -- rows ---------------------------------------------------------------------

enum class table : std::uint8_t {
  log,
  ix,
  head,
  journal,
  dedupe,
  replica,
  cut,
  store_meta,
  channel,
  member,
  msg_event,
  user,
  device,
  conversation,
  control,
  quarantine,
};

/// INTEGER, TEXT or BLOB.
using value = std::variant<std::int64_t, std::string, byte_vector>;

/// A whole row, columns in the order of the schema; replaces one of that key.
struct row_put {
  table into = table::log;
  std::vector<value> columns;

  friend bool operator==(const row_put&, const row_put&) = default;
};

/// Deletes every row whose primary key starts with these columns.
struct row_drop {
  table from = table::log;
  std::vector<value> key;

  friend bool operator==(const row_drop&, const row_drop&) = default;
};

/// Deletes the rows of an integer key in first...last.
struct row_drop_range {
  table from = table::log;
  std::int64_t first = 0;
  std::int64_t last = 0;

  friend bool operator==(const row_drop_range&, const row_drop_range&)
    = default;
};

/// What a sealed cut or one fold step of one replica writes, never split over
/// two transactions; or that the replica is damaged and takes part no more.
struct state_change {
  enum class kind : std::uint8_t { cut, fold, aside };
  state_change::kind what = kind::cut;
  rep_t rep = 0;
  group_id group = 0;
  /// A cut makes the state on disk equal to this index.
  raft::log_index applied = 0;
  /// Executed in this order: drops, ranges, puts.
  std::vector<row_drop> drops;
  std::vector<row_drop_range> ranges;
  std::vector<row_put> puts;
  /// Chosen by the applier, to know its own work again.
  std::uint64_t number = 0;
};

// -- keys ---------------------------------------------------------------------

/// Key of `ix`: rep 11 bits, chan_no 26, block_no 26.
constexpr std::int64_t ix_key(rep_t rep, chan_t chan, std::uint32_t block) {
  return static_cast<std::int64_t>(rep) << 52
         | static_cast<std::int64_t>(chan) << 26 | block;
}

/// Key of `head`, `channel`, `member` and `msg_event`.
constexpr std::int64_t chan_key(rep_t rep, chan_t chan) {
  return static_cast<std::int64_t>(rep) << 26 | chan;
}

/// Key of `journal` (number of the cut) and `dedupe` (ordinal).
constexpr std::int64_t serial_key(rep_t rep, std::uint64_t serial) {
  return static_cast<std::int64_t>(rep) << 40
         | static_cast<std::int64_t>(serial);
}

constexpr std::uint64_t serial_max = (std::uint64_t{1} << 40) - 1;
constexpr rep_t rep_max = 2'047;
constexpr chan_t chan_max = (1U << 26) - 1;

// -- what a start found -------------------------------------------------------

/// States of a replica. Written to disk, never renumber.
enum class replica_state : std::uint8_t {
  active = 1,
  installing = 2,
  dropping = 3,
  quarantined = 4,
};

/// A row of `replica`.
struct replica_row {
  rep_t rep = 0;
  group_id group = 0;
  raft::replica_id replica_id = 0;
  replica_state state = replica_state::active;
  raft::hard_state hard_state;
  raft::log_index first_index = 1;
  raft::term_t first_term = 1;
  raft::membership first_members;

  friend bool operator==(const replica_row&, const replica_row&) = default;
};

/// A row of `cut`.
struct cut_row {
  rep_t rep = 0;
  std::uint64_t cut_no = 0;
  raft::log_index applied = 1;
  raft::term_t applied_term = 1;
  std::uint64_t digest = 0;
  std::uint64_t log_time = 0;
  std::uint32_t apply_schema = 1;
  std::uint32_t feature_level = 1;
  raft::membership members;
  std::vector<raft::term_run> terms;
  chan_t next_chan = 1;
  /// Ordinals of the oldest and of the next duplicate record.
  std::uint64_t dd_first = 0;
  std::uint64_t dd_next = 0;
  raft::log_index keep_from = 0;
  raft::log_index hook_cursor = 0;
  /// Open block of channel 0; empty = no entry yet.
  byte_vector log_block;

  friend bool operator==(const cut_row&, const cut_row&) = default;
};

/// An entry above the cut and where it lies.
struct tail_entry {
  raft::entry entry;
  position pos = 0;
  std::uint64_t log_time = 0;
};

/// Everything that `log_store::open` read of one replica.
struct replica_start {
  replica_row row;
  cut_row cut;
  /// Ascending by index, without a gap, the first is `cut.applied` + 1.
  std::vector<tail_entry> tail;
  /// Why the replica takes no part; empty = it does.
  std::string quarantine_reason;

  bool healthy() const {
    return quarantine_reason.empty() && row.state == replica_state::active;
  }
};

/// What a start found and how long it took.
struct start_report {
  std::vector<replica_start> replicas;
  bool created = false;
  /// The reserve of disk space exists.
  bool reserved = false;
  std::uint64_t boot_id = 0;
  jindou::node_id node_id = 0;
  std::string cluster_id;
  std::string data_uuid;
  position next_position = 1;
  position clean_pos = 0;
  /// Steps of the start in order, with the time each one took.
  std::vector<std::pair<std::string, std::chrono::microseconds>> steps;
};

/// Turns what the store knows of a replica into what its raft core needs.
raft::restored restored_of(const replica_start& x);

// -- rows of the tables above -------------------------------------------------

/// Membership as a blob: version u8, at u64, n u16, then per member id u64,
/// node u32, role u8.
byte_vector encode(const raft::membership& x);
jindou::result<raft::membership> decode_membership(byte_span bytes);

/// Term runs as a blob: version u8, n u32, then per run first u64, term u64.
byte_vector encode(const std::vector<raft::term_run>& x);
jindou::result<std::vector<raft::term_run>> decode_terms(byte_span bytes);

row_put put_of(const replica_row& x);
row_put put_of(const cut_row& x);

} // namespace jindou::storage
