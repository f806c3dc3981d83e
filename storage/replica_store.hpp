#pragma once

#include "storage/channel_cache.hpp"
#include "storage/journal.hpp"
#include "storage/member_overlay.hpp"
#include "storage/overlay.hpp"
#include "storage/state.hpp"
#include "storage/state_tables.hpp"

#include <deque>
#include <memory>
#include <tuple>

namespace jindou::storage {

/// Rows of one fold step, of one page of duplicate rows dropped by a cut.
constexpr std::size_t fold_rows_max = 96;

/// The applied state of one replica over the tables: what the disk says as of
/// the last cut, and in memory what is newer. Seals cuts and folds; writes
/// nothing itself.
/// One cut and one fold step may be on their way at a time; whoever hands them
/// to the writer gives them back to `done` once they are durable.
class replica_store final : public state {
public:
  replica_store(state_tables& tables, clean_channels& clean,
                const replica_start& from, dedupe_limits limits,
                std::uint64_t salt);

  /// Reads journal and duplicate records; before that nothing may be asked.
  result<void> load();

  bool loaded() const {
    return loaded_;
  }

  rep_t rep() const {
    return mark_.rep;
  }

  group_id group() const {
    return group_;
  }

  // -- cuts and folds ---------------------------------------------------------

  /// Something was applied since the last cut.
  bool changed() const {
    return mark_.applied != sealed_applied_;
  }

  /// Rows, journal entries aside, that the next cut will write.
  std::size_t open_rows() const;

  /// Messages since the last cut.
  std::size_t open_messages() const {
    return pending_.size();
  }

  bool cut_under_way() const {
    return cut_under_way_;
  }

  /// Seals everything since the last cut. Shape: none is on its way.
  state_change seal();

  /// Bytes of journal that no fold has removed yet.
  std::size_t journal_bytes() const {
    return journal_bytes_;
  }

  /// Channels whose heads the journal is ahead of.
  std::size_t channels_to_fold() const {
    return awaiting_.size();
  }

  bool folding() const {
    return fold_.active;
  }

  /// Steps that the fold will still take, about.
  std::size_t fold_steps_left() const;

  /// Begins a fold of all channels that wait. Shape: no cut is on its way.
  void begin_fold();

  /// Seals the next step. Shape: `folding()`, no cut and no step is on its way.
  state_change next_fold_step();

  /// A cut or a fold step is durable.
  void done(state_change::kind what);

  /// Channels in memory.
  std::size_t channels() const {
    return cache_.size();
  }

  // -- state ------------------------------------------------------------------

  result<channel*> find(std::uint8_t type, std::string_view id) override;
  result<channel*> find(chan_t chan_no) override;
  channel* make(const channel_key& key, std::uint64_t log_time) override;
  void touch(channel& x) override;
  void append(channel& x, position pos, std::uint16_t hint) override;
  result<position> locate(channel& x, message_seq seq) override;
  void note_entry(raft::log_index index, position pos,
                  std::uint16_t hint) override;
  result<byte_vector> record_at(position pos) override;

  result<bool> has(chan_t chan_no, command::list list,
                   std::string_view uid) override;
  void add(chan_t chan_no, command::list list, const std::string& uid,
           std::uint64_t since) override;
  void remove(chan_t chan_no, command::list list,
              const std::string& uid) override;
  void clear(chan_t chan_no, command::list list) override;
  result<std::vector<std::string>> list(chan_t chan_no,
                                        command::list which) override;

  result<std::optional<user_row>> user(std::string_view uid) override;
  void put(const user_row& x) override;
  result<std::optional<device_row>> device(std::string_view uid,
                                           std::uint8_t flag) override;
  void put(const device_row& x) override;
  result<std::optional<conversation_row>>
  conversation(std::string_view uid, const channel_key& channel) override;
  void put(const conversation_row& x) override;
  void drop_conversation(const std::string& uid,
                         const channel_key& channel) override;
  result<std::optional<std::string>> control(std::string_view name) override;
  void put_control(const std::string& name, const std::string& x) override;

  /// Returns the block of a channel that holds this seq; of the log for
  /// channel 0, whose seqs are indexes. For tests and for log readers.
  result<position_block> block_of(chan_t chan_no, std::uint64_t seq);

private:
  using conversation_key = std::tuple<std::string, std::uint8_t, std::string>;
  using device_key = std::pair<std::string, std::uint8_t>;

  /// One channel's share of a fold step.
  struct folded_part {
    chan_t chan_no = 0;
    std::size_t blocks = 0;
    std::optional<message_seq> head_seq;
  };

  struct fold_state {
    bool active = false;
    bool under_way = false;
    bool last_step = false;
    std::uint64_t to_cut = 0;
    std::size_t bytes = 0;
    std::vector<chan_t> chans;
    std::size_t next = 0;
    std::vector<folded_part> step;
  };

  struct log_block {
    std::uint64_t no = 0;
    byte_vector bytes;
    bool sealed = false;
  };

  static cached_channel& cached(channel& x) {
    return static_cast<cached_channel&>(x);
  }

  // replica_load.cpp
  result<void> load_log_block();
  result<void> load_journal();
  result<void> replay(const std::vector<journal_entry>& entries);
  result<void> load_dedupe();
  result<void> take_dedupe(std::uint64_t first, byte_span bytes);

  // replica_cut.cpp
  void seal_journal(state_change& to);
  void seal_log_blocks(state_change& to);
  void seal_dedupe(state_change& to);
  std::uint64_t begin_dedupe_row();
  void drop_old_dedupe(state_change& to);
  void seal_channels(state_change& to);
  void seal_users(state_change& to);
  void cut_done();

  // replica_fold.cpp
  bool fold_channel(chan_t chan_no, state_change& to);
  byte_vector head_as_of_cut(const cached_channel& x) const;
  void fold_done();

  result<cached_channel*> take(result<std::optional<channel_row>> row);
  result<const position_block*> stored_block(std::int64_t key);
  void await_fold(cached_channel& x);

  state_tables& tables_;
  clean_channels& clean_;
  group_id group_;
  bool loaded_ = false;

  channel_cache cache_;
  std::vector<chan_t> touched_; // rows open for the next cut
  std::vector<chan_t> sealed_;  // rows of the cut on its way
  member_overlay members_;
  overlay<std::string, user_row> users_;
  overlay<device_key, device_row> devices_;
  overlay<conversation_key, conversation_row> conversations_;
  overlay<std::string, std::string> control_;

  std::vector<journal_entry> pending_; // since the last cut
  position_block log_open_;
  std::deque<log_block> log_full_;        // not in `ix` yet
  std::uint64_t dedupe_sealed_ = 0;       // ordinals below are in rows
  std::deque<std::uint64_t> dedupe_rows_; // first ordinal of each
  raft::log_index sealed_applied_ = 0;
  bool cut_under_way_ = false;

  std::vector<chan_t> awaiting_;
  std::size_t full_blocks_ = 0; // of all channels, not in `ix` yet
  std::size_t journal_bytes_ = 0;
  fold_state fold_;

  std::int64_t memo_key_ = -1; // the stored block read last
  position_block memo_;
};

} // namespace jindou::storage
