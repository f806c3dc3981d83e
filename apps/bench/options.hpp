#pragma once

#include "apps/bench/accounts.hpp"
#include "apps/bench/conductor.hpp"

#include <CLI/App.hpp>

#include <string>

namespace jindou::bench {

/// Options as they stand on the command line, before they mean anything.
struct words {
  std::string server = "127.0.0.1:5100";
  std::string http;
  std::string token_file;
  std::string monitor;
  std::string warmup = "2s";
  std::string duration = "5s";
  std::string drain_max = "5s";
  unsigned runs = 5;
  bool json = false;
};

void add_output_option(CLI::App& to, words& w);
void add_server_options(CLI::App& to, words& w);
void add_http_options(CLI::App& to, words& w); // part of the former
void add_plan_options(CLI::App& to, words& w);

/// Gives the words their meaning.
/// Returns what is wrong with them, or nothing.
std::string complete(const words& w, client::endpoint& server);
std::string complete(const words& w, http_access& access);
std::string complete(const words& w, plan& when);

} // namespace jindou::bench
