#include "actors/http/outgoing.hpp"

#include "messages/channel_id.hpp"
#include "messages/hex.hpp"

#include <openssl/rand.h>

#include <array>
#include <memory>

namespace jindou::actors::http {

namespace {

/// Copies what the one message points into to a block of its own.
void add_message(submit_batch& to, const send_request& request,
                 std::string_view number) {
  byte_vector block;
  block.reserve(number.size() + request.payload.size());
  for (auto text : {number, std::string_view{request.payload}})
    block.insert(block.end(), as_bytes(text).begin(), as_bytes(text).end());
  to.frames = shared_bytes{std::move(block)};
  to.plain = to.frames;
  auto all = as_text(to.frames.span());
  submit_item item;
  item.flags = request.flags;
  item.setting = request.stream ? wire::setting::stream : std::uint8_t{0};
  item.expire = request.expire;
  item.client_msg_no = all.substr(0, number.size());
  item.payload = all.substr(number.size());
  to.items.push_back(item);
}

submit_batch batch_of(const send_request& request) {
  submit_batch out;
  out.from_uid = request.from_uid;
  out.system_device = true;
  out.event = event_type::distribute;
  return out;
}

bool is_online_command(std::string_view id) {
  return id == well_known::online_command_channel;
}

/// A command goes to the command channel of the channel that is meant.
void make_command(channel_key& key) {
  if (key.type != channel_type::temp && !is_online_command(key.id)
      && !is_command_channel(key.id))
    key.id = command_channel_id(key.id);
}

submit_batch to_channel(const send_request& request) {
  auto out = batch_of(request);
  auto named = request.channel_type == channel_type::agent
               && split_channel_id(request.channel_id);
  out.channel.type = request.channel_type;
  out.channel.id = named
                     ? request.channel_id
                     : stored_channel_id(request.from_uid, request.channel_id,
                                         request.channel_type);
  if (request.flags.sync_once)
    make_command(out.channel);
  out.channel_id = request.channel_id;
  add_message(out, request, request.client_msg_no);
  if (is_online_command(request.channel_id))
    out.items.front().flags.no_persist = true;
  return out;
}

submit_batch to_list(const send_request& request) {
  auto out = batch_of(request);
  out.channel.type = channel_type::temp;
  out.channel.id = request.flags.no_persist
                     ? std::string{well_known::online_command_channel}
                     : temp_channel_id(request.subscribers);
  out.channel_id = out.channel.id;
  out.receivers
    = std::make_shared<const std::vector<std::string>>(request.subscribers);
  add_message(out, request, request.client_msg_no);
  return out;
}

} // namespace

submit_batch submit_of(const send_request& request) {
  return request.subscribers.empty() ? to_channel(request) : to_list(request);
}

submit_batch submit_to(const send_request& request, const std::string& uid,
                       const std::string& client_msg_no) {
  auto out = batch_of(request);
  out.channel.type = channel_type::person;
  out.channel.id = person_channel_id(request.from_uid, uid);
  if (request.flags.sync_once)
    make_command(out.channel);
  out.channel_id = uid;
  add_message(out, request, client_msg_no);
  return out;
}

std::string random_number_text() {
  std::array<std::byte, 16> bytes{};
  auto* raw = reinterpret_cast<unsigned char*>(bytes.data());
  if (RAND_bytes(raw, static_cast<int>(bytes.size())) != 1)
    return {}; // a message without number is not taken for a repeated one
  return hex_of(bytes) + '0';
}

} // namespace jindou::actors::http
