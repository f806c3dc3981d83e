#pragma once

#include "messages/bytes.hpp"
#include "messages/ids.hpp"
#include "messages/result.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace jindou::storage {

/// Remembers that a message with a client message number was stored.
struct dedupe_record {
  /// `hash_of_sent_number`, never 0; `hash_of_number` in a former record.
  std::uint64_t hash = 0;
  /// log_time of the entry in seconds: decides when it is forgotten.
  std::uint32_t log_time_s = 0;
  /// Place of the message in its channel, where its row is looked up.
  std::uint32_t seq = 0;

  friend bool operator==(const dedupe_record&, const dedupe_record&) = default;
};

/// How much is remembered. Replicated state depends on it: equal on all nodes.
struct dedupe_limits {
  std::uint64_t records_max = 1U << 18;
  std::uint32_t age_s_max = 3 * 24 * 3600;
};

/// Records per stored row.
constexpr std::size_t dedupe_records_per_row = 4'096;

/// A stored row. In format 1 the hashes do not cover the sender: former
/// records, which nobody writes any more.
struct dedupe_row {
  bool former = false;
  std::vector<dedupe_record> records;
};

/// On disk: 0 format u8 = 2, 1 zero u24, 4 crc32c u32 of 8...end, 8 records of
/// 16 bytes: hash u64, log_time_s u32, seq u32.
byte_vector encode_dedupe(std::span<const dedupe_record> records);

/// Reads formats 1 and 2.
/// Errors: `errc::corrupt`.
jindou::result<dedupe_row> decode_dedupe(byte_span bytes);

/// The duplicate window of one group: the newest records in order, found by
/// hash. A hash found is only a hint; the caller compares with the stored row.
/// Records have ordinals that rise for ever; first() ... next() - 1 are here.
class dedupe_ring {
public:
  /// One sender's messages with one number: more than one only where different
  /// ones have the same hash, so that eight are plenty. A former hash is shared
  /// by all senders of a number, and those beyond eight are not found.
  using candidates = std::array<std::uint32_t, 8>;

  /// `salt` keeps senders from choosing which records meet in the table; it is
  /// no replicated state.
  dedupe_ring(dedupe_limits limits, std::uint64_t salt);

  /// Starts anew at an ordinal, before records are loaded.
  void restart(std::uint64_t ordinal);

  /// Forgets what is older than the limits allow at this log time. Shape: call
  /// before each `find`, so that the answer depends on the log alone.
  void expire(std::uint32_t log_time_s);

  /// Adds the newest; the oldest gives way when the ring is full.
  void add(const dedupe_record& x);

  /// All records so far are former ones.
  void mark_former() {
    former_end_ = next_;
  }

  /// Former records are here: who finds nothing looks for `hash_of_number`,
  /// too.
  bool holds_former() const {
    return first_ < former_end_;
  }

  /// Ordinals below are of former records.
  std::uint64_t former_end() const {
    return former_end_;
  }

  /// Writes the seqs of the newest records with this hash, newest first.
  /// Returns how many.
  std::size_t find(std::uint64_t hash, candidates& out) const;

  std::uint64_t first() const {
    return first_;
  }

  std::uint64_t next() const {
    return next_;
  }

  std::uint64_t size() const {
    return next_ - first_;
  }

  /// Shape: `first() <= ordinal < next()`.
  const dedupe_record& at(std::uint64_t ordinal) const {
    return ring_[ordinal & mask_].record;
  }

private:
  /// `older`: distance to the next older record of the same hash, 0 = none.
  struct entry {
    dedupe_record record;
    std::uint32_t older = 0;
  };

  void drop_oldest();
  void grow();
  void erase_slot(std::size_t slot);
  std::size_t home(std::uint64_t hash) const;
  std::size_t slot_of(std::uint64_t hash) const;

  dedupe_limits limits_;
  std::uint64_t salt_;
  std::vector<entry> ring_;
  std::vector<std::uint32_t> slots_; // 1 + place of the newest of a hash
  std::uint64_t mask_ = 0;
  std::uint64_t slot_mask_ = 0;
  std::uint64_t first_ = 0;
  std::uint64_t next_ = 0;
  std::uint64_t former_end_ = 0;
};

} // namespace jindou::storage
