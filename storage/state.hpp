#pragma once

#include "messages/command.hpp"
#include "storage/dedupe_ring.hpp"
#include "storage/head.hpp"
#include "storage/rows.hpp"
#include "storage/work.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jindou::storage {

/// A damaged row: no fault of SQLite, so it costs one replica, not the node.
inline error damaged(std::string what) {
  error res;
  res.what = fault::corrupt;
  res.context = std::move(what);
  return res;
}

/// A channel while somebody works on it.
struct channel {
  channel_row row;
  channel_head head;
};

/// The applied state of one replica, as `apply` changes it and reads see it.
/// Implemented over the tables (`replica_store`) and over plain maps
/// (`memory_tables`), which must agree in everything.
/// A pointer to a channel is good until the next call of `find` or `make`.
class state {
public:
  state(const cut_row& mark, dedupe_limits limits, std::uint64_t salt)
      : mark_(mark), ring_(limits, salt) {
    ring_.restart(mark.dd_next);
  }

  state(const state&) = delete;
  state& operator=(const state&) = delete;
  virtual ~state() = default;

  /// How far this state is, and what else is one value per replica.
  cut_row& mark() {
    return mark_;
  }

  const cut_row& mark() const {
    return mark_;
  }

  dedupe_ring& ring() {
    return ring_;
  }

  // -- channels ---------------------------------------------------------------

  /// Returns a channel that was used before, else nullptr.
  virtual result<channel*> find(std::uint8_t type, std::string_view id) = 0;
  virtual result<channel*> find(chan_t chan_no) = 0;

  /// Makes a channel that `find` did not find and gives it the next number.
  virtual channel* make(const channel_key& key, std::uint64_t log_time) = 0;

  /// The row of this channel has changed.
  virtual void touch(channel& x) = 0;

  /// Gives a message the next seq.
  virtual void append(channel& x, position pos, std::uint16_t hint) = 0;

  /// Where a message lies. Shape: `1 <= seq <= last_seq`.
  virtual result<position> locate(channel& x, message_seq seq) = 0;

  /// The entry of the log that was applied last: channel 0.
  virtual void note_entry(raft::log_index index, position pos,
                          std::uint16_t hint)
    = 0;

  /// Reads a stored record; empty if there is no row.
  virtual result<byte_vector> record_at(position pos) = 0;

  // -- lists ------------------------------------------------------------------

  virtual result<bool> has(chan_t chan_no, command::list list,
                           std::string_view uid)
    = 0;
  virtual void add(chan_t chan_no, command::list list, const std::string& uid,
                   std::uint64_t since)
    = 0;
  virtual void remove(chan_t chan_no, command::list list,
                      const std::string& uid)
    = 0;
  virtual void clear(chan_t chan_no, command::list list) = 0;

  /// Returns the uids of a list, sorted.
  virtual result<std::vector<std::string>> list(chan_t chan_no,
                                                command::list which)
    = 0;

  // -- users and what belongs to them -----------------------------------------

  virtual result<std::optional<user_row>> user(std::string_view uid) = 0;
  virtual void put(const user_row& x) = 0;

  virtual result<std::optional<device_row>> device(std::string_view uid,
                                                   std::uint8_t flag)
    = 0;
  virtual void put(const device_row& x) = 0;

  virtual result<std::optional<conversation_row>>
  conversation(std::string_view uid, const channel_key& channel) = 0;
  virtual void put(const conversation_row& x) = 0;
  virtual void drop_conversation(const std::string& uid,
                                 const channel_key& channel)
    = 0;

  virtual result<std::optional<std::string>> control(std::string_view name) = 0;
  virtual void put_control(const std::string& name, const std::string& x) = 0;

protected:
  cut_row mark_;
  dedupe_ring ring_;
};

/// Last number a channel can have. The numbers above keep the log's own blocks
/// once its index does not fit into one channel's keys any more.
constexpr chan_t chan_no_max = chan_max - 1'024;

/// Last seq whose block has a key.
constexpr message_seq seq_max = 0xffff'ffff;

/// Key of a block of the log: channel 0, continued from the top.
constexpr std::int64_t log_ix_key(rep_t rep, std::uint64_t block) {
  auto high = static_cast<chan_t>(block >> 26);
  auto low = static_cast<std::uint32_t>(block & chan_max);
  return ix_key(rep, high == 0 ? 0 : chan_max - high + 1, low);
}

} // namespace jindou::storage
