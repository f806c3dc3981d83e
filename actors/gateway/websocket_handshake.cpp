#include "actors/gateway/websocket_handshake.hpp"

#include "actors/gateway/trimmed.hpp"
#include "messages/wire/base64.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <openssl/evp.h>

#include <array>
#include <charconv>

namespace http = boost::beast::http;

namespace jindou::actors::websocket {

namespace {

constexpr std::string_view end_of_request{"\r\n\r\n"};

using request = http::request<http::empty_body>;

std::string refusal(std::string_view status, std::string_view more = {}) {
  std::string res{"HTTP/1.1 "};
  res.append(status).append("\r\n").append(more);
  res.append("Connection: close\r\nContent-Length: 0\r\n\r\n");
  return res;
}

/// Says whether `text` is a base64 text of 16 bytes.
bool is_key(std::string_view text) {
  std::array<std::byte, wire::base64_bytes_max(24)> bytes;
  return text.size() == 24 && wire::base64_decode(text, bytes.data()) == 16;
}

bool wants_websocket(const request& x) {
  return x.method() == http::verb::get && x.version() >= 11
         && http::token_list{x[http::field::connection]}.exists("upgrade")
         && http::token_list{x[http::field::upgrade]}.exists("websocket")
         && is_key(x[http::field::sec_websocket_key]);
}

/// Returns the end of the list in the last field of that name: what stands
/// before it was said by the client, or by whoever is in front of the proxy.
std::string last_of(const request& x, std::string_view name) {
  std::string_view text;
  auto [first, last] = x.equal_range({name.data(), name.size()});
  for (; first != last; ++first)
    text = {first->value().data(), first->value().size()};
  text.remove_prefix(text.rfind(',') + 1); // npos + 1 is 0
  return std::string{trimmed(text)};
}

/// Takes the address that a proxy has left. X-Real-IP counts only where there
/// is no list: who writes lists may pass on what the client says there.
void read_client(const request& x, handshake& to) {
  auto* name
    = x.find("X-Forwarded-For") != x.end() ? "X-Forwarded-For" : "X-Real-IP";
  boost::system::error_code ec;
  auto address = boost::asio::ip::make_address(last_of(x, name), ec);
  if (ec)
    return;
  to.client_address = address.to_string();
  auto port = x["X-Real-Port"];
  std::from_chars(port.data(), port.data() + port.size(), to.client_port);
}

void answer(const request& x, handshake& to) {
  to.what = handshake::verdict::refused;
  if (!wants_websocket(x)) {
    to.response = refusal("400 Bad Request");
  } else if (x[http::field::sec_websocket_version] != "13") {
    to.response
      = refusal("426 Upgrade Required", "Sec-WebSocket-Version: 13\r\n");
  } else {
    to.what = handshake::verdict::accepted;
    to.response = "HTTP/1.1 101 Switching Protocols\r\n"
                  "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                  "Sec-WebSocket-Accept: "
                  + accept_key(x[http::field::sec_websocket_key]) + "\r\n\r\n";
    read_client(x, to);
  }
}

} // namespace

handshake read_handshake(std::string_view input) {
  handshake res;
  auto end = input.find(end_of_request);
  if (end == std::string_view::npos && input.size() < request_bytes_max)
    return res;
  if (end >= request_bytes_max) { // npos is
    res.what = handshake::verdict::refused;
    res.response = refusal("431 Request Header Fields Too Large");
    return res;
  }
  res.taken = end + end_of_request.size();
  http::request_parser<http::empty_body> parser;
  parser.header_limit(request_bytes_max + 1);
  boost::system::error_code ec;
  parser.put(boost::asio::buffer(input.data(), res.taken), ec);
  if (ec || !parser.is_header_done()) {
    res.what = handshake::verdict::refused;
    res.response = refusal("400 Bad Request");
    return res;
  }
  answer(parser.get(), res);
  return res;
}

std::string accept_key(std::string_view key) {
  std::string text{key};
  text += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // fixed by RFC 6455
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  std::size_t size = 0;
  if (EVP_Q_digest(nullptr, "SHA1", nullptr, text.data(), text.size(),
                   digest.data(), &size)
      != 1)
    return {};
  return wire::base64_encode(
    {reinterpret_cast<const std::byte*>(digest.data()), size});
}

} // namespace jindou::actors::websocket
