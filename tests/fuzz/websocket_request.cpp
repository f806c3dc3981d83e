#include "actors/gateway/websocket_handshake.hpp"
#include "tests/fuzz/target.hpp"

// The HTTP request with which a WebSocket begins.

namespace jindou::fuzz {

namespace {

namespace websocket = actors::websocket;
using verdict = websocket::handshake::verdict;

void run(byte_span input) {
  auto text = as_text(input);
  auto x = websocket::read_handshake(text);
  require(x.taken <= text.size());
  require((x.what == verdict::more) == x.response.empty());
  require(x.what != verdict::more
          || text.size() < websocket::request_bytes_max);
  // The answer is one response: nothing of the request breaks out of it.
  require(x.response.empty() || x.response.ends_with("\r\n\r\n"));
  require(x.response.find("\r\n\r\n") + 4 >= x.response.size());
  if (x.what != verdict::accepted)
    return;
  auto alone = websocket::read_handshake(text.substr(0, x.taken));
  require(alone.what == verdict::accepted && alone.response == x.response);
  auto part = websocket::read_handshake(text.substr(0, x.taken - 1));
  require(part.what == verdict::more);
}

inputs seeds() {
  std::string good{"GET /chat HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
                   "Connection: keep-alive, Upgrade\r\n"
                   "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                   "Sec-WebSocket-Version: 13\r\n"};
  return {bytes_of(good + "\r\n"),
          bytes_of(good + "\r\n\x82\x80....frames"),
          bytes_of(good + "X-Forwarded-For: 1.2.3.4\r\nX-Real-Port: 7\r\n\r\n"),
          bytes_of(good + "X-Real-IP: fd00::1\r\n\r\n"),
          bytes_of(good + "X-Folded: a\r\n b\r\n\r\n"),
          bytes_of(good + "Content-Length: 3\r\n\r\nabc"),
          bytes_of(good + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
          bytes_of("GET / HTTP/1.0\r\n\r\n"),
          bytes_of("POST / HTTP/1.1\r\nHost: x\r\n\r\n")};
}

} // namespace

const target websocket_request{"websocket_request", run, seeds};

} // namespace jindou::fuzz
