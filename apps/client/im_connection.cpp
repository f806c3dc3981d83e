#include "apps/client/im_connection.hpp"

#include "messages/wire/base64.hpp"
#include "messages/wire/codec.hpp"

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>

namespace jindou::client {

namespace {

constexpr auto success = static_cast<std::uint8_t>(wire::reason::success);

std::int64_t now_ms() {
  using namespace std::chrono;
  auto now = system_clock::now().time_since_epoch();
  return duration_cast<milliseconds>(now).count();
}

} // namespace

im_connection::im_connection(thread_kit& kit, listener& who)
    : kit_(kit), listener_(who), stream_(kit, *this) {
  // nop
}

void im_connection::start(const endpoint& to, login who) {
  login_ = std::move(who);
  version_ = login_.version;
  stream_.connect(to);
}

// -- sending ------------------------------------------------------------------

void im_connection::on_open() {
  auto pair = wire::make_key_pair();
  if (!pair)
    return end("no random numbers for a key");
  private_key_ = std::move(pair->private_key);
  wire::connect_frame f;
  f.version = login_.version;
  f.device_flag = login_.device_flag;
  f.device_id = login_.device_id;
  f.uid = login_.uid;
  f.token = login_.token;
  f.client_timestamp = now_ms();
  f.client_key = pair->public_key;
  if (wire::encode(f, version_, stream_.outgoing()) != errc::none)
    return end("uid or token is too long");
  stream_.flush();
}

errc im_connection::send(wire::send_frame f) {
  if (!ready_)
    return errc::unavailable;
  if (!keys_)
    return wire::encode(f, version_, stream_.outgoing());
  auto& text = kit_.ciphertext;
  text.clear();
  kit_.cipher.use(*keys_);
  kit_.cipher.encrypt(as_bytes(f.payload), text);
  f.payload = as_text(text);
  auto msg_key = kit_.cipher.sign(f);
  f.msg_key = {msg_key.data(), msg_key.size()};
  return wire::encode(f, version_, stream_.outgoing());
}

void im_connection::acknowledge(const wire::recv_frame& f) {
  wire::recvack_frame ack;
  ack.flags = f.flags;
  ack.message_id = f.message_id;
  ack.message_seq = f.message_seq;
  wire::encode(ack, version_, stream_.outgoing());
}

void im_connection::ping() {
  wire::encode(wire::ping_frame{}, version_, stream_.outgoing());
  flush();
}

void im_connection::flush() {
  if (!reading_)
    stream_.flush();
}

// -- receiving ----------------------------------------------------------------

std::size_t im_connection::on_bytes(byte_span input) {
  std::size_t taken = 0;
  reading_ = true;
  while (stream_.is_open()) {
    auto res = wire::decode(input.subspan(taken), version_);
    if (auto* f = std::get_if<wire::decoded>(&res)) {
      taken += f->bytes;
      on_frame(f->frame);
      continue;
    }
    if (auto* e = std::get_if<errc>(&res))
      end(std::string{"server sent "} + std::string{to_string(*e)} + " bytes");
    break;
  }
  reading_ = false;
  stream_.flush();
  return taken;
}

void im_connection::on_frame(const wire::frame& f) {
  if (auto* recv = std::get_if<wire::recv_frame>(&f))
    listener_.on_recv(*recv);
  else if (auto* ack = std::get_if<wire::sendack_frame>(&f))
    listener_.on_sendack(*ack);
  else if (auto* connack = std::get_if<wire::connack_frame>(&f))
    on_connack(*connack);
  else if (auto* bye = std::get_if<wire::disconnect_frame>(&f))
    end("DISCONNECT, reason " + std::to_string(bye->reason) + ": "
        + std::string{bye->reason_text});
}

void im_connection::on_connack(const wire::connack_frame& f) {
  if (ready_)
    return;
  if (f.reason == success) {
    if (f.has_server_version)
      version_ = std::min(version_, f.server_version);
    if (!f.server_key.empty() && !take_key(f))
      return end("server key is no X25519 key");
    ready_ = true;
  }
  private_key_.clear();
  listener_.on_login(f.reason);
}

bool im_connection::take_key(const wire::connack_frame& f) {
  byte_vector peer(wire::base64_bytes_max(f.server_key.size()));
  auto n = wire::base64_decode(f.server_key, peer.data());
  if (!n || *n < 32)
    return false;
  auto keys
    = wire::derive_keys(private_key_, byte_span{peer.data(), 32}, f.salt);
  if (keys)
    keys_ = *keys;
  return static_cast<bool>(keys);
}

result<byte_span> im_connection::open(const wire::recv_frame& f) {
  if (!keys_)
    return as_bytes(f.payload);
  kit_.cipher.use(*keys_);
  auto msg_key = kit_.cipher.sign(f);
  if (f.msg_key != std::string_view{msg_key.data(), msg_key.size()})
    return errc::bad_payload;
  kit_.plain.clear();
  if (auto e = kit_.cipher.decrypt(as_bytes(f.payload), kit_.plain);
      e != errc::none)
    return e;
  return byte_span{kit_.plain};
}

// -- the end ------------------------------------------------------------------

void im_connection::end(std::string_view why) {
  auto text = std::string{why}; // may live in a frame
  close();
  listener_.on_closed(text);
}

void im_connection::on_closed(std::string_view why) {
  ready_ = false;
  listener_.on_closed(why);
}

void im_connection::close() {
  ready_ = false;
  stream_.close();
}

} // namespace jindou::client
