#pragma once

#include "actors/http/demo_files.hpp"
#include "actors/http/http_options.hpp"
#include "actors/http/loop_gate.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace jindou::actors::http {

/// What a caller gets back.
struct http_answer {
  unsigned status = 200;
  std::string body;
  std::string_view content_type = "application/json; charset=utf-8";
};

/// One request while it is being answered. Lives on the HTTP thread.
struct http_call {
  const http_options& options;
  const demo_files& demo;
  boost::asio::any_io_executor executor;
  /// The way back to the HTTP thread.
  std::shared_ptr<loop_gate> gate;
  std::chrono::steady_clock::time_point deadline;
  std::string_view path;
  /// As on the wire, without the question mark.
  std::string_view query;
  std::string_view body;
};

/// Answers one call; runs on the HTTP thread and may wait, never block.
using http_handler = boost::asio::awaitable<http_answer> (*)(http_call&);

} // namespace jindou::actors::http
