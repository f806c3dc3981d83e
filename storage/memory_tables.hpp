#pragma once

#include "storage/state.hpp"

#include <deque>
#include <map>
#include <set>
#include <tuple>

namespace jindou::storage {

/// The twin of the tables: the same state over plain maps, without cuts and
/// without a disk. What it does is what the tables must do.
class memory_tables final : public state {
public:
  memory_tables(const cut_row& mark, dedupe_limits limits);

  /// Keeps a record where the log would: apply reads it there again.
  void keep(position pos, byte_vector record);

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

  /// What a position block would say of one seq.
  struct place {
    position pos = 0;
    std::uint16_t hint = 0;

    friend bool operator==(const place&, const place&) = default;
  };

  /// Places of a channel from seq 1 on; of the log for channel 0.
  const std::vector<place>& places(chan_t chan_no);

private:
  using list_key = std::pair<chan_t, command::list>;

  std::deque<channel> channels_; // by number, from 1
  std::map<channel_key, chan_t, std::less<>> numbers_;
  std::map<chan_t, std::vector<place>> places_;
  std::map<position, byte_vector> records_;
  std::map<list_key, std::map<std::string, std::uint64_t, std::less<>>> lists_;
  std::map<std::string, user_row, std::less<>> users_;
  std::map<std::pair<std::string, std::uint8_t>, device_row> devices_;
  std::map<std::pair<std::string, channel_key>, conversation_row>
    conversations_;
  std::map<std::string, std::string, std::less<>> control_;
};

} // namespace jindou::storage
