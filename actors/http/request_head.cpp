#include "actors/http/request_head.hpp"

#include <boost/beast/core/string.hpp>

namespace jindou::actors::http {

namespace wire_http = boost::beast::http;

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
