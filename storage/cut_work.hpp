#pragma once

#include "messages/actors.hpp"
#include "storage/work.hpp"

namespace jindou::storage {

/// A sealed cut or one fold step on its way from an applier to the log writer
/// and, once it is durable, back: the very same pointer.
struct cut_work : state_change {
  applier_actor from;
};

} // namespace jindou::storage
