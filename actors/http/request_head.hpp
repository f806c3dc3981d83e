#pragma once

#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>

#include <array>
#include <string_view>
#include <utility>

namespace jindou::actors::http {

/// Returns the status to refuse a request with, or 0: everything that lets two
/// readers of one connection disagree where a request ends, and what HTTP/1.1
/// asks of a header.
unsigned fault_of_head(
  const boost::beast::http::header<true, boost::beast::http::fields>& head);

/// What allows pages of other origins to call.
const std::array<std::pair<std::string_view, std::string_view>, 4>&
cors_fields();

} // namespace jindou::actors::http
