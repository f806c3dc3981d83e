#pragma once

#include "messages/record.hpp"
#include "storage/store_start.hpp"

#include <map>
#include <span>
#include <vector>

namespace jindou::storage {

/// Reads stored records by position over a connection of its own. For one
/// thread at a time.
class reader {
public:
  /// Opens a store that a `log_store` of this process has open.
  static result<reader> open(const store_options& options);

  /// Returns the records at these positions, in the order asked; empty where
  /// there is no row (retention took it). All share one block of memory.
  /// Shape:  ascending positions are read fastest.
  /// Errors: `fault::corrupt` with `sqlite_code` 0 for a damaged row,
  ///         `fault::full` when the records pass `bytes_max` together.
  result<std::vector<shared_bytes>> records(std::span<const position> positions,
                                            std::size_t bytes_max);

private:
  /// Where a record lies in the block.
  struct window {
    std::size_t at = 0;
    std::size_t size = 0;
  };

  explicit reader(connection db);

  result<void> read_some(std::span<const position> positions,
                         std::size_t bytes_max, byte_vector& block,
                         std::vector<window>& out);
  result<void> read_groups();
  result<bool> sound(byte_span record);

  connection db_;
  statement row_;
  std::map<rep_t, group_id> groups_;
};

} // namespace jindou::storage
