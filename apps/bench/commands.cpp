#include "apps/bench/commands.hpp"

#include "apps/bench/brokers/broker_load.hpp"
#include "apps/bench/crowd.hpp"
#include "apps/bench/echo.hpp"
#include "apps/bench/fanout.hpp"
#include "apps/bench/history.hpp"
#include "apps/bench/idle.hpp"
#include "apps/bench/options.hpp"
#include "apps/bench/outcome.hpp"
#include "apps/bench/pairs.hpp"
#include "apps/client/words.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>

namespace jindou::bench {

namespace {

void add_pairs_options(CLI::App& cmd, pairs_options& o) {
  cmd.add_option("--pairs", o.pairs, "Senders, each with a receiver")
    ->capture_default_str()
    ->check(CLI::Range(1, 10'000));
  cmd.add_option("--payload", o.payload_bytes, "Bytes of a message, 24 up")
    ->capture_default_str()
    ->check(CLI::Range(24, 500'000));
  auto* window
    = cmd.add_option("--window", o.window, "Unanswered messages of one sender");
  window->capture_default_str()->check(CLI::Range(1, 1'024));
  cmd
    .add_option("--rate", o.rate,
                "Messages per second of all senders, sent on time whatever "
                "the server does")
    ->excludes(window);
  cmd.add_flag("--no-persist", o.no_persist, "Messages are not stored");
  cmd.add_flag("--no-encrypt", o.no_encrypt,
               "Insist on a server with disable-encryption");
  cmd.add_option("--prefix", o.uid_prefix, "Begins every uid")
    ->capture_default_str();
  cmd.add_flag("--overload", o.overload,
               "What the server refuses is a figure and no fault");
  cmd
    .add_option("--verify-every", o.verify_every,
                "Check msgKey and payload of every n-th message received")
    ->capture_default_str()
    ->check(CLI::Range(1, 1'000'000));
}

void add_pairs(CLI::App& app, int& code) {
  auto w = std::make_shared<words>();
  auto o = std::make_shared<pairs_options>();
  auto* cmd = app.add_subcommand(
    "pairs", "1:1 messages: rate, time to SENDACK and to RECV");
  add_server_options(*cmd, *w);
  add_plan_options(*cmd, *w);
  add_output_option(*cmd, *w);
  add_pairs_options(*cmd, *o);
  on_run(
    *cmd, w, code,
    [w, o] {
      return complete(*w, o->server) + complete(*w, o->http)
             + complete(*w, o->when);
    },
    [o](std::string& fault) {
      fault = allow_sockets(2 * o->pairs);
      client::thread_kit kit;
      return fault.empty() ? run_pairs(kit, *o, fault) : report{};
    });
}

void add_echo(CLI::App& app, int& code) {
  auto w = std::make_shared<words>();
  auto o = std::make_shared<echo_options>();
  auto* cmd = app.add_subcommand(
    "echo", "What this machine can do at most: a server that only echoes");
  add_plan_options(*cmd, *w);
  add_output_option(*cmd, *w);
  cmd->add_option("--connections", o->connections, "Connections")
    ->capture_default_str()
    ->check(CLI::Range(1, 10'000));
  cmd->add_option("--bytes", o->bytes, "Bytes of a message")
    ->capture_default_str()
    ->check(CLI::Range(1, 100'000));
  cmd->add_option("--window", o->window, "Messages under way per connection")
    ->capture_default_str()
    ->check(CLI::Range(1, 1'024));
  on_run(
    *cmd, w, code, [w, o] { return complete(*w, o->when); },
    [o](std::string& fault) {
      fault = allow_sockets(2 * o->connections);
      return fault.empty() ? run_echo(*o, fault) : report{};
    });
}

void add_idle(CLI::App& app, int& code) {
  auto w = std::make_shared<words>();
  auto o = std::make_shared<idle_options>();
  auto* cmd = app.add_subcommand("idle", "Memory of the server per idle user");
  add_server_options(*cmd, *w);
  add_output_option(*cmd, *w);
  cmd->add_option("--users", o->users, "Users that are counted")
    ->capture_default_str()
    ->check(CLI::Range(1, 1'000'000));
  cmd->add_option("--before", o->before, "Users before the first reading")
    ->capture_default_str();
  auto* pid = cmd->add_option("--pid", o->pid, "Process of the server");
  auto* monitor = cmd->add_option("--monitor", w->monitor,
                                  "Where the server shows /metrics, instead");
  monitor->excludes(pid);
  on_run(
    *cmd, w, code,
    [w, o] {
      auto bad = complete(*w, o->server) + complete(*w, o->http);
      if (!w->monitor.empty())
        if (o->monitor = client::parse_address(w->monitor); !o->monitor)
          bad += "--monitor is no address like 127.0.0.1:5300";
      if (o->pid == 0 && w->monitor.empty())
        bad += "give --pid or --monitor";
      return bad;
    },
    [o](std::string& fault) { return run_idle(*o, fault); });
}

void add_fanout(CLI::App& app, int& code) {
  auto w = std::make_shared<words>();
  auto o = std::make_shared<fanout_options>();
  auto* cmd = app.add_subcommand("fanout", "A group whose members are online");
  add_server_options(*cmd, *w);
  add_plan_options(*cmd, *w);
  add_output_option(*cmd, *w);
  cmd->add_option("--receivers", o->receivers, "Members besides the sender")
    ->capture_default_str()
    ->check(CLI::Range(1, 100'000));
  cmd->add_option("--payload", o->payload_bytes, "Bytes of a message")
    ->capture_default_str()
    ->check(CLI::Range(1, 500'000));
  cmd
    ->add_option("--window", o->window,
                 "Messages under way until the last member has them")
    ->capture_default_str()
    ->check(CLI::Range(1, 1'000));
  on_run(
    *cmd, w, code,
    [w, o] {
      return complete(*w, o->server) + complete(*w, o->http)
             + complete(*w, o->when);
    },
    [o](std::string& fault) { return run_fanout(*o, fault); });
}

void add_history_options(CLI::App& cmd, history_options& o) {
  cmd.add_option("--channels", o.channels, "Channels that hold messages")
    ->capture_default_str()
    ->check(CLI::Range(1, 10'000'000));
  cmd.add_option("--messages", o.messages, "Messages in each of them")
    ->capture_default_str()
    ->check(CLI::Range(1, 10'000));
  cmd.add_option("--payload", o.payload_bytes, "Bytes of a message")
    ->capture_default_str()
    ->check(CLI::Range(1, 500'000));
  cmd.add_flag("!--no-fill", o.fill, "They are there from a run before");
  cmd.add_option("--connections", o.connections, "Connections that read")
    ->capture_default_str()
    ->check(CLI::Range(1, 1'000));
  cmd.add_option("--limit", o.limit, "Messages that a read asks for")
    ->capture_default_str()
    ->check(CLI::Range(1, 10'000));
  cmd.add_option("--seed", o.seed, "Chooses the channels that are read")
    ->capture_default_str();
}

void add_history(CLI::App& app, int& code) {
  auto w = std::make_shared<words>();
  auto o = std::make_shared<history_options>();
  auto* cmd = app.add_subcommand(
    "history", "Time to read the newest messages of a channel over HTTP");
  cmd->footer("Example:\n  jindou-bench history --http 127.0.0.1:5001 \\\n"
              "    --manager-token-file data/manager.token");
  add_http_options(*cmd, *w);
  add_plan_options(*cmd, *w);
  add_output_option(*cmd, *w);
  add_history_options(*cmd, *o);
  on_run(
    *cmd, w, code,
    [w, o] {
      auto bad = complete(*w, o->http) + complete(*w, o->when);
      if (w->http.empty())
        bad += "give --http";
      return bad;
    },
    [o](std::string& fault) {
      fault = allow_sockets(o->connections);
      client::thread_kit kit;
      return fault.empty() ? run_history(kit, *o, fault) : report{};
    });
}

void add_broker_options(CLI::App& cmd, broker_options& o) {
  const std::map<std::string, broker> protocols{
    {"jindou", broker::jindou}, {"mqtt", broker::mqtt}, {"nats", broker::nats}};
  cmd.add_option("--protocol", o.link.protocol, "jindou, mqtt or nats")
    ->transform(CLI::CheckedTransformer{protocols})
    ->default_str("jindou");
  cmd.add_option("--label", o.label, "Names the figures")
    ->capture_default_str();
  cmd.add_option("--pairs", o.pairs, "Senders, each with a receiver")
    ->capture_default_str()
    ->check(CLI::Range(1, 10'000));
  cmd
    .add_option("--receivers", o.receivers,
                "Instead one sender with so many receivers")
    ->check(CLI::Range(1, 100'000));
  cmd.add_option("--window", o.window, "Messages of a sender under way")
    ->capture_default_str()
    ->check(CLI::Range(1, 1'024));
  cmd.add_option("--payload", o.payload_bytes, "Bytes of a message")
    ->capture_default_str()
    ->check(CLI::Range(24, 500'000));
  cmd.add_flag("--no-persist", o.link.no_persist,
               "jindou: messages are not stored");
  cmd.add_option("--pid", o.pid, "Process of the server: its time is shown");
}

void add_broker(CLI::App& app, int& code) {
  auto w = std::make_shared<words>();
  auto o = std::make_shared<broker_options>();
  auto* cmd = app.add_subcommand(
    "broker", "The same load for servers of other protocols");
  cmd->footer("Examples:\n"
              "  jindou-bench broker --protocol mqtt --addr 127.0.0.1:1883 \\\n"
              "    --label mosquitto --window 16\n"
              "  jindou-bench broker --protocol nats --addr 127.0.0.1:4222 \\\n"
              "    --label nats --receivers 1000");
  add_server_options(*cmd, *w);
  add_plan_options(*cmd, *w);
  add_output_option(*cmd, *w);
  add_broker_options(*cmd, *o);
  on_run(
    *cmd, w, code,
    [w, o] {
      return complete(*w, o->server) + complete(*w, o->http)
             + complete(*w, o->when);
    },
    [o](std::string& fault) { return run_broker(*o, fault); });
}

int summarize(const std::vector<std::string>& files, bool json) {
  std::vector<report> reports;
  for (auto& name : files) {
    std::ifstream in{name};
    report r;
    if (!from_json(nlohmann::json::parse(in, nullptr, false), r))
      return failed(name + " holds no report of jindou-bench --json");
    auto same = [&r](const report& x) { return x.benchmark == r.benchmark; };
    auto i = std::find_if(reports.begin(), reports.end(), same);
    if (i == reports.end())
      reports.push_back(std::move(r));
    else
      append_runs(*i, r);
  }
  if (json)
    std::cout << summary_json(reports).dump(2) << std::endl;
  else
    std::cout << summary_table(reports) << std::flush;
  return client::exit_code::ok;
}

void add_summary(CLI::App& app, int& code) {
  auto w = std::make_shared<words>();
  auto files = std::make_shared<std::vector<std::string>>();
  auto* cmd = app.add_subcommand(
    "summary", "Lays reports (--json) beside floors and targets");
  add_output_option(*cmd, *w);
  cmd->add_option("files", *files, "Reports")->required();
  cmd->callback([w, files, &code] { code = summarize(*files, w->json); });
}

} // namespace

void add_commands(CLI::App& app, int& code) {
  add_pairs(app, code);
  add_fanout(app, code);
  add_idle(app, code);
  add_history(app, code);
  add_broker(app, code);
  add_echo(app, code);
  add_summary(app, code);
}

} // namespace jindou::bench
