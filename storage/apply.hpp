#pragma once

#include "messages/command.hpp"
#include "storage/state.hpp"

#include <vector>

namespace jindou::storage {

/// Applies the next committed entry to the state of its replica. The result
/// and the new state depend on the entry and the old state alone: no clock, no
/// position, no option that differs between nodes.
/// Shape:  `record` is whole and its crc was checked; its index is the applied
///         one plus 1 (an entry applied twice stops the process). Appends to
///         `changed` the slots whose views have changed.
/// Errors: a fault of the store. Then the state may be half changed and must
///         not be used any more. What a command may not do stands in
///         `applied::error`.
result<command::applied> apply(state& s, byte_span record, position pos,
                               std::vector<slot_id>& changed);

} // namespace jindou::storage
