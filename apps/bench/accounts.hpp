#pragma once

#include "apps/bench/http_lane.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace jindou::bench {

/// Says what is wrong with an answer, or nothing.
using answer_check = std::function<std::string(std::string_view body)>;

/// Makes the calls over a few connections at once.
/// Returns what went wrong; empty when all were answered with 200 and `check`
/// found nothing.
std::string make_calls(const http_access& access,
                       const std::vector<http_call>& calls,
                       const answer_check& check = {});

/// The token that this program gives a uid; empty without HTTP.
std::string token_of(const http_access& access, std::string_view uid);

/// Gives every uid its token. Returns what went wrong, or nothing.
std::string make_users(const http_access& access,
                       const std::vector<std::string>& uids);

/// Makes a group of `uids`. Returns what went wrong, or nothing.
std::string make_group(const http_access& access, const std::string& id,
                       const std::vector<std::string>& uids);

/// Fetches a page without a token; empty if there is none.
std::string fetch_page(const client::endpoint& server, const std::string& path);

} // namespace jindou::bench
