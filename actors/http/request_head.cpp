#include "actors/http/request_head.hpp"

#include <boost/beast/core/string.hpp>

#include <algorithm>

namespace jindou::actors::http {

namespace wire_http = boost::beast::http;

std::optional<std::size_t> head_size(std::string_view input, std::size_t from) {
  constexpr std::string_view end{"\r\n\r\n"};
  auto at = input.find(end, from - std::min(from, end.size() - 1));
  if (at == std::string_view::npos)
    return std::nullopt;
  return at + end.size();
}

bool has_plain_lines(std::string_view head) {
  while (!head.empty()) {
    auto end = head.find_first_of(std::string_view{"\r\n\0", 3});
    if (end == std::string_view::npos || head.substr(end, 2) != "\r\n")
      return false;
    head.remove_prefix(end + 2);
    if (head.starts_with(' ') || head.starts_with('\t'))
      return false;
  }
  return true;
}

unsigned fault_of_head(const wire_http::header<true, wire_http::fields>& head) {
  using wire_http::field;
  if (head.version() != 10 && head.version() != 11)
    return 505;
  auto encodings = head.count(field::transfer_encoding);
  auto lengths = head.count(field::content_length);
  if (encodings > 1 || lengths > 1 || encodings + lengths > 1)
    return 400;
  if (encodings == 1
      && (head.version() == 10
          || !boost::beast::iequals(head[field::transfer_encoding], "chunked")))
    return 400;
  // The parser takes a list of equal lengths ("3, 3") as well.
  if (lengths == 1
      && head[field::content_length].find_first_not_of("0123456789")
           != std::string_view::npos)
    return 400;
  auto hosts = head.count(field::host);
  if (hosts > 1 || (hosts == 0 && head.version() == 11))
    return 400;
  return head.target().starts_with('/') ? 0 : 400;
}

const std::array<std::pair<std::string_view, std::string_view>, 4>&
cors_fields() {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 4>
    fields{{
      {"Access-Control-Allow-Origin", "*"},
      {"Access-Control-Allow-Credentials", "true"},
      {"Access-Control-Allow-Methods",
       "POST, OPTIONS, GET, PUT, DELETE, PATCH"},
      {"Access-Control-Allow-Headers",
       "Content-Type, Content-Length, Accept-Encoding, Authorization, "
       "Accept, Origin, Cache-Control, X-Requested-With, token"},
    }};
  return fields;
}

} // namespace jindou::actors::http
