#pragma once

#include <caf/type_id.hpp>

// Types that may travel between nodes get an id here, by the name spelled: a
// name and a field order are a wire format. So far nodes and shell exchange
// texts only; the frames of the cluster will stand here.
CAF_BEGIN_TYPE_ID_BLOCK(jindou_messages, caf::first_custom_type_id)
CAF_END_TYPE_ID_BLOCK(jindou_messages)
