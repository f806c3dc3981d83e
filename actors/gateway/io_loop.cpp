#include "actors/gateway/io_loop.hpp"

#include "actors/gateway/client_session.hpp"
#include "actors/log.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <iterator>
#include <pthread.h>
#include <utility>

namespace asio = boost::asio;

namespace jindou::actors {

namespace {

/// Every session is swept this often within its idle time.
constexpr std::int64_t sweeps_per_idle_time = 8;

/// So much is done in turn while somebody waits in the line of the late: what
/// is ready now, then those who wait. Neither can starve the other.
constexpr std::size_t prompt_handlers = 32;
constexpr std::chrono::microseconds late_time{200};

/// The part of the bulk window that one io thread has.
std::size_t bulk_part(const gateway_limits& x, std::size_t io_threads) {
  return (x.bulk_window + io_threads - 1) / io_threads;
}

} // namespace

io_loop::io_loop(std::shared_ptr<gateway_state> state)
    : state_(std::move(state)),
      read_buffer_(std::make_unique<std::array<std::byte, 64 << 10>>()),
      bulk_(bulk_part(state_->options.bounds, state_->options.io_threads)) {
  // nop
}

io_loop::~io_loop() = default;

void io_loop::start() {
  work_.emplace(context_.get_executor());
  arm_timer();
  thread_ = std::thread{[this] {
    pthread_setname_np(pthread_self(), "jindou-gateway");
    run();
  }};
}

void io_loop::stop() {
  if (!thread_.joinable())
    return;
  asio::post(context_, [this] {
    end_all();
    work_.reset(); // what is left are handlers of closed sockets
  });
  thread_.join();
  std::vector<session_ptr> dirty;
  std::vector<client_session_ptr> unreported;
  std::lock_guard guard{mx_};
  stopped_ = true;
  dirty.swap(dirty_);
  unreported.swap(unreported_);
}

// -- any thread ---------------------------------------------------------------

void io_loop::wake(std::vector<session_ptr> dirty) {
  std::unique_lock guard{mx_};
  if (stopped_)
    return;
  if (dirty_.empty())
    dirty_.swap(dirty);
  else
    dirty_.insert(dirty_.end(), std::make_move_iterator(dirty.begin()),
                  std::make_move_iterator(dirty.end()));
  if (std::exchange(posted_, true))
    return;
  guard.unlock();
  asio::post(context_, [this] { flush(); });
}

void io_loop::adopt(socket_type socket, const asio::ip::tcp::endpoint& peer,
                    door_kind kind) {
  auto x = std::make_shared<client_session>(
    shared_from_this(), ++state_->last_id, std::move(socket), peer, kind);
  asio::post(context_, [this, x] {
    x->place = sessions_.size();
    sessions_.push_back(x);
    x->start();
  });
}

void io_loop::stop_reading() {
  asio::post(context_, [this] { reading_ = false; });
}

void io_loop::close_all(wire::reason why, std::string text,
                        std::chrono::milliseconds linger) {
  asio::post(context_, [this, why, text = std::move(text), linger] {
    for (auto& x : sessions_)
      x->close(why, text, linger);
  });
}

void io_loop::change_limits(const gateway_limits& x) {
  bulk_.change(bulk_part(x, options().io_threads));
}

void io_loop::answered_in_bulk(std::size_t n) {
  if (n > 0 && bulk_.give(n))
    wake({});
}

void io_loop::report_later(client_session_ptr x) {
  std::lock_guard guard{mx_};
  if (stopped_)
    return;
  unreported_.push_back(std::move(x));
  state_->gate.owe(1);
}

// -- io thread ----------------------------------------------------------------

/// Runs handlers until there is nothing to wait for any more.
void io_loop::run() {
  context_.run(); // comes back as soon as somebody is put off
  while (!late_.empty()) {
    context_.restart();
    for (std::size_t i = 0; i < prompt_handlers && context_.poll_one() > 0; ++i)
      continue;
    late_.serve(late_time, std::chrono::steady_clock::now,
                [](client_session& x, late what) {
                  what == late::read ? x.read_late() : x.flush();
                });
    if (late_.empty()) {
      context_.restart();
      context_.run();
    }
  }
  bulk_.clear(); // its sessions keep this loop
}

void io_loop::put_off(client_session_ptr x, late what) {
  stats().add(counter::turns_put_off);
  if (late_.empty())
    context_.stop(); // `run` takes turns from now on
  late_.put(std::move(x), what);
}

void io_loop::complain(const std::string& remote_address,
                       std::string_view why) {
  if (auto others = complaints_.admit(now_ms()))
    log().info("[client-refused] {} is closed: {} ({} others since the last "
               "line)",
               remote_address, why, *others);
}

std::int64_t io_loop::now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(steady_clock::now().time_since_epoch())
    .count();
}

