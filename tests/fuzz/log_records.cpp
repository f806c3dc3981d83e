#include "tests/fuzz/log_records.hpp"

#include <algorithm>

namespace jindou::fuzz {

std::vector<command::any> some_commands() {
  namespace c = command;
  channel_key group{2, "g1"};
  c::append_message message;
  message.message_id = 77;
  message.channel_type = 2;
  message.from_uid = "u1";
  message.client_msg_no = "n1";
  message.channel_id = "g1";
  message.topic = "t";
  message.payload = "hello";
  auto numbered = message;
  numbered.chan_no = 1;
  numbered.channel_id = {};
  return {
    message,
    numbered,
    c::channel_put{group, c::channel_flags::exists, false},
    c::channel_disband{group},
    c::members_add{group, c::list::subscriber, true, {"a", "b"}},
    c::members_remove{group, c::list::deny, {"a"}},
    c::members_clear{group, c::list::allow},
    c::user_put{"u1", "p"},
    c::device_put{"u1", 1, device_level::master, "token"},
    c::conversation_put{"u1", group, 0, 3, 2, c::conversation_put::mode::raise},
    c::conversation_drop{"u1", group},
    c::control_put{"name", "value"}};
}

byte_vector stamped(byte_span body, record::head h) {
  byte_vector res(record::head_bytes + body.size());
  std::copy(body.begin(), body.end(), res.begin() + record::head_bytes);
  record::stamp(res, h);
  return res;
}

byte_vector body_of(const command::any& x) {
  byte_vector rec;
  require(command::encode(x, rec) == errc::none);
  auto body = byte_span{rec}.subspan(record::head_bytes);
  return {body.begin(), body.end()};
}

} // namespace jindou::fuzz
