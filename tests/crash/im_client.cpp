#include "tests/crash/im_client.hpp"

#include "messages/wire/codec.hpp"
#include "messages/wire/crypto.hpp"
#include "messages/wire/reason.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <utility>
#include <variant>

namespace jindou::crash {

namespace asio = boost::asio;
using asio::use_awaitable;

namespace {

constexpr std::size_t window = 8;
constexpr auto version = wire::latest_version;

} // namespace

im_client::im_client(std::string uid, std::vector<channel_name> targets,
                     std::uint64_t seed, ledger& book)
    : uid_(std::move(uid)),
      targets_(std::move(targets)),
      rng_(seed),
      book_(book) {
  // nop
}

asio::awaitable<void> im_client::run(std::uint16_t port, std::size_t count) {
  remember_unanswered();
  to_make_ = count;
  logged_in_ = false;
  in_.clear();
  out_.clear();
  asio::ip::tcp::socket socket{co_await asio::this_coro::executor};
  socket_ = &socket;
  try {
    co_await socket.async_connect({asio::ip::address_v4::loopback(), port},
                                  use_awaitable);
    co_await log_in();
    for (fill_window(); !outstanding_.empty(); fill_window()) {
      if (!out_.empty())
        co_await asio::async_write(socket, asio::buffer(out_), use_awaitable);
      out_.clear();
      co_await read_more();
    }
  } catch (const boost::system::system_error&) {
    // The node is gone; what is outstanding is repeated in the next round.
  }
  socket_ = nullptr;
}

// -- the connection -----------------------------------------------------------

asio::awaitable<void> im_client::log_in() {
  auto keys = wire::make_key_pair();
  if (!keys)
    co_return book_.complain("no random numbers");
  wire::connect_frame f;
  f.version = version;
  f.device_id = uid_;
  f.uid = uid_;
  f.token = "none";
  f.client_timestamp = 1;
  f.client_key = keys->public_key;
  wire::encode(f, version, out_);
  co_await asio::async_write(*socket_, asio::buffer(out_), use_awaitable);
  out_.clear();
  while (!logged_in_)
    co_await read_more();
}

asio::awaitable<void> im_client::read_more() {
  auto used = in_.size();
  in_.resize(used + 65'536);
  auto room = asio::buffer(in_.data() + used, in_.size() - used);
  auto got = co_await socket_->async_read_some(room, use_awaitable);
  in_.resize(used + got);
  take_frames();
}

void im_client::take_frames() {
  std::size_t start = 0;
  for (;;) {
    auto got = wire::decode(byte_span{in_}.subspan(start), version);
    if (std::holds_alternative<wire::need_more>(got))
      break;
    if (std::holds_alternative<errc>(got)) {
      book_.complain(uid_ + " received what is no frame");
      throw boost::system::system_error{boost::asio::error::operation_aborted};
    }
    auto& d = std::get<wire::decoded>(got);
    on_frame(d.frame);
    start += d.bytes;
  }
  in_.erase(in_.begin(), in_.begin() + static_cast<std::ptrdiff_t>(start));
}

void im_client::on_frame(const wire::frame& f) {
  if (auto ack = std::get_if<wire::sendack_frame>(&f))
    return on_ack(*ack);
  if (auto recv = std::get_if<wire::recv_frame>(&f)) {
    wire::recvack_frame ack;
    ack.flags = recv->flags;
    ack.message_id = recv->message_id;
    ack.message_seq = recv->message_seq;
    wire::encode(ack, version, out_);
    return;
  }
  if (auto ack = std::get_if<wire::connack_frame>(&f)) {
    if (ack->reason != static_cast<std::uint8_t>(wire::reason::success))
      book_.complain(uid_ + " was refused with reason "
                     + std::to_string(ack->reason));
    logged_in_ = true;
  }
}

// -- messages -----------------------------------------------------------------

void im_client::remember_unanswered() {
  auto again = std::exchange(outstanding_, {});
  for (auto& x : std::exchange(repeats_, {}))
    again.push_back(std::move(x));
  for (auto& x : again)
    if (!x.number.empty()) // the others may be there or not; nobody repeats
      repeats_.push_back(std::move(x));
}

void im_client::fill_window() {
  while (outstanding_.size() < window) {
    if (!repeats_.empty()) {
      auto x = std::move(repeats_.front());
      repeats_.pop_front();
      write(std::move(x));
    } else if (to_make_ > 0) {
      --to_make_;
      write(make_message());
    } else {
      return;
    }
  }
}

im_client::outgoing im_client::make_message() {
  outgoing x;
  x.id = uid_ + "-" + std::to_string(++made_);
  x.target = targets_[rng_() % targets_.size()];
  if (rng_() % 6 != 0)
    x.number = "n" + x.id;
  auto fill = rng_() % 40 == 0 ? 5'000 + rng_() % 20'000 : rng_() % 300;
  x.payload = make_payload(x.id, fill);
  book_.sent(
    {x.id, x.target.text(), uid_, x.number, hash_of_payload(x.payload)});
  return x;
}

void im_client::write(outgoing x) {
  x.client_seq = ++client_seq_;
  wire::send_frame f;
  f.client_seq = x.client_seq;
  f.client_msg_no = x.number;
  f.channel_id = x.target.id;
  if (x.target.type == 1) // named after one end, sent to the other
    f.channel_id = x.target.id == uid_ ? x.target.reader : x.target.id;
  f.channel_type = x.target.type;
  f.payload = x.payload;
  wire::encode(f, version, out_);
  outstanding_.push_back(std::move(x));
}

void im_client::on_ack(const wire::sendack_frame& f) {
  auto i = std::find_if(
    outstanding_.begin(), outstanding_.end(),
    [&](const outgoing& x) { return x.client_seq == f.client_seq; });
  if (i == outstanding_.end())
    return book_.complain(uid_ + " got an answer that it did not wait for");
  switch (static_cast<wire::reason>(f.reason)) {
  case wire::reason::success:
    book_.acknowledged(i->id, {f.message_id, f.message_seq});
    break;
  case wire::reason::system_error:
  case wire::reason::rate_limit:
    book_.excused(i->id); // stored or not: nobody knows or asks again
    break;
  default:
    book_.complain(i->id + " was refused with reason "
                   + std::to_string(f.reason));
  }
  outstanding_.erase(i);
}

} // namespace jindou::crash