void io_loop::watch(client_session_ptr x) {
  watched_.push_back(std::move(x));
}

void io_loop::forget(client_session& x) {
  std::swap(sessions_[x.place], sessions_.back());
  sessions_[x.place]->place = x.place;
  sessions_.pop_back(); // its caller keeps it alive
}

void io_loop::flush() {
  std::unique_lock guard{mx_};
  auto dirty = std::exchange(dirty_, {});
  posted_ = false;
  guard.unlock();
  admit_bulk();         // in front of those who have just been answered
  for (auto& x : dirty) // only our own sessions name this port
    static_cast<client_session&>(*x).flush_in_turn();
}

bool io_loop::wait_in_bulk(client_session_ptr x) {
  auto waits = bulk_.wait(std::move(x));
  stats().add(counter::bulk_waits, waits ? 1 : 0);
  return waits;
}

void io_loop::admit_bulk() {
  while (auto x = bulk_.next())
    (*x)->go_on_in_bulk();
}

void io_loop::arm_timer() {
  timer_.expires_after(options().sweep_interval);
  timer_.async_wait([this](boost::system::error_code ec) {
    if (ec || !work_) // `cancel` misses a timer that has just gone off
      return;
    sweep();
    arm_timer();
  });
}

void io_loop::sweep() {
  auto now = now_ms();
  sweep_watched(now);
  sweep_share(now);
  admit_bulk(); // the bound may have changed
  report_again();
}

/// Those that wait for a login or for their end: few, and with short limits.
void io_loop::sweep_watched(std::int64_t now) {
  auto batch = std::exchange(watched_, {}); // a sweep may add to it
  std::erase_if(batch, [now](auto& x) { return !x->sweep(now); });
  watched_.insert(watched_.end(), batch.begin(), batch.end());
}

/// The part of all sessions whose turn it is.
void io_loop::sweep_share(std::int64_t now) {
  auto round = options().conn_idle_time.count() / sweeps_per_idle_time;
  auto step = options().sweep_interval.count();
  auto n = sessions_.size();
  if (round > step)
    n = n * static_cast<std::size_t>(step) / static_cast<std::size_t>(round)
        + 1;
  for (n = std::min(n, sessions_.size()); n > 0 && !sessions_.empty(); --n) {
    if (cursor_ >= sessions_.size())
      cursor_ = 0;
    auto x = sessions_[cursor_++];
    x->sweep(now);
  }
}

void io_loop::report_again() {
  std::unique_lock guard{mx_};
  auto batch = std::exchange(unreported_, {});
  guard.unlock();
  for (auto& x : batch)
    x->report_closed(); // comes back if it is not taken
  if (!batch.empty())
    state_->gate.settle(batch.size());
}

void io_loop::end_all() {
  timer_.cancel();
  while (!sessions_.empty())
    client_session_ptr {
      sessions_.back()
      } -> abort();
  watched_.clear();
}

} // namespace jindou::actors
