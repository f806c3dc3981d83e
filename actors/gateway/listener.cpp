#include "actors/gateway/listener.hpp"

#include "actors/log.hpp"

#include <boost/asio/post.hpp>

#include <charconv>
#include <chrono>
#include <cstdint>
#include <future>
#include <utility>

namespace asio = boost::asio;
using asio::ip::tcp;

namespace jindou::actors {

namespace {

/// Waits that long when the process has no file descriptor left.
constexpr std::chrono::milliseconds accept_pause{200};

std::string sentence(std::string_view address, const std::string& why) {
  return "cannot listen on " + std::string{address} + ": " + why;
}

std::string to_text(const tcp::endpoint& x) {
  auto address = x.address().to_string();
  if (x.address().is_v6())
    address = '[' + address + ']';
  return address + ':' + std::to_string(x.port());
}

} // namespace

result<tcp::endpoint, std::string> parse_address(std::string_view text) {
  auto all = text;
  if (auto at = text.find("://"); at != std::string_view::npos)
    text.remove_prefix(at + 3);
  auto colon = text.rfind(':');
  if (colon == std::string_view::npos)
    return sentence(all, "no port is given");
  auto host = text.substr(0, colon);
  auto port_text = text.substr(colon + 1);
  if (host.size() > 1 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  std::uint16_t port = 0;
  auto end = port_text.data() + port_text.size();
  if (auto x = std::from_chars(port_text.data(), end, port);
      x.ec != std::errc{} || x.ptr != end)
    return sentence(all, "the port is not a number from 0 to 65535");
  boost::system::error_code ec;
  auto address = asio::ip::make_address(host, ec);
  if (ec)
    return sentence(all, "the address is not an IP address");
  return tcp::endpoint{address, port};
}

listener::listener(std::vector<std::shared_ptr<io_loop>> loops, door_kind kind)
    : loops_(std::move(loops)),
      kind_(kind),
      acceptor_(loops_.front()->context()),
      timer_(loops_.front()->context()) {
  // nop
}

std::string listener::open(std::string_view address) {
  auto where = parse_address(address);
  if (!where)
    return where.error();
  boost::system::error_code ec;
  acceptor_.open(where->protocol(), ec);
  if (!ec)
    acceptor_.set_option(tcp::acceptor::reuse_address{true}, ec);
  if (!ec)
    acceptor_.bind(*where, ec);
  if (!ec)
    acceptor_.listen(asio::socket_base::max_listen_connections, ec);
  return ec ? sentence(address, ec.message()) : std::string{};
}

void listener::start() {
  asio::post(acceptor_.get_executor(),
             [x = shared_from_this()] { x->accept(); });
}

void listener::stop() {
  std::promise<void> done;
  asio::post(acceptor_.get_executor(), [this, &done] {
    boost::system::error_code ec;
    acceptor_.close(ec);
    timer_.cancel();
    done.set_value();
  });
  done.get_future().wait();
}

std::string listener::address() const {
  boost::system::error_code ec;
  return to_text(acceptor_.local_endpoint(ec));
}

void listener::accept() {
  auto& to = *loops_[next_];
  next_ = (next_ + 1) % loops_.size();
  acceptor_.async_accept(to.context(), [x = shared_from_this(), &to](
                                         const boost::system::error_code& ec,
                                         io_loop::socket_type socket) {
    x->on_accepted(ec, std::move(socket), to);
  });
}

void listener::on_accepted(const boost::system::error_code& ec,
                           io_loop::socket_type socket, io_loop& to) {
  if (!acceptor_.is_open())
    return;
  if (ec && ec != asio::error::connection_aborted)
    return pause(ec);
  if (std::exchange(paused_, false))
    log().info("[gateway-accepts] gateway accepts connections again");
  boost::system::error_code gone;
  auto peer = socket.remote_endpoint(gone);
  if (ec || gone) {
    accept();
    return;
  }
  if (to.state().gate.enter(peer.address())) {
    to.stats().add(counter::connections_accepted);
    to.adopt(std::move(socket), peer, kind_);
  } else {
    to.stats().add(counter::connections_refused); // closes as it goes
  }
  accept();
}

/// The process has no descriptor or memory left: waits for some to be freed.
void listener::pause(const boost::system::error_code& ec) {
  if (!std::exchange(paused_, true))
    log().warn("[gateway-no-accept] gateway cannot accept: {}", ec.message());
  timer_.expires_after(accept_pause);
  timer_.async_wait(
    [x = shared_from_this()](boost::system::error_code stopped) {
      if (!stopped && x->acceptor_.is_open())
        x->accept();
    });
}

} // namespace jindou::actors
