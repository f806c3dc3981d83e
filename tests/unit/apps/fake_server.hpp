#pragma once

#include "apps/client/stream.hpp"
#include "messages/wire/codec.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace jindou::bench::test {

/// The smallest server of the protocol: accepts every login but that of uid
/// "nobody", answers every SEND with reason 1 and passes it to its receiver.
/// Runs on the loop of the kit; faults can be planted.
class fake_server {
public:
  struct faults {
    std::uint32_t lose_every = 0;
    std::uint32_t double_every = 0;
    std::uint32_t damage_every = 0;
    std::uint32_t refuse_every = 0;
  };

  explicit fake_server(client::thread_kit& kit, bool encrypt = true)
      : kit_(kit),
        encrypt_(encrypt),
        acceptor_(kit.io, {boost::asio::ip::address_v4::loopback(), 0}) {
    accept();
  }

  client::endpoint address() const {
    return acceptor_.local_endpoint();
  }

  faults planted;
  std::uint64_t acknowledged = 0;

private:
  struct peer final : client::stream::owner {
    explicit peer(fake_server& s) : server(s), link(s.kit_, *this) {
      // nop
    }

    void on_open() override {
      // nop
    }

    void on_closed(std::string_view) override {
      // nop
    }

    std::size_t on_bytes(byte_span input) override {
      std::size_t taken = 0;
      for (;;) {
        auto res = wire::decode(input.subspan(taken), version);
        auto* f = std::get_if<wire::decoded>(&res);
        if (f == nullptr)
          break;
        taken += f->bytes;
        server.on_frame(*this, f->frame);
      }
      link.flush();
      return taken;
    }

    fake_server& server;
    client::stream link;
    std::string uid;
    std::uint8_t version = wire::latest_version;
    wire::session_keys keys;
    std::uint32_t seq = 0;
  };

  void accept() {
    acceptor_.async_accept(
      [this](boost::system::error_code ec, boost::asio::ip::tcp::socket s) {
        if (ec)
          return;
        peers_.push_back(std::make_unique<peer>(*this));
        peers_.back()->link.adopt(std::move(s));
        accept();
      });
  }

  void on_frame(peer& from, const wire::frame& f) {
    if (auto* connect = std::get_if<wire::connect_frame>(&f))
      on_connect(from, *connect);
    else if (auto* send = std::get_if<wire::send_frame>(&f))
      on_send(from, *send);
    else if (std::holds_alternative<wire::recvack_frame>(f))
      ++acknowledged;
    else if (std::holds_alternative<wire::ping_frame>(f))
      wire::encode(wire::pong_frame{}, from.version, from.link.outgoing());
  }

  void on_connect(peer& from, const wire::connect_frame& f) {
    from.uid = f.uid;
    from.version = f.version;
    auto keys = wire::agree(f.client_key);
    wire::connack_frame ack;
    ack.has_server_version = f.version > 3;
    ack.server_version = f.version;
    ack.reason = f.uid == "nobody" ? 2 : 1;
    ack.node_id = 1;
    if (encrypt_ && keys) {
      from.keys = keys->keys;
      ack.server_key = keys->server_key;
      ack.salt = keys->salt;
    }
    by_uid_[from.uid] = &from;
    wire::encode(ack, from.version, from.link.outgoing());
  }

  static bool hits(std::uint32_t every, std::uint32_t n) {
    return every != 0 && n % every == 0;
  }

  void on_send(peer& from, const wire::send_frame& f) {
    auto n = ++from.seq;
    wire::sendack_frame ack;
    ack.flags = f.flags;
    ack.client_seq = f.client_seq;
    ack.message_id = ++last_id_;
    byte_vector plain{as_bytes(f.payload).begin(), as_bytes(f.payload).end()};
    ack.reason = open(from, f, plain) ? 1 : 9;
    if (hits(planted.refuse_every, n))
      ack.reason = 22;
    ack.message_seq = ack.reason == 1 ? n : 0;
    wire::encode(ack, from.version, from.link.outgoing());
    if (ack.reason == 1 && !hits(planted.lose_every, n))
      pass_on(from, f, ack, plain);
  }

  bool open(peer& from, const wire::send_frame& f, byte_vector& plain) {
    if (!encrypt_)
      return true;
    kit_.cipher.use(from.keys);
    auto key = kit_.cipher.sign(f);
    plain.clear();
    return f.msg_key == std::string_view{key.data(), key.size()}
           && kit_.cipher.decrypt(as_bytes(f.payload), plain) == errc::none;
  }

  void pass_on(peer& from, const wire::send_frame& f,
               const wire::sendack_frame& ack, const byte_vector& plain) {
    auto to = by_uid_.find(std::string{f.channel_id});
    if (to == by_uid_.end())
      return;
    auto& receiver = *to->second;
    wire::recv_frame r;
    r.from_uid = from.uid;
    r.channel_id = from.uid;
    r.channel_type = f.channel_type;
    r.client_msg_no = f.client_msg_no;
    r.message_id = ack.message_id;
    r.message_seq = ack.message_seq;
    byte_vector text;
    std::array<char, 32> key{};
    r.payload = as_text(plain);
    if (encrypt_) {
      kit_.cipher.use(receiver.keys);
      kit_.cipher.encrypt(plain, text);
      r.payload = as_text(text);
      key = kit_.cipher.sign(r);
      if (hits(planted.damage_every, ack.message_seq))
        key[0] = 'x';
      r.msg_key = {key.data(), key.size()};
    }
    auto copies = hits(planted.double_every, ack.message_seq) ? 2 : 1;
    for (int i = 0; i < copies; ++i)
      wire::encode(r, receiver.version, receiver.link.outgoing());
    receiver.link.flush();
  }

  client::thread_kit& kit_;
  bool encrypt_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::vector<std::unique_ptr<peer>> peers_;
  std::map<std::string, peer*> by_uid_;
  std::int64_t last_id_ = 0;
};

} // namespace jindou::bench::test
