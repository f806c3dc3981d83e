#include "actors/http/http_connection.hpp"

#include "actors/http/answers.hpp"
#include "actors/http/query.hpp"
#include "actors/http/request_head.hpp"
#include "actors/log.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

#include <array>
#include <exception>

namespace jindou::actors::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace wire_http = boost::beast::http;

namespace {

/// What one read may take in beyond what the parser has consumed.
constexpr std::size_t buffer_bytes_max = 64 << 10;

/// What one read of a header asks for.
constexpr std::size_t read_bytes = 4 << 10;

constexpr std::string_view text_plain = "text/plain; charset=utf-8";

auto into(boost::system::error_code& ec) {
  return asio::redirect_error(asio::use_awaitable, ec);
}

std::string_view text_of(const beast::flat_buffer& x) {
  return {static_cast<const char*>(x.data().data()), x.size()};
}

unsigned status_of(boost::system::error_code why) {
  if (why == wire_http::error::header_limit
      || why == wire_http::error::buffer_overflow)
    return 431;
  if (why == wire_http::error::body_limit)
    return 413;
  if (why == wire_http::error::bad_version)
    return 505;
  return 400;
}

} // namespace

http_connection::http_connection(asio::ip::tcp::socket socket, http_port port,
                                 http_shared& shared)
    : socket_(std::move(socket)),
      watchdog_(socket_.get_executor()),
      port_(port),
      shared_(shared),
      buffer_(buffer_bytes_max) {
  ++shared_.connections;
}

http_connection::~http_connection() {
  --shared_.connections;
}

asio::awaitable<void> http_connection::run() {
  auto self = shared_from_this(); // keeps this alive while it waits
  auto more = true;
  while (more && !shared_.stopping) {
    more = co_await wait_for_request();
    if (more)
      more = co_await serve_one();
    parser_.reset(); // with the body, while the next one is waited for
  }
  unwatch();
}

void http_connection::finish() {
  if (idle_)
    socket_.cancel();
}

// -- one request --------------------------------------------------------------

asio::awaitable<bool> http_connection::wait_for_request() {
  if (buffer_.size() > 0)
    co_return true;
  error_code ec;
  idle_ = true;
  watch(shared_.options.times.idle);
  co_await socket_.async_wait(asio::ip::tcp::socket::wait_read, into(ec));
  idle_ = false;
  co_return !ec;
}

asio::awaitable<bool> http_connection::serve_one() {
  parser_.emplace();
  parser_->header_limit(limits::http_header_bytes_max);
  parser_->body_limit(shared_.options.body_bytes_max);
  watch(shared_.options.times.header);
  auto ec = co_await read_head();
  if (ec)
    co_return co_await refuse(ec);
  const auto& head = parser_->get();
  if (auto bad = fault_of_head(head); bad != 0)
    co_return co_await write_status(bad);
  auto token = head["token"];
  auto path = split_target(head.target()).path;
  auto what = admit(port_, head.method_string(), path, token, shared_.options);
  if (what.what != admission::kind::call)
    co_return co_await refuse_admission(what);
  co_return co_await serve_admitted(what);
}

/// Looks at the whole header before it is parsed: the parser joins folded
/// lines, which somebody in front of us may take for lines of their own.
asio::awaitable<http_connection::error_code> http_connection::read_head() {
  error_code ec;
  std::size_t looked_at = 0;
  auto size = head_size(text_of(buffer_), looked_at);
  while (!size) {
    looked_at = buffer_.size();
    if (looked_at > limits::http_header_bytes_max)
      co_return wire_http::error::header_limit;
    auto room = buffer_.prepare(read_bytes);
    auto n = co_await socket_.async_read_some(room, into(ec));
    if (ec)
      co_return ec;
    buffer_.commit(n);
    size = head_size(text_of(buffer_), looked_at);
  }
  if (!has_plain_lines(text_of(buffer_).substr(0, *size)))
    co_return wire_http::error::bad_field;
  buffer_.consume(parser_->put(buffer_.data(), ec));
  co_return ec;
}

asio::awaitable<bool> http_connection::serve_admitted(const admission& what) {
  if (what.open && !parser_->is_done())
    co_return co_await write_status(413);
  auto good = co_await read_body();
  if (!good)
    co_return false;
  unwatch();
  auto answer = co_await call(what.handler);
  co_return co_await write(std::move(answer), parser_->keep_alive());
}

asio::awaitable<bool> http_connection::refuse_admission(const admission& what) {
  using kind = admission::kind;
  http_answer answer{404, "404 page not found", text_plain};
  if (what.what == kind::unauthorized)
    answer = {401, "", {}};
  else if (what.what == kind::preflight)
    answer = {204, "", {}};
  // An unread body would be taken for the next request.
  auto keep = parser_->keep_alive() && parser_->is_done();
  co_return co_await write(std::move(answer), keep);
}

