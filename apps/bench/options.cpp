#include "apps/bench/options.hpp"

#include "apps/client/words.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <fstream>

namespace jindou::bench {

void add_output_option(CLI::App& to, words& w) {
  to.add_flag("--json", w.json, "Print one JSON object instead of a table");
}

void add_server_options(CLI::App& to, words& w) {
  to.add_option("--addr", w.server, "Address for IM clients")
    ->capture_default_str();
  add_http_options(to, w);
}

void add_http_options(CLI::App& to, words& w) {
  to.add_option("--http", w.http,
                "Address of the HTTP API, where users get their tokens; "
                "without it logins carry no token");
  to.add_option("--manager-token-file", w.token_file,
                "File that holds the manager token for --http");
}

void add_plan_options(CLI::App& to, words& w) {
  to.add_option("--warmup", w.warmup, "Time before the first run")
    ->capture_default_str();
  to.add_option("--duration", w.duration, "Time of one run")
    ->capture_default_str();
  to.add_option("--drain-max", w.drain_max,
                "How long answers are awaited in the end")
    ->capture_default_str();
  to.add_option("--runs", w.runs, "Number of runs")
    ->capture_default_str()
    ->check(CLI::Range(1, 1'000));
}

std::string complete(const words& w, client::endpoint& server) {
  auto found = client::parse_address(w.server);
  if (!found)
    return "--addr is no address like 127.0.0.1:5100: " + w.server;
  server = *found;
  return {};
}

std::string complete(const words& w, http_access& access) {
  if (w.http.empty())
    return {};
  auto found = client::parse_address(w.http);
  if (!found)
    return "--http is no address like 127.0.0.1:5001: " + w.http;
  access.address = w.http;
  access.server = *found;
  if (w.token_file.empty())
    return {};
  std::ifstream in{w.token_file};
  if (!(in >> access.manager_token))
    return "cannot read a token from " + w.token_file;
  return {};
}

std::string complete(const words& w, plan& when) {
  auto warmup = client::parse_duration(w.warmup);
  auto duration = client::parse_duration(w.duration);
  auto drain_max = client::parse_duration(w.drain_max);
  if (!warmup || !duration || duration->count() == 0 || !drain_max)
    return "--warmup, --duration and --drain-max are durations like 10s";
  when.drain_max = *drain_max;
  when.warmup = *warmup;
  when.duration = *duration;
  when.runs = w.runs;
  return {};
}

} // namespace jindou::bench
