#pragma once

#include "messages/errc.hpp"
#include "messages/ids.hpp"
#include "messages/policy.hpp"

#include <cstdint>
#include <string>
#include <string_view>

/// Who may send what where: the rules of v2 (behaviour 6.1) in their order.
/// Pure: facts in, verdict out.
namespace jindou::actors::permission {

/// Rules about the channel alone, once per batch. `flags` are
/// `command::channel_flags`; a missing record is no fault.
errc of_channel(std::uint8_t type, std::uint32_t flags);

/// What is known of a sender before any list is read.
struct sender {
  std::string_view uid;
  /// The messages came over HTTP.
  bool system_device = false;
  /// Stands on the list of system accounts.
  bool system_account = false;
};

/// Which lists decide about this sender.
enum class question : std::uint8_t {
  /// None: it may send.
  nothing,
  /// The lists of the other person (`other_person`).
  person,
  /// The subscribers and lists of the channel.
  group,
};

/// `id` is the stored id, with or without the command suffix.
question about(const sender& who, std::uint8_t type, std::string_view id);

/// The uid in a person channel that is not `uid`; empty if there is none.
std::string_view other_person(std::string_view id, std::string_view uid);

/// Answers `question::person`. With `allow_list_off` nobody needs to stand on
/// an allow list.
errc of_person(const person_view& lists, bool allow_list_off);

/// What the lists of a channel say of one sender.
struct group_facts {
  bool denied = false;
  bool subscribed = false;
  bool allow_list_empty = true;
  bool allowed = false;
};

/// Answers `question::group`.
errc of_group(const group_facts& facts);

/// What is known of a uid whose session wants to subscribe.
struct listener {
  /// It gets the messages of the channel anyway.
  bool receiver = false;
  bool denied = false;
};

/// Whether a session may subscribe: everybody to a data channel that is neither
/// banned nor disbanded, unless denied; to others who receives them anyway.
errc of_listener(std::uint8_t type, std::uint32_t flags, const listener& who);

} // namespace jindou::actors::permission
