#include "actors/gateway/client_session.hpp"

#include <algorithm>
#include <utility>

namespace asio = boost::asio;

namespace jindou::actors {

namespace {

/// Blocks of one gather write: what Asio hands to the kernel at once.
constexpr std::size_t gather_max = 64;

/// Places that an idle session keeps in its write queue.
constexpr std::size_t kept_places = 4;

/// Written places in front of a backlog that are worth moving it for.
constexpr std::size_t written_places_max = 64;

/// What is written at once: who has more blocks is served behind the others.
constexpr std::size_t little_blocks = 2;

/// Bytes that may wait for a client that has not logged in.
constexpr std::size_t stranger_bytes_max = 16 << 10;

} // namespace

void client_session::flush_in_turn() {
  std::unique_lock guard{mx_};
  auto much = outbox_.waiting() > little_blocks || sends_many();
  guard.unlock();
  if (much)
    loop_->put_off(self(), io_loop::late::flush);
  else
    flush();
}

void client_session::flush() {
  if (phase_ == phase::closed)
    return;
  std::unique_lock guard{mx_};
  outbox_.take(writing_);
  auto asked = std::exchange(wishes_, {});
  guard.unlock();
  if (asked.established && phase_ == phase::connecting) {
    phase_ = phase::open;
    last_input_ms_ = io_loop::now_ms();
  }
  if (asked.overflow)
    drop_backlog();
  if (asked.close_after && phase_ < phase::open)
    return begin_close(*asked.close_after);
  if (asked.close_after && phase_ == phase::open)
    leave(*asked.close_after);
  write();
  if (asked.established || has_waited_enough())
    go_on();
}

/// The login is accepted, or enough SENDs are answered.
void client_session::go_on() {
  waits_for_ = -1;
  if (phase_ == phase::open)
    pump();
  else if (phase_ == phase::closing)
    end_now();
}

/// Puts bytes of the io thread itself behind those that are being written.
void client_session::say(shared_bytes bytes) {
  if (bytes.size() == 0)
    return;
  std::unique_lock guard{mx_};
  auto most = loop_->options().outbox_bytes_max;
  if (!has_identity_)
    most = std::min(most, stranger_bytes_max);
  auto too_much = outbox_.weight() + bytes.size() > most;
  if (too_much && said_last_)
    return; // it must get to know that it is kicked
  outbox_.bypass(bytes);
  if (too_much && !ending_) // it pings and never reads
    overflow(std::move(guard));
  writing_.push_back(std::move(bytes));
}

bool client_session::has_unwritten() const {
  return writing_from_ < writing_.size() || (tls_ && tls_->blocked());
}

void client_session::write() {
  if (phase_ == phase::closed) // by a write just before
    return;
  std::size_t total = 0;
  auto before = writing_from_;
  boost::system::error_code ec;
  while (!write_armed_ && !ec && has_unwritten())
    total += tls_ ? write_tls(ec) : write_some(ec);
  if (total > 0) {
    loop_->stats().add(counter::bytes_out, total);
    std::lock_guard guard{mx_};
    outbox_.written(total, writing_from_ - before);
  }
  if (ec && ec != asio::error::would_block)
    return shut();
  forget_written();
  if (ec)
    return arm_write();
  if (has_unwritten())
    return;
  if (phase_ == phase::closing && io_loop::now_ms() >= deadline_ms_)
    finish();
}

/// One gather write. A short one says that the socket is full.
std::size_t client_session::write_some(boost::system::error_code& ec) {
  auto& buffers = loop_->gather();
  buffers.clear();
  auto n = std::min(writing_.size() - writing_from_, gather_max);
  std::size_t wanted = 0;
  for (std::size_t i = 0; i < n; ++i) {
    auto bytes
      = writing_[writing_from_ + i].span().subspan(i == 0 ? written_of_it_ : 0);
    buffers.emplace_back(bytes.data(), bytes.size());
    wanted += bytes.size();
  }
  auto sent = socket_->write_some(buffers, ec);
  loop_->stats().add(counter::socket_flushes);
  if (!ec && sent < wanted)
    ec = asio::error::would_block;
  advance(sent);
  return sent;
}

void client_session::advance(std::size_t n) {
  while (n > 0) {
    auto& block = writing_[writing_from_];
    auto left = block.size() - written_of_it_;
    if (n < left) {
      written_of_it_ += n;
      return;
    }
    n -= left;
    block = {};
    written_of_it_ = 0;
    ++writing_from_;
  }
}

/// Lets go of the places of what is written; an empty queue gives its memory
/// back if it is more than a little.
void client_session::forget_written() {
  if (writing_from_ == writing_.size() && writing_.capacity() > kept_places) {
    writing_ = {};
  } else {
    auto enough = std::max(written_places_max, writing_.size() / 2);
    if (writing_from_ < std::min(enough, writing_.size()))
      return;
    writing_.erase(writing_.begin(),
                   writing_.begin()
                     + static_cast<std::ptrdiff_t>(writing_from_));
  }
  writing_from_ = 0;
}

void client_session::arm_write() {
  if (std::exchange(write_armed_, true))
    return;
  socket_->async_wait(asio::socket_base::wait_write,
                      [x = self()](const boost::system::error_code& ec) {
                        x->write_armed_ = false;
                        if (!ec && x->phase_ != phase::closed)
                          x->on_writable();
                      });
}

void client_session::on_writable() {
  if (phase_ == phase::securing)
    return shake_hands();
  write();
  if (std::exchange(read_blocked_, false))
    arm_read();
}

// -- the end ------------------------------------------------------------------

void client_session::begin_close(std::chrono::milliseconds linger) {
  if (phase_ >= phase::closing)
    return;
  std::unique_lock guard{mx_};
  ending_ = true;
  if (websocket_ && websocket_->said_close)
    outbox_.drop_waiting(); // nothing may follow a close frame
  guard.unlock();
  phase_ = phase::closing;
  deadline_ms_ = io_loop::now_ms() + linger.count();
  loop_->watch(self());
  arm_read();
  write();
}

/// Its time is measured: until it is over the client is served as before.
void client_session::leave(std::chrono::milliseconds linger) {
  if (linger.count() == 0)
    return begin_close(linger);
  auto end = io_loop::now_ms() + linger.count();
  if (std::exchange(leaving_, true)) {
    deadline_ms_ = std::min(deadline_ms_, end);
    return;
  }
  deadline_ms_ = end;
  loop_->watch(self());
}

/// The client broke the protocol or its time is over: what it is owed for the
/// frames before is still written.
void client_session::wind_up() {
  begin_close(loop_->options().close_grace);
  if (phase_ == phase::closed)
    return;
  std::unique_lock guard{mx_};
  ending_ = wishes_.overflow; // then its backlog is to go
  guard.unlock();
  if (!wait_for(0))
    end_now();
}

void client_session::end_now() {
  std::unique_lock guard{mx_};
  ending_ = true;
  outbox_.take(writing_);
  guard.unlock();
  deadline_ms_ = std::min(deadline_ms_, io_loop::now_ms());
  write();
}

/// Closes on a reader that is too slow without what it has missed; only the
/// block that is half on the wire stays. No DISCONNECT: clients take that for
/// final, but come back after a plain close and fetch what they have missed.
void client_session::drop_backlog() {
  loop_->stats().add(counter::slow_readers_closed);
  loop_->complain(transport_.remote_address, "it reads too slowly");
  auto keep = writing_from_ + (written_of_it_ > 0 ? 1 : 0);
  auto blocks = writing_.size() - keep;
  std::size_t dropped = 0;
  for (auto i = keep; i < writing_.size(); ++i)
    dropped += writing_[i].size();
  writing_.resize(keep);
  std::unique_lock guard{mx_};
  outbox_.written(dropped, blocks);
  outbox_.drop_waiting();
  guard.unlock();
  begin_close(std::chrono::milliseconds{0});
}

/// All words are said: shuts our side and gives the client time to read them
/// and to do the same. A close at once would destroy what it has not read.
void client_session::finish() {
  if (websocket_ && !websocket_->said_close && phase_ == phase::closing) {
    say_close(websocket::close_normal);
    return write(); // comes back here
  }
  if (tls_)
    tls_->say_end();
  boost::system::error_code ec;
  socket_->shutdown(asio::socket_base::shutdown_send, ec);
  phase_ = phase::draining;
  deadline_ms_ = io_loop::now_ms() + loop_->options().close_grace.count();
}

/// A last look at the socket before its time is over: a node that is short of
/// processor time comes late itself, and what has arrived counts.
bool client_session::has_moved_on() {
  auto before = phase_;
  on_readable();
  return phase_ != before;
}

bool client_session::sweep(std::int64_t now_ms) {
  auto& options = loop_->options();
  switch (phase_) {
  case phase::heralding:
  case phase::securing:
  case phase::upgrading:
  case phase::greeting:
    if (now_ms >= deadline_ms_ && !has_moved_on())
      time_out("it did not log in in time");
    break;
  case phase::connecting:
    if (now_ms >= deadline_ms_ && !identity()) {
      deadline_ms_ = now_ms + options.close_grace.count(); // says it once
      refuse_login(errc::unknown);
    }
    break;
  case phase::draining:
    if (now_ms >= deadline_ms_)
      shut();
    break;
  case phase::open:
    if (leaving_ && now_ms >= deadline_ms_)
      wind_up();
    else if (waits_for_ < 0 && !in_line_
             && now_ms - last_input_ms_ > options.conn_idle_time.count())
      time_out("it fell silent");
    return leaving_ && phase_ == phase::open;
  case phase::closing:
    if (now_ms >= deadline_ms_ + options.close_grace.count())
      shut(); // does not read its last words
    else if (now_ms >= deadline_ms_)
      end_now();
    break;
  case phase::closed:
    break;
  }
  return phase_ != phase::closed;
}

void client_session::time_out(std::string_view why) {
  loop_->stats().add(counter::connections_timed_out);
  loop_->complain(transport_.remote_address, why);
  shut();
}

void client_session::abort() {
  shut();
}

void client_session::shut() {
  if (phase_ == phase::closed)
    return;
  auto keep = self();
  if (phase_ == phase::securing)
    loop_->stats().add(counter::tls_handshakes_failed);
  phase_ = phase::closed;
  tls_ = nullptr;
  boost::system::error_code ec;
  socket_->close(ec);
  socket_.reset();
  writing_ = {};
  writing_from_ = 0;
  written_of_it_ = 0;
  inbox_ = {};
  std::unique_lock guard{mx_};
  ending_ = true;
  outbox_ = {};
  unacked_ = unacked{};
  guard.unlock();
  loop_->stats().add(counter::connections_closed);
  loop_->forget(*this);
  if (!uid_.empty())
    report_closed();
  loop_->state().gate.leave(address_); // last: `gateway::join` waits for it
}

client_session_ptr client_session::self() {
  return shared_from_this();
}

} // namespace jindou::actors
