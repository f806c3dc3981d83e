#pragma once

#include "messages/command.hpp"
#include "storage/state.hpp"

#include <vector>

namespace jindou::storage {

/// One command on its way into the state.
class applying {
public:
  applying(state& s, const record::head& head, position pos,
           std::vector<slot_id>& changed)
      : state_(s), head_(head), pos_(pos), changed_(changed) {
    res_.log_time = head.log_time;
  }

  result<command::applied> run(byte_span rec);

  /// Seq that the log's own block notes for this entry.
  message_seq stored_seq() const {
    return stored_seq_;
  }

private:
  // Each returns a fault of the store; what else goes wrong is in `res_`.
  using done = result<void>;

  done on(const command::append_message& x);
  done on(const command::channel_put& x);
  done on(const command::channel_disband& x);
  done on(const command::members_add& x);
  done on(const command::members_remove& x);
  done on(const command::members_clear& x);
  done on(const command::user_put& x);
  done on(const command::device_put& x);
  done on(const command::conversation_put& x);
  done on(const command::conversation_drop& x);
  done on(const command::control_put& x);

  done refuse(errc why) {
    res_.error = why;
    return {};
  }

  /// Of a message's number; 0 if there is none, or none to be checked.
  struct number_hashes {
    /// For hints, and to find former records.
    std::uint64_t number = 0;
    /// With its sender: of the duplicate record.
    std::uint64_t sent = 0;
  };

  static number_hashes hashes_of(const command::append_message& x,
                                 const channel* to);

  result<channel*> find(const command::append_message& x);
  result<channel*> find_or_make(const channel_key& key);
  result<bool> is_duplicate(channel& to, const command::append_message& x,
                            const number_hashes& hash);
  result<bool> is_stored(channel& to, const command::append_message& x,
                         std::uint64_t hash);
  result<bool> is_same(channel& to, const command::append_message& x,
                       message_seq seq);
  void store(channel& to, const command::append_message& x,
             const number_hashes& hash);
  void drop_list(channel& of, command::list list);
  void close_list_change(channel& of);
  void channel_changed(const channel_key& key);
  void user_changed(std::string_view uid);

  state& state_;
  const record::head& head_;
  position pos_;
  std::vector<slot_id>& changed_;
  command::applied res_;
  message_seq stored_seq_ = 0;
};

} // namespace jindou::storage
