#include "actors/gateway/client_session.hpp"
#include "actors/gateway/login_rules.hpp"
#include "actors/gateway/websocket_handshake.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace asio = boost::asio;

namespace jindou::actors {

namespace {

/// Bytes that may wait before a CONNECT is complete.
constexpr std::size_t greeting_bytes_max = 64 << 10;

/// White space that may come before it; every read looks at all of it.
constexpr std::size_t blanks_max = 1 << 10;

/// Whose last read was larger is read behind the others.
constexpr std::size_t little_bytes = 1 << 10;

/// More at once, and not for one message, says that the client sends faster
/// than it is served: some thirty SENDs of the usual size.
constexpr std::size_t bulk_bytes = 8 << 10;

} // namespace

void client_session::start() {
  boost::system::error_code ec; // a socket that is gone shows at its first read
  socket_->non_blocking(true, ec);
  socket_->set_option(asio::ip::tcp::no_delay{true}, ec);
  deadline_ms_ = io_loop::now_ms() + loop_->options().hello_timeout.count();
  loop_->watch(self());
  if (!peer_is_trusted())
    return begin({});
  phase_ = phase::heralding;
  arm_read();
}

/// Waits without a buffer. Asks nothing of a socket while its user has too
/// much to do or the node stops.
void client_session::arm_read() {
  if (read_armed_ || phase_ == phase::closed)
    return;
  read_armed_ = true;
  socket_->async_wait(asio::socket_base::wait_read,
                      [x = self()](const boost::system::error_code& ec) {
                        if (!ec && x->is_busy())
                          return x->loop_->put_off(x, io_loop::late::read);
                        x->read_armed_ = false;
                        if (!ec)
                          x->on_readable();
                      });
}

/// Whether it is likely to bring much work. So is who is not logged in, since a
/// handshake of TLS costs more than many messages.
bool client_session::is_busy() const {
  return phase_ != phase::open || reads_much_ || sends_many();
}

void client_session::read_late() {
  read_armed_ = false;
  on_readable();
}

void client_session::on_readable() {
  auto ending = phase_ == phase::closing || phase_ == phase::draining;
  if (phase_ == phase::closed || (!loop_->reading() && !ending))
    return;
  if (phase_ == phase::securing)
    return shake_hands();
  auto& buffer = loop_->read_buffer();
  boost::system::error_code ec;
  auto n = tls_ && !ending ? read_tls(buffer, ec)
                           : socket_->read_some(asio::buffer(buffer), ec);
  if (ec == asio::error::would_block)
    return read_blocked_ ? arm_write() : arm_read();
  if (ec) // the end of the stream as well
    return shut();
  reads_much_ = n > little_bytes;
  last_input_ms_ = io_loop::now_ms();
  loop_->stats().add(counter::socket_reads);
  loop_->stats().add(counter::bytes_in, n);
  if (ending)
    arm_read(); // only to see the end
  else
    on_bytes({buffer.data(), n});
}

void client_session::on_bytes(std::span<std::byte> bytes) {
  if (phase_ == phase::heralding)
    on_herald(bytes);
  else if (phase_ == phase::upgrading)
    on_request(bytes);
  else if (websocket_)
    on_messages(bytes);
  else
    on_stream(bytes);
}

// -- WebSocket ----------------------------------------------------------------

void client_session::on_request(byte_span bytes) {
  auto& request = websocket_->request;
  request.insert(request.end(), bytes.begin(), bytes.end());
  auto x = websocket::read_handshake(as_text(request));
  if (x.what == websocket::handshake::verdict::more)
    return arm_read();
  auto response = as_bytes(x.response);
  say(shared_bytes{byte_vector(response.begin(), response.end())});
  if (x.what == websocket::handshake::verdict::refused) {
    note_broken("no WebSocket request");
    return begin_close(std::chrono::milliseconds{0});
  }
  if (!x.client_address.empty() && !kind_.tls && peer_is_trusted()
      && !come_from(x.client_address, x.client_port))
    return shut();
  websocket_->said_close = false;
  phase_ = phase::greeting;
  renew_deadline();
  auto rest = std::exchange(request, {});
  on_messages(std::span{rest}.subspan(x.taken));
}

/// The CONNECT has its time from the end of the upgrade, which took its own on
/// a slow way, but both together no more than a login may take.
void client_session::renew_deadline() {
  auto& options = loop_->options();
  auto begun = deadline_ms_ - options.hello_timeout.count();
  deadline_ms_ = std::min(io_loop::now_ms() + options.hello_timeout.count(),
                          begun + options.connect_timeout.count());
}

/// Takes the frames apart in place: what is left is the byte stream. Of the
/// pings of one read the last is answered, which RFC 6455 allows.
void client_session::on_messages(std::span<std::byte> bytes) {
  using event = websocket::reader::event;
  auto& reader = websocket_->reader;
  event last = event::more;
  std::size_t taken = 0;
  std::size_t written = 0;
  std::optional<byte_vector> ping;
  while (taken < bytes.size() && last != event::close
         && last != event::broken) {
    auto x = reader.read(bytes.subspan(taken), bytes.data() + written);
    taken += x.taken;
    written += x.written;
    last = x.what;
    if (last == event::ping)
      ping.emplace(reader.control().begin(), reader.control().end());
  }
  if (ping)
    say_control(websocket::opcode::pong, *ping);
  if (last == event::close) {
    say_control(websocket::opcode::close, reader.control());
  } else if (last == event::broken) {
    say_close(websocket::close_protocol_error);
    note_broken("no WebSocket frame");
  }
  on_stream(bytes.first(written));
  if (phase_ == phase::closed)
    return;
  if (last == event::close || last == event::broken)
    begin_close(std::chrono::milliseconds{0});
  else
    write(); // pongs
}

void client_session::say_control(websocket::opcode op, byte_span payload) {
  byte_vector out;
  websocket::append_control(op, payload, out);
  websocket_->said_close |= op == websocket::opcode::close;
  say(shared_bytes{std::move(out)});
}

void client_session::say_close(std::uint16_t code) {
  byte_vector out;
  websocket::append_close(code, out);
  websocket_->said_close = true;
  say(shared_bytes{std::move(out)});
}

/// Counts and logs what a client sent against the protocol; whoever calls
/// closes.
void client_session::note_broken(std::string_view why) {
  loop_->stats().add(counter::protocol_errors);
  loop_->complain(transport_.remote_address, why);
}

void client_session::break_off(std::string_view why) {
  note_broken(why);
  shut();
}

// -- frames -------------------------------------------------------------------

void client_session::on_stream(byte_span bytes) {
  if (!bytes.empty())
    inbox_.add(bytes);
  if (phase_ == phase::greeting)
    return on_greeting();
  if (phase_ != phase::open)
    return;
  bulk_ = bytes.size() > bulk_bytes
          && (json_ || !inbox_.holds_one(identity_->version));
  pump();
}

void client_session::on_greeting() {
  if (inbox_.size() == 0)
    return arm_read();
  if (loop_->options().json_rpc) {
    auto json = wire::jsonrpc::speaks_json(inbox_.waiting());
    if (!json)
      return inbox_.size() > blanks_max ? break_off("no CONNECT") : arm_read();
    if (*json)
      return on_json_greeting();
  }
  auto first = inbox_.cut_connect();
  if (first.verdict != errc::none)
    return break_off("no CONNECT");
  if (!first.connect)
    return wait_for_greeting();
  on_connect(*first.connect, std::move(first.bytes));
}

void client_session::wait_for_greeting() {
  return inbox_.size() > greeting_bytes_max ? break_off("CONNECT too large")
                                            : arm_read();
}

void client_session::on_connect(const wire::connect_frame& f,
                                shared_bytes bytes) {
  loop_->stats().add(counter::frames_in);
  client_version_ = f.version;
  phase_ = phase::connecting; // nothing is read until the user has judged
  deadline_ms_ = io_loop::now_ms() + loop_->options().connect_timeout.count();
  switch (judge_login(f)) {
  case login_verdict::close:
    return break_off("no uid");
  case login_verdict::refuse:
    return refuse_login(errc::auth_failed);
  case login_verdict::ask:
    uid_ = f.uid;
    deliver(
      {uid_, self(), std::move(bytes), {connect_request{f, json_ != nullptr}}});
  }
}

/// Hands over what can be cut, as far as the windows allow. Frames that need no
/// place in a window do not wait for one.
void client_session::pump(bool my_turn) {
  while (phase_ == phase::open && !in_line_) {
    auto& windows = loop_->state().window;
    auto window = bulk_ ? windows.most() : windows.share();
    auto own = window - std::min(window, unanswered_.load());
    auto room
      = bulk_ ? loop_->bulk().admits(own, std::exchange(my_turn, false)) : own;
    auto x = json_ ? cut_texts(room) : inbox_.cut(identity_->version, room);
    if (phase_ != phase::open)
      return; // the socket broke under an answer
    loop_->stats().add(counter::frames_in, x.frames);
    auto verdict = x.verdict;
    auto more = x.more;
    auto stuck = more && x.events.empty() && x.acks.empty();
    hand_over(std::move(x));
    if (verdict != errc::none)
      return give_up(verdict);
    if (stuck && room == 0 && own > 0) { // has places, but not yet its turn
      in_line_ = loop_->wait_in_bulk(self());
      continue;
    }
    auto full = unanswered_ >= window;
    if ((stuck || full) && wait_for(window / 2))
      return; // half of it opens at once, so that batches stay long
    if (!more)
      return arm_read();
  }
}

void client_session::go_on_in_bulk() {
  in_line_ = false;
  pump(true);
}

void client_session::hand_over(inbox::batch x) {
  if (!x.acks.empty())
    acknowledge_all(x.acks);
  if (!x.events.empty())
    deliver(std::move(x));
}

void client_session::give_up(errc verdict) {
  if (verdict != errc::stopping)
    note_broken("no frame");
  wind_up();
}

/// Has `answered` wake this session. False: there is no need to wait.
bool client_session::wait_for(std::size_t unanswered_max) {
  waits_for_ = static_cast<std::int64_t>(unanswered_max);
  if (!has_waited_enough()) // looked at last: answers come meanwhile
    return true;
  waits_for_ = -1;
  return false;
}

} // namespace jindou::actors
