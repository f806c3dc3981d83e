#pragma once

#include "messages/command.hpp"
#include "messages/hash.hpp"
#include "messages/ids.hpp"
#include "messages/limits.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// What actors read of the applied state, as immutable values.
namespace jindou {

/// One counter per slot, raised by the applier *before* a changed channel
/// record, list or device of that slot is reported as applied. Whoever caches
/// a view remembers the number read before it asked and asks again when it has
/// moved: so a change over HTTP is in force when its answer arrives.
class slot_versions {
public:
  std::uint64_t of(slot_id slot) const {
    return versions_[slot].load(std::memory_order_acquire);
  }

  void raise(slot_id slot) {
    versions_[slot].fetch_add(1, std::memory_order_acq_rel);
  }

private:
  std::array<std::atomic<std::uint64_t>, limits::slots> versions_{};
};

/// A user as CONNECT and SEND need it: the record of the channel (uid, person)
/// and, if a flag was asked for, the device record.
struct user_view {
  bool exists = false;
  /// `command::channel_flags` of the channel (uid, person).
  std::uint32_t channel_flags = 0;
  struct device {
    device_level level = device_level::slave;
    std::string token;
  };
  std::optional<device> asked_device;
};

/// A channel as its actor needs it.
/// Shape: lists sorted, without duplicates.
struct channel_view {
  std::uint32_t flags = 0;
  std::uint32_t chan_no = 0;
  message_seq last_seq = 0;
  std::vector<std::string> subscribers;
  std::vector<std::string> denied;
  std::vector<std::string> allowed;
};

/// What the lists of the channel (`owner`, person) say of one sender.
struct person_view {
  bool denied = false;
  bool allowed = false;
};

/// One stored message; views point into `record`.
struct stored_message {
  shared_bytes record;
  command::append_message body;
  message_seq seq = 0;
  std::uint64_t log_time = 0; // milliseconds
};

} // namespace jindou
