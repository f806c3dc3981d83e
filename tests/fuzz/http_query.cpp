#include "actors/http/history_page.hpp"
#include "actors/http/query.hpp"
#include "actors/http/requests.hpp"
#include "messages/limits.hpp"
#include "tests/fuzz/target.hpp"

// The target of a request: path, query, and what GET endpoints read of it.

namespace jindou::fuzz {

namespace {

using namespace actors::http;

void check_key(const result<channel_key, fault>& x) {
  if (!x)
    return require(!x.error().text.empty());
  require(x->id.find('\0') == std::string::npos);
  require(x->id.size() <= 3 * limits::name_bytes_max);
}

void run(byte_span input) {
  auto parts = split_target(as_text(input));
  require(parts.path.size() + parts.query.size() <= input.size());
  require(parts.path.find_first_of("?#") == std::string_view::npos);
  for (auto name : {"channel_id", "uid", ""})
    if (auto value = query_value(parts.query, name))
      require(value->size() <= parts.query.size());
  check_key(parse_list_query(parts.query));
  check_key(parse_max_seq(parts.query));
}

inputs seeds() {
  return {bytes_of("/route?uid=u1&intranet=1"),
          bytes_of("/channel/whitelist?channel_id=g%201+&channel_type=2"),
          bytes_of("/channel/max_message_seq?channel_id=a%40b&channel_type=1"
                   "&login_uid=%e4%b8%ad#x"),
          bytes_of("/x?channel_id=%&channel_type=256"),
          bytes_of("/x?channel_id=%00&channel_type=01"),
          bytes_of("/x?=&&=&a=b=c")};
}

} // namespace

const target http_query{"http_query", run, seeds};

} // namespace jindou::fuzz
