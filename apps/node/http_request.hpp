#pragma once

#include "messages/result.hpp"

#include <string>

namespace jindou::app {

struct plain_answer {
  int status = 0;
  std::string body;
};

/// One request to a node on this machine, for the errands of the command line.
/// Errors: what went wrong, in words.
result<plain_answer, std::string> http_request(const std::string& address,
                                               const std::string& method_path,
                                               const std::string& token,
                                               const std::string& body);

} // namespace jindou::app
