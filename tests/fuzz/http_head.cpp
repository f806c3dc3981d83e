#include "actors/http/request_head.hpp"
#include "messages/limits.hpp"
#include "tests/fuzz/target.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <optional>

// The header of an HTTP request. What we accept, a proxy in front of us cannot
// read in another way: one length at most, lines that end with CR LF, no line
// that goes on in the next one, no blank before a colon.

namespace jindou::fuzz {

namespace {

namespace http = boost::beast::http;
using request_parser = http::request_parser<http::string_body>;

/// The bytes of an accepted header; nothing if it is refused or not complete.
std::optional<std::string_view> accepted(request_parser& parser,
                                         std::string_view text) {
  auto size = actors::http::head_size(text, 0);
  if (!size || !actors::http::has_plain_lines(text.substr(0, *size)))
    return std::nullopt;
  parser.header_limit(limits::http_header_bytes_max);
  parser.body_limit(1'024);
  boost::system::error_code ec;
  auto n = parser.put(boost::asio::buffer(text.data(), text.size()), ec);
  if (ec || !parser.is_header_done()
      || actors::http::fault_of_head(parser.get()) != 0)
    return std::nullopt;
  return text.substr(0, n);
}

std::vector<std::string_view> lines_of(std::string_view head) {
  std::vector<std::string_view> res;
  for (;;) {
    auto end = head.find("\r\n");
    require(end != std::string_view::npos);
    if (end == 0)
      return res;
    res.push_back(head.substr(0, end));
    head.remove_prefix(end + 2);
  }
}

bool is_named(std::string_view line, std::string_view name) {
  return line.size() > name.size() && line[name.size()] == ':'
         && std::equal(name.begin(), name.end(), line.begin(),
                       [](char a, char b) { return a == (b | 0x20); });
}

void check_lines(std::string_view head) {
  auto lines = lines_of(head);
  std::size_t lengths = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    require(lines[i].find_first_of(std::string_view{"\r\n\0", 3})
            == std::string_view::npos);
    if (i == 0)
      continue;
    require(lines[i].front() != ' ' && lines[i].front() != '\t');
    auto colon = lines[i].find(':');
    require(colon != std::string_view::npos && colon > 0);
    require(lines[i][colon - 1] != ' ' && lines[i][colon - 1] != '\t');
    lengths += is_named(lines[i], "content-length")
               || is_named(lines[i], "transfer-encoding");
  }
  require(lengths <= 1);
}

void run(byte_span input) {
  request_parser parser;
  auto head = accepted(parser, as_text(input));
  if (!head)
    return;
  require(head->size() <= limits::http_header_bytes_max);
  require(parser.get().target().starts_with('/'));
  check_lines(*head);
}

inputs seeds() {
  std::string start{"POST /message/send?a=b HTTP/1.1\r\nHost: x\r\n"};
  inputs res;
  for (std::string_view x :
       {"", "Content-Length: 3\r\n", "Transfer-Encoding: chunked\r\n",
        "Content-Length: 3\r\nContent-Length: 4\r\n",
        "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: gzip, chunked\r\n", "A: b\r\n c\r\n",
        "Content-Length : 3\r\n", "A: b\nB: c\r\n", "token: t\r\n",
        "Content-Length: +3\r\n", "Expect: 100-continue\r\n"})
    res.push_back(bytes_of(start + std::string{x} + "\r\n{}"));
  res.push_back(bytes_of("GET / HTTP/1.0\r\n\r\n"));
  res.push_back(bytes_of("GET / HTTP/1.1\nHost: x\n\n"));
  res.push_back(bytes_of("GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n"));
  return res;
}

} // namespace

const target http_head{"http_head", run, seeds};

} // namespace jindou::fuzz
