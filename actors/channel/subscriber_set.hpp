#pragma once

#include "messages/limits.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace jindou::actors {

/// The receivers of a channel, split into parts by hash of the uid, so that a
/// receiver always stands in the same part and its messages stay in order in
/// the lane of that part. Parts are immutable and shared with the pushes that
/// are under way; a change replaces the part it touches.
class subscriber_set {
public:
  using part = std::shared_ptr<const std::vector<std::string>>;

  /// Replaces everything. Shape: any order, repeats allowed.
  void assign(std::vector<std::string> uids);

  /// Adds or removes; returns how many were not there, or were.
  std::size_t add(const std::vector<std::string>& uids);
  std::size_t remove(const std::vector<std::string>& uids);

  bool contains(std::string_view uid) const;

  std::size_t size() const {
    return size_;
  }

  bool empty() const {
    return size_ == 0;
  }

  /// Never empty; a part may be.
  const std::vector<part>& parts() const {
    return parts_;
  }

  /// Splits anew if the parts have become too long or too short. The caller
  /// makes sure that no push of this channel is under way: a uid may change
  /// its lane.
  void rebalance();

private:
  std::size_t part_of(std::string_view uid) const;

  std::vector<part> parts_{std::make_shared<const std::vector<std::string>>()};
  std::size_t size_ = 0;
};

} // namespace jindou::actors
