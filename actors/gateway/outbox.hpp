#pragma once

#include "messages/bytes.hpp"

#include <cstddef>
#include <vector>

namespace jindou::actors {

/// The frames that wait to be written to one connection; pure, guarded by its
/// session. They weigh until they are on the wire: their bytes and, so that a
/// client cannot have many small blocks kept, what keeps them.
class outbox {
public:
  /// What a block weighs besides its bytes.
  static constexpr std::size_t block_cost = 128;

  enum class verdict {
    queued, ///< somebody has told the io thread already
    wake,   ///< tell the io thread
    full,   ///< passed the bound; nothing was added
  };

  /// Adds a block of whole frames. Before `open` it waits behind what comes
  /// with that. While nothing waits, one block of any size has room.
  verdict push(shared_bytes frames, std::size_t weight_max);

  /// Adds a block beyond the bound: the last words of a connection.
  void push_last(shared_bytes frames);

  /// Puts the first frame in front of all others and lets them go.
  void open(shared_bytes first);

  /// Notes that the io thread is told. False: it knew already.
  bool mark();

  /// Moves everything that may be written to the end of `to`.
  void take(std::vector<shared_bytes>& to);

  /// Counts a block that the io thread itself puts behind those taken.
  void bypass(const shared_bytes& block) {
    weight_ += weight_of(block);
  }

  /// Says that `bytes` of those taken are on the wire or dropped, and with them
  /// the last ones of `blocks` blocks.
  void written(std::size_t bytes, std::size_t blocks) {
    weight_ -= bytes + blocks * block_cost;
  }

  /// Drops what has not been taken.
  void drop_waiting();

  /// Blocks that have not been taken.
  std::size_t waiting() const {
    return frames_.size();
  }

  /// Of all that is not on the wire yet.
  std::size_t weight() const {
    return weight_;
  }

private:
  static std::size_t weight_of(const shared_bytes& block) {
    return block.size() + block_cost;
  }

  std::vector<shared_bytes> frames_;
  std::size_t weight_ = 0;
  bool open_ = false;
  bool told_ = false;
};

} // namespace jindou::actors
