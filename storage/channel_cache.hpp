#pragma once

#include "storage/state.hpp"

#include <cstdint>
#include <list>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace jindou::storage {

class channel_cache;

/// A channel in memory, with what the disk does not say of it yet.
struct cached_channel : channel {
  // Last seq as of the last cut that was sealed, and of the head on disk.
  message_seq cut_seq = 0;
  message_seq folded_seq = 0;

  /// Full blocks from number `first_full` on that are not in `ix` yet.
  std::vector<position_block> full;
  std::uint32_t first_full = 0;

  /// The row is newer than what cuts have written; a cut writes it.
  bool row_open = false;
  bool row_sealed = false;

  /// Waits for the next fold.
  bool awaits_fold = false;

  // Place among the clean channels of all replicas; see `clean_channels`.
  bool listed = false;
  std::size_t bytes = 0;
  std::list<std::pair<channel_cache*, chan_t>>::iterator place;

  /// The disk says the same, so memory may forget it.
  bool clean() const {
    return !row_open && !row_sealed && !awaits_fold && full.empty()
           && head.last_seq == folded_seq;
  }

  std::uint32_t open_block_no() const {
    return static_cast<std::uint32_t>(head.last_seq / position_block::capacity);
  }
};

/// The clean channels of all replicas of one applier, the longest unused one
/// first; bounds what they take together.
class clean_channels {
public:
  explicit clean_channels(std::size_t bytes_max) : bytes_max_(bytes_max) {
    // nop
  }

  /// The channel was used: it goes to the end of the list, or leaves it if it
  /// is no longer clean.
  void used(channel_cache& of, cached_channel& x);

  /// Takes a channel out of the list.
  void remove(cached_channel& x);

  /// Lets go of channels until the bound holds.
  void shrink();

  std::size_t bytes() const {
    return bytes_;
  }

  std::size_t size() const {
    return list_.size();
  }

private:
  std::size_t bytes_max_;
  std::size_t bytes_ = 0;
  std::list<std::pair<channel_cache*, chan_t>> list_;
};

/// The channels of one replica that are in memory.
class channel_cache {
public:
  explicit channel_cache(clean_channels& clean) : clean_(clean) {
    // nop
  }

  channel_cache(const channel_cache&) = delete;
  channel_cache& operator=(const channel_cache&) = delete;
  ~channel_cache();

  cached_channel* find(std::uint8_t type, std::string_view id);
  cached_channel* find(chan_t chan_no);

  /// Adds a channel that is not here yet.
  cached_channel& add(channel_row row, channel_head head);

  void forget(chan_t chan_no);

  /// The state of `x` has changed or it was used.
  void used(cached_channel& x) {
    clean_.used(*this, x);
  }

  std::size_t size() const {
    return by_no_.size();
  }

private:
  struct key {
    std::uint8_t type;
    std::string_view id; // of the row

    friend bool operator==(const key&, const key&) = default;
  };

  struct key_hash {
    std::size_t operator()(const key& x) const {
      // The low bits of the library's hash of the id meet the type.
      return std::hash<std::string_view>{}(x.id)
             ^ (x.type * std::size_t{0x9e3779b9});
    }
  };

  clean_channels& clean_;
  std::unordered_map<chan_t, std::unique_ptr<cached_channel>> by_no_;
  std::unordered_map<key, cached_channel*, key_hash> by_key_;
};

} // namespace jindou::storage
