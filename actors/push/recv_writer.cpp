#include "actors/push/recv_writer.hpp"

#include "actors/gateway/frame_encoder.hpp"

#include <algorithm>
#include <array>
#include <memory>

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
  f.stream_no = item.stream_no;
  f.stream_id = body.message_id;
  f.message_id = static_cast<std::int64_t>(body.message_id);
  f.message_seq = static_cast<std::uint32_t>(item.stored.seq);
  f.timestamp = static_cast<std::int32_t>(item.stored.log_time / 1'000);
  f.topic = body.topic;
  f.payload = body.payload;
  return f;
}

void recv_writer::begin(const push_content& content) {
  content_ = &content;
  shared_.clear();
}

const recv_block& recv_writer::write(std::string_view receiver,
                                     const session& to,
                                     const session_identity& who) {
  if (who.encrypted || !is_as_for_others(receiver, to)) {
    fill(own_, receiver, to, who);
    return own_;
  }
  dialect spoken{who.version, who.json_rpc, to.transport().websocket};
  for (auto& [which, block] : shared_)
    if (which == spoken)
      return block;
  auto& fresh = shared_.emplace_back(spoken, recv_block{}).second;
  fill(fresh, receiver, to, who);
  return fresh;
}

/// Says whether no message looks different for this receiver, and none is left
/// out.
bool recv_writer::is_as_for_others(std::string_view receiver,
                                   const session& to) const {
  if (content_->channel.type == channel_type::person)
    return false; // named after the other end
  for (auto& item : content_->items)
    if (item.origin == to.id() || item.stored.body.from_uid == receiver)
      return false;
  return true;
}

void recv_writer::fill(recv_block& x, std::string_view receiver,
                       const session& to, const session_identity& who) {
  out_.clear();
  x.frames.clear();
  if (who.encrypted)
    cipher_.use(who.keys);
  for (auto& item : content_->items)
    if (item.origin == 0 || item.origin != to.id())
      append(x, item, receiver, to.transport().websocket, who);
  x.bytes = {};
  if (out_.empty())
    return;
  auto owner = std::make_shared_for_overwrite<std::byte[]>(out_.size());
  std::copy(out_.begin(), out_.end(), owner.get());
  x.bytes = {owner, owner.get(), out_.size()};
}

void recv_writer::append(recv_block& x, const push_item& item,
                         std::string_view receiver, bool websocket,
                         const session_identity& who) {
  auto f = recv_for(*content_, item, receiver);
  std::array<char, 32> key{};
  if (who.encrypted) {
    payload_.clear();
    cipher_.encrypt(as_bytes(f.payload), payload_);
    f.payload = as_text(payload_);
    key = cipher_.sign(f);
    f.msg_key = {key.data(), key.size()};
  }
  auto begin = out_.size();
  if (append_frame(who, websocket, f, out_) == errc::none)
    x.frames.push_back(
      {item.stored.body.message_id, begin, out_.size(), !f.flags.no_persist});
}

} // namespace jindou::actors
