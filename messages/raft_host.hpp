#pragma once

#include "messages/command.hpp"
#include "messages/raft.hpp"
#include "messages/store.hpp"

#include <caf/fwd.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <cstdint>
#include <memory>
#include <vector>

/// What a RAFT HOST, the APPLIER and whoever proposes say to each other.
namespace jindou {

struct applied_batch;
using applied_ptr = std::shared_ptr<const applied_batch>;

/// Anybody who proposes commands.
using proposer_actor = caf::typed_actor<
  // Says what became of a `propose`, exactly once.
  caf::reacts_to<applied_ptr>>;

/// Asks for places in the log of one group, in this order and without foreign
/// entries between them.
/// Shape:  `ends[i]` is the end of record i in `block`; records have zero heads
///         that the host stamps. Nobody else may touch the block any more.
/// Errors: the answer carries `busy`, `not_leader`, `unavailable`: never
///         entered the log; `unknown`: outcome not known.
struct propose {
  group_id group = 0;
  std::uint64_t request = 0;
  proposer_actor from;
  mutable_block block;
  std::vector<std::uint32_t> ends;
};
using propose_ptr = std::shared_ptr<propose>;

/// Answers a `propose`: an error for all of it, or what apply said of each
/// command, in order.
struct applied_batch {
  std::uint64_t request = 0;
  errc error = errc::none;
  std::vector<command::applied> results;
};

/// Asks the APPLIER to apply committed, durable entries of one group in order.
struct apply_order {
  group_id group = 0;
  raft::log_index first = 0;
  std::vector<apply_item> items;

  /// Whose commands they are; entries that nobody here proposed (the no-op of
  /// a term) belong to no origin.
  struct origin {
    proposer_actor from;
    std::uint64_t request = 0;
    /// First item and number of items.
    std::uint32_t first = 0;
    std::uint32_t count = 0;
  };
  std::vector<origin> origins;
};
using apply_order_ptr = std::shared_ptr<const apply_order>;

/// Tells the RAFT HOST how far the APPLIER is.
struct applied_to {
  group_id group = 0;
  raft::log_index index = 0;
};

} // namespace jindou
