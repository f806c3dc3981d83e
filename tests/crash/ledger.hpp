#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What a campaign of kills keeps outside the node.
namespace jindou::crash {

/// A message as its sender knows it. `id` is unique and stands in the payload,
/// so that a message without client number is recognised, too.
struct sent_message {
  std::string id;
  std::string channel;
  std::string from;
  std::string number; // client_msg_no; may be empty
  std::uint64_t payload_hash = 0;
};

/// A message as the node gives it back.
struct stored_message {
  std::uint64_t seq = 0;
  std::int64_t message_id = 0;
  std::string id; // from the payload
  std::string from;
  std::string number;
  std::uint64_t payload_hash = 0;
};

/// Where a message stands, as an acknowledgement said.
struct place {
  std::int64_t message_id = 0;
  std::uint64_t seq = 0;

  friend bool operator==(const place&, const place&) = default;
};

/// Who sent what and what was acknowledged; compares it with what a restarted
/// node gives back. Never believes the node about itself.
class ledger {
public:
  /// Notes a message that goes out for the first time. The messages of one
  /// sender to one channel must be stored in the order of these calls.
  void sent(sent_message x);

  /// Notes that the node has it. A second answer must say the same.
  void acknowledged(const std::string& id, place where);

  /// Notes that a message may be missing or out of order: the node said so.
  void excused(const std::string& id);

  /// Compares what is stored in a channel from `first` on, in order. What was
  /// seen by an earlier call must stand where it stood.
  void read_back(const std::string& channel, std::uint64_t first,
                 const std::vector<stored_message>& found);

  /// Notes a fault that somebody else found.
  void complain(std::string what);

  /// Seq up to which a channel was read.
  std::uint64_t seen(const std::string& channel) const;

  /// What is wrong, at most 20 of them with words.
  const std::vector<std::string>& complaints() const {
    return complaints_;
  }

  std::size_t faults() const {
    return faults_;
  }

  std::size_t messages() const {
    return messages_.size();
  }

  std::size_t acknowledgements() const {
    return acknowledgements_;
  }

private:
  struct line {
    sent_message message;
    std::uint64_t ordinal = 0; // of the sender in the channel, from 1
    std::optional<place> acknowledged;
    bool excused = false;
    std::uint64_t stored_at = 0; // seq
  };

  struct channel {
    std::vector<line*> seen;                      // by seq - 1
    std::vector<std::int64_t> ids;                // message ids, likewise
    std::map<std::uint64_t, line*> due;           // acknowledged, by seq
    std::map<std::string, std::uint64_t> senders; // ordinals given
    std::map<std::string, std::uint64_t> last;    // ordinals seen
  };

  void place_one(channel& where, const std::string& name,
                 const stored_message& x);
  void compare(const std::string& name, const line& known,
               const stored_message& x);
  void check_order(channel& where, const std::string& name, const line& x);

  std::map<std::string, line> messages_;
  std::map<std::string, channel> channels_;
  std::vector<std::string> complaints_;
  std::size_t faults_ = 0;
  std::size_t acknowledgements_ = 0;
};

/// The payload of message `id`: the id, a colon and `fill` bytes that follow
/// from both.
std::string make_payload(std::string_view id, std::size_t fill);

/// Returns the id that a payload begins with; empty if there is none.
std::string id_of_payload(std::string_view payload);

std::uint64_t hash_of_payload(std::string_view payload);

} // namespace jindou::crash
