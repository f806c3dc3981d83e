#pragma once

#include "messages/bytes.hpp"
#include "messages/ids.hpp"
#include "messages/record.hpp"

#include <cstdint>
#include <vector>

/// What the raft core, its host and the store say to each other. No CAF.
namespace jindou::raft {

using term_t = record::term_t;
using log_index = record::log_index;
using replica_id = std::uint64_t;
using entry_kind = record::kind;

/// One log entry. `bytes` is the whole record, head included.
struct entry {
  log_index index = 0;
  term_t term = 0;
  entry_kind kind = entry_kind::command;
  shared_bytes bytes;
};

/// What must be durable before a vote or an acknowledgement leaves.
struct hard_state {
  term_t term = 0;
  replica_id vote = 0;

  friend bool operator==(const hard_state&, const hard_state&) = default;
};

enum class member_role : std::uint8_t { voter = 0, learner = 1 };

struct member {
  replica_id id = 0;
  node_id node = 0;
  member_role role = member_role::voter;

  friend bool operator==(const member&, const member&) = default;
};

/// Members of a group, sorted by id, and the index that set them.
struct membership {
  log_index at = 0;
  std::vector<member> all;

  friend bool operator==(const membership&, const membership&) = default;
};

/// Consecutive entries of one term start here.
struct term_run {
  log_index first = 0;
  term_t term = 0;

  friend bool operator==(const term_run&, const term_run&) = default;
};

/// Everything a core must know at start, read from the store.
struct restored {
  group_id group = 0;
  replica_id self = 0;
  hard_state hs;
  log_index first_index = 1; // entry at or below this is given by the snapshot
  term_t first_term = 1;
  membership first_members;
  log_index last = 1;
  std::vector<term_run> terms;
  log_index applied = 1;
  /// log_time of the last entry: the host never stamps an earlier one.
  std::uint64_t log_time = 0;
};

} // namespace jindou::raft
