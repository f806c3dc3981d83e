#include "messages/event.hpp"

namespace jindou {

// NOLINTNEXTLINE(readability-function-size): a table
std::string_view to_string(event_type e) {
  switch (e) {
  case event_type::connect:
    return "Connect";
  case event_type::on_connect:
    return "OnConnect";
  case event_type::conn_write_frame:
    return "ConnWriteFrame";
  case event_type::conn_close:
    return "ConnClose";
  case event_type::on_send:
    return "OnSend";
  case event_type::recv_ack:
    return "RecvAck";
  case event_type::send_ack:
    return "SendAck";
  case event_type::sub:
    return "Sub";
  case event_type::unsub:
    return "Unsub";
  case event_type::ping:
    return "Ping";
  case event_type::set_token:
    return "SetToken";
  case event_type::distribute:
    return "Distribute";
  case event_type::store:
    return "Store";
  case event_type::sync:
    return "Sync";
  case event_type::channel_create:
    return "Create";
  case event_type::channel_update:
    return "Update";
  case event_type::channel_delete:
    return "Delete";
  case event_type::subscriber_add:
    return "SubscriberAdd";
  case event_type::subscriber_remove:
    return "SubscriberRemove";
  case event_type::push_online:
    return "PushOnline";
  case event_type::push_offline:
    return "PushOffline";
  case event_type::push_batch:
    return "PushBatch";
  case event_type::push_ack:
    return "PushAck";
  }
  return "Undefined";
}

std::string_view to_string(pool p) {
  switch (p) {
  case pool::user:
    return "user";
  case pool::channel:
    return "channel";
  case pool::pusher:
    return "pusher";
  }
  return "undefined";
}

pool pool_of(event_type e) {
  auto n = static_cast<std::uint16_t>(e);
  if (n < 100)
    return pool::user;
  return n < 200 ? pool::channel : pool::pusher;
}

} // namespace jindou
