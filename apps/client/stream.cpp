#include "apps/client/stream.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include <string>

namespace asio = boost::asio;

namespace jindou::client {

stream::stream(thread_kit& kit, owner& who)
    : kit_(kit), owner_(who), socket_(kit.io) {
  // nop
}

void stream::connect(const endpoint& to) {
  socket_.async_connect(to, [this, alive = std::weak_ptr{alive_}](error ec) {
    if (alive.expired() || ec == asio::error::operation_aborted)
      return;
    if (ec)
      return owner_.on_closed(ec.message());
    start();
  });
}

void stream::adopt(asio::ip::tcp::socket socket) {
  socket_ = std::move(socket);
  start();
}

void stream::start() {
  error ec;
  socket_.non_blocking(true, ec);
  if (!ec)
    socket_.set_option(asio::ip::tcp::no_delay(true), ec);
  if (ec)
    return owner_.on_closed(ec.message());
  open_ = true;
  wait_for_input();
  owner_.on_open();
}

void stream::wait_for_input() {
  socket_.async_wait(asio::ip::tcp::socket::wait_read,
                     [this, alive = std::weak_ptr{alive_}](error ec) {
                       if (!alive.expired() && !ec && open_)
                         on_readable();
                     });
}

void stream::on_readable() {
  error ec;
  auto& buf = kit_.read_buffer;
  auto n = socket_.read_some(asio::buffer(buf.data(), buf.size()), ec);
  if (ec == asio::error::would_block)
    return wait_for_input();
  if (ec)
    return fail(ec.message());
  take(n);
  if (open_)
    wait_for_input();
}

void stream::take(std::size_t n) {
  auto input = byte_span{kit_.read_buffer.data(), n};
  if (!rest_.empty())
    return take_with_rest(input);
  auto taken = owner_.on_bytes(input);
  if (open_ && taken < n)
    rest_.assign(input.begin() + static_cast<std::ptrdiff_t>(taken),
                 input.end());
}

void stream::take_with_rest(byte_span input) {
  rest_.insert(rest_.end(), input.begin(), input.end());
  auto taken = owner_.on_bytes(rest_);
  if (!open_)
    return;
  if (taken == rest_.size())
    byte_vector{}.swap(rest_);
  else
    rest_.erase(rest_.begin(),
                rest_.begin() + static_cast<std::ptrdiff_t>(taken));
}

void stream::flush() {
  if (!open_ || writing_ || outgoing_.empty())
    return;
  error ec;
  auto n = socket_.write_some(asio::buffer(outgoing_), ec);
  if (ec && ec != asio::error::would_block)
    return fail(ec.message());
  outgoing_.erase(outgoing_.begin(),
                  outgoing_.begin() + static_cast<std::ptrdiff_t>(n));
  if (outgoing_.empty())
    return;
  writing_ = true;
  socket_.async_wait(asio::ip::tcp::socket::wait_write,
                     [this, alive = std::weak_ptr{alive_}](error e) {
                       if (alive.expired() || e)
                         return;
                       writing_ = false;
                       flush();
                     });
}

void stream::fail(std::string_view why) {
  if (!open_)
    return;
  close();
  owner_.on_closed(why);
}

void stream::close() {
  open_ = false;
  error ignored;
  socket_.close(ignored);
}

} // namespace jindou::client
