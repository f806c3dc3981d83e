#pragma once

#include "messages/bytes.hpp"

#include <cstddef>
#include <vector>

namespace jindou::actors {

/// The frames that wait to be written to one connection; pure, guarded by its
/// session. Bytes count until they are on the wire.
class outbox {
public:
  enum class verdict {
    queued, ///< somebody has told the io thread already
    wake,   ///< tell the io thread
    full,   ///< passed the bound; nothing was added
  };

  /// Adds a block of whole frames. Before `open` it waits behind what comes
  /// with that.
  verdict push(shared_bytes frames, std::size_t bytes_max);

  /// Adds a block beyond the bound: the last words of a connection.
  void push_last(shared_bytes frames);

  /// Puts the first frame in front of all others and lets them go.
  void open(shared_bytes first);

  /// Notes that the io thread is told. False: it knew already.
  bool mark();

  /// Moves everything that may be written to the end of `to`.
  void take(std::vector<shared_bytes>& to);

  /// Counts `n` bytes that the io thread itself puts behind those taken.
  void bypass(std::size_t n) {
    bytes_ += n;
  }

  /// Says that `n` of the bytes taken are on the wire or dropped.
  void written(std::size_t n);

  /// Drops what has not been taken.
  void drop_waiting();

  /// Bytes that are not on the wire yet.
  std::size_t bytes() const {
    return bytes_;
  }

private:
  std::vector<shared_bytes> frames_;
  std::size_t bytes_ = 0;
  bool open_ = false;
  bool told_ = false;
};

} // namespace jindou::actors
