#pragma once

#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace jindou::actors::http {

/// Returns the size of the header that `input` begins with, its empty line
/// included; nothing if it is not complete. Looks from `from` on: what stands
/// before was looked at already.
std::optional<std::size_t> head_size(std::string_view input, std::size_t from);

/// Says whether no reader can take the lines of `head` for other lines: each
/// ends with CR LF, has neither of them inside nor a NUL, and none goes on in
/// the next one.
bool has_plain_lines(std::string_view head);

/// Returns the status to refuse a request with, or 0: everything that lets two
/// readers of one connection disagree where a request ends, and what HTTP/1.1
/// asks of a header.
unsigned fault_of_head(
  const boost::beast::http::header<true, boost::beast::http::fields>& head);

/// What allows pages of other origins to call.
const std::array<std::pair<std::string_view, std::string_view>, 4>&
cors_fields();

} // namespace jindou::actors::http
