#pragma once

#include "messages/actors.hpp"
#include "messages/metrics.hpp"
#include "storage/applier.hpp"
#include "storage/reader.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <memory>

namespace jindou::storage {

struct reader_options {
  /// Opened by whoever spawns; this actor's alone from then on.
  std::shared_ptr<reader> store;
  metrics_ptr counters;
  /// Called when the disk failed; the node ends the process in it.
  std::function<void(const error&)> fatal;
  /// Where a damaged row is reported, and the group of each channel.
  log_writer_actor writer{};
  std::shared_ptr<const group_map> groups{};
};

/// Memory of a READER.
class reader_state {
public:
  static constexpr const char* name = "jindou.reader";

  explicit reader_state(reader_actor::pointer self) : self_(self) {
    // nop
  }

  void start(reader_options options);
  void on_read(const read_rows& x);

  /// Ends the process: without this reader a part of the reads finds nobody.
  void fail();

private:
  jindou::result<history> read(const read_rows& x);
  errc errc_of(const error& why) const;
  void report_damage(const channel_key& channel);

  reader_actor::pointer self_;
  reader_options options_;
};

/// Turns rows into the messages of one channel. Rows that are gone are left
/// out.
/// Shape:  `records[i]` is the message `seqs[i]`.
/// Errors: `errc::corrupt` for a record that is no message of this channel.
jindou::result<history> history_of(const channel_key& channel,
                                   message_seq last_seq,
                                   std::span<const message_seq> seqs,
                                   std::span<const shared_bytes> records);

/// Creates the behavior of a READER.
reader_actor::behavior_type
reading(reader_actor::stateful_pointer<reader_state> self,
        reader_options options);

} // namespace jindou::storage
