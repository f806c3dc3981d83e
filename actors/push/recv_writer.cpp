#include "actors/push/recv_writer.hpp"

#include "actors/gateway/frame_encoder.hpp"

namespace jindou::actors {

wire::recv_frame recv_for(const push_content& content, const push_item& item,
                          std::string_view receiver) {
  auto& body = item.stored.body;
  wire::recv_frame f;
  f.flags = wire::flags_of(static_cast<std::uint8_t>(body.flags & 0x7));
  if (receiver == body.from_uid)
    f.flags.red_dot = false;
  f.setting = body.setting;
  f.from_uid = body.from_uid == well_known::system_uid ? std::string_view{}
                                                       : body.from_uid;
  f.channel_id = content.channel_id;
  f.channel_type = content.channel.type;
  if (f.channel_type == channel_type::person && f.channel_id == receiver)
    f.channel_id = f.from_uid;
  f.expire = body.expire;
  f.client_msg_no = body.client_msg_no;
  f.stream_id = body.message_id;
  f.message_id = static_cast<std::int64_t>(body.message_id);
  f.message_seq = static_cast<std::uint32_t>(item.stored.seq);
  f.timestamp = static_cast<std::int32_t>(item.stored.log_time / 1'000);
  f.topic = body.topic;
  f.payload = body.payload;
  return f;
}

void recv_writer::write(const push_content& content, std::string_view receiver,
                        const session& to, const session_identity& who) {
  out.clear();
  frames.clear();
  if (who.encrypted)
    cipher_.use(who.keys);
  for (auto& item : content.items)
    if (item.origin == 0 || item.origin != to.id())
      append(content, item, receiver, to.transport().websocket, who);
}

void recv_writer::append(const push_content& content, const push_item& item,
                         std::string_view receiver, bool websocket,
                         const session_identity& who) {
  auto f = recv_for(content, item, receiver);
  std::array<char, 32> key{};
  if (who.encrypted) {
    payload_.clear();
    cipher_.encrypt(as_bytes(f.payload), payload_);
    f.payload = as_text(payload_);
    key = cipher_.sign(f);
    f.msg_key = {key.data(), key.size()};
  }
  auto begin = out.size();
  if (append_frame(who, websocket, f, out) == errc::none)
    frames.push_back(
      {item.stored.body.message_id, begin, out.size(), !f.flags.no_persist});
}

} // namespace jindou::actors