asio::awaitable<bool> http_connection::read_body() {
  if (parser_->is_done())
    co_return true;
  error_code ec;
  watch(shared_.options.times.body);
  if (beast::iequals(parser_->get()[wire_http::field::expect],
                     "100-continue")) {
    constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    co_await asio::async_write(socket_, asio::buffer(go_on), into(ec));
  }
  if (!ec)
    co_await wire_http::async_read(socket_, buffer_, *parser_, into(ec));
  if (ec)
    co_return co_await refuse(ec);
  co_return true;
}

asio::awaitable<http_answer> http_connection::call(http_handler handler) {
  const auto& request = parser_->get();
  auto target = split_target(request.target());
  http_call x{shared_.options,
              shared_.demo,
              socket_.get_executor(),
              shared_.gate,
              std::chrono::steady_clock::now() + shared_.options.times.request,
              target.path,
              target.query,
              request.body()};
  try {
    co_return co_await handler(x);
  } catch (const std::exception& e) {
    log().error("[http-endpoint-threw] {} threw: {}", target.path, e.what());
  }
  co_return failure("internal error");
}

// -- answers ------------------------------------------------------------------

asio::awaitable<bool> http_connection::write(http_answer answer,
                                             bool keep_alive) {
  shared_.options.counters->add(counter::http_requests);
  if (answer.status >= 400)
    shared_.options.counters->add(counter::http_errors);
  keep_alive = keep_alive && !shared_.stopping;
  wire_http::response<wire_http::string_body> out;
  out.version(11);
  out.result(answer.status);
  if (!answer.content_type.empty())
    out.set(wire_http::field::content_type, answer.content_type);
  out.set("X-Content-Type-Options", "nosniff");
  if (port_ == http_port::api && answer.status != 401)
    for (const auto& [name, value] : cors_fields())
      out.set(name, value);
  out.body() = std::move(answer.body);
  out.keep_alive(keep_alive);
  if (answer.status != 204)
    out.prepare_payload();
  if (parser_->get().method() == wire_http::verb::head)
    out.body().clear();
  error_code ec;
  watch(shared_.options.times.write);
  co_await wire_http::async_write(socket_, out, into(ec));
  if (!ec && !keep_alive)
    co_await linger();
  co_return !ec && keep_alive;
}

asio::awaitable<bool> http_connection::write_status(unsigned status) {
  // A named answer: g++ 12 destroys some temporaries of co_await twice.
  http_answer answer{status, {}, text_plain};
  complain(status);
  co_return co_await write(std::move(answer), false);
}

void http_connection::complain(unsigned status) {
  using namespace std::chrono;
  auto now = steady_clock::now().time_since_epoch();
  auto others
    = shared_.complaints.admit(duration_cast<milliseconds>(now).count());
  error_code ec;
  if (auto peer = socket_.remote_endpoint(ec); others && !ec)
    log().info("[http-refused] {} sent no good request: {} ({} others since "
               "the last line)",
               peer.address().to_string(), status, *others);
}

asio::awaitable<bool> http_connection::refuse(error_code why) {
  auto in_request = parser_->got_some() || buffer_.size() > 0;
  if (timed_out_ && in_request)
    co_return co_await write_status(408);
  if (why.category()
        == wire_http::make_error_code(wire_http::error{}).category()
      && why != wire_http::error::end_of_stream
      && why != wire_http::error::partial_message)
    co_return co_await write_status(status_of(why));
  co_return false;
}

asio::awaitable<void> http_connection::linger() {
  // Closing with unread bytes would reset the connection and might take the
  // answer with it; so the peer is read to its end, within bounds.
  error_code ec;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ec);
  watch(std::chrono::seconds{1});
  std::array<char, 4096> waste;
  std::size_t read = 0;
  while (!ec && read < (1 << 20))
    read += co_await socket_.async_read_some(asio::buffer(waste), into(ec));
}

void http_connection::watch(std::chrono::milliseconds limit) {
  timed_out_ = false;
  await_expiry(limit);
}

/// Ends what is waited for when the time is up, and again until it has ended: a
/// read that has just come to its end begins another one.
void http_connection::await_expiry(std::chrono::milliseconds limit) {
  watchdog_.expires_after(limit);
  watchdog_.async_wait([weak = weak_from_this()](error_code ec) {
    auto self = weak.lock();
    // A watch that was renewed in the last moment may still come here.
    if (ec || !self
        || self->watchdog_.expiry() > std::chrono::steady_clock::now())
      return;
    self->timed_out_ = true;
    self->socket_.cancel();
    self->await_expiry(std::chrono::seconds{1});
  });
}

void http_connection::unwatch() {
  watchdog_.expires_at(std::chrono::steady_clock::time_point::max());
}

} // namespace jindou::actors::http
