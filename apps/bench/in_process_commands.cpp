#include "apps/bench/actor_cost.hpp"
#include "apps/bench/commands.hpp"
#include "apps/bench/isolation.hpp"
#include "apps/bench/options.hpp"
#include "apps/bench/outcome.hpp"
#include "apps/bench/pools.hpp"
#include "apps/bench/push_pool.hpp"
#include "apps/bench/storage.hpp"
#include "apps/bench/user_pool.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <memory>

namespace jindou::bench {

namespace {

void add_pools(CLI::App& app, int& code) {
  auto w = std::make_shared<words>();
  auto o = std::make_shared<pools_options>();
  auto* cmd = app.add_subcommand(
    "pools", "A whole node in this process, without sockets");
  add_plan_options(*cmd, *w);
  add_output_option(*cmd, *w);
  cmd
    ->add_option("--data-dir", o->data_dir, "Folder that is made for its store")
    ->capture_default_str();
  cmd->add_option("--channels", o->channels, "Channels, one sender in each")
    ->capture_default_str()
    ->check(CLI::Range(2, 1'000'000));
  cmd->add_option("--rate", o->rate, "Messages per second of all senders")
    ->capture_default_str()
    ->check(CLI::Range(1, 10'000'000));
  cmd->add_option("--batch", o->batch, "Messages that arrive together")
    ->capture_default_str()
    ->check(CLI::Range(1, 100));
  cmd->add_option("--payload", o->payload_bytes, "Bytes of a message")
    ->capture_default_str()
    ->check(CLI::Range(1, 500'000));
  on_run(
    *cmd, w, code, [w, o] { return complete(*w, o->when); },
    [o](std::string& fault) { return run_pools(*o, fault); });
}

void add_isolation(CLI::App& app, int& code) {
  auto w = std::make_shared<words>();
  auto o = std::make_shared<isolation_options>();
  auto* cmd = app.add_subcommand(
    "isolation", "What users notice of floods, storms and stuck handlers");
  cmd->footer("Example:\n  jindou-bench isolation --runs 3 --duration 10s");
  add_plan_options(*cmd, *w);
  add_output_option(*cmd, *w);
  cmd
    ->add_option("--data-dir", o->data_dir, "Folder that is made for its store")
    ->capture_default_str();
  cmd->add_option("--victims", o->victims, "Users that are watched")
    ->capture_default_str()
    ->check(CLI::Range(20, 100'000));
  cmd->add_option("--rate", o->rate, "Messages per second of all of them")
    ->capture_default_str()
    ->check(CLI::Range(100, 1'000'000));
  cmd->add_option("--flood", o->flood, "SENDs per second of a flood")
    ->capture_default_str()
    ->check(CLI::Range(100, 10'000'000));
  cmd->add_option("--crowd", o->crowd, "Members of the group of the storm")
    ->capture_default_str()
    ->check(CLI::Range(1, 100'000));
  cmd->add_option("--storm", o->storm, "Messages per second in that group")
    ->capture_default_str()
    ->check(CLI::Range(1, 100'000));
  cmd->add_option("--payload", o->payload_bytes, "Bytes of a message")
    ->capture_default_str()
    ->check(CLI::Range(24, 500'000));
  on_run(
    *cmd, w, code, [w, o] { return complete(*w, o->when); },
    [o](std::string& fault) { return run_isolation(*o, fault); });
}

void add_storage(CLI::App& app, int& code) {
  auto w = std::make_shared<words>();
  auto o = std::make_shared<storage_options>();
  auto* cmd = app.add_subcommand("storage", "The writer of the store alone");
  add_plan_options(*cmd, *w);
  add_output_option(*cmd, *w);
  cmd
    ->add_option("--data-dir", o->data_dir, "Folder that is made for the store")
    ->capture_default_str();
  cmd->add_option("--payload", o->payload_bytes, "Bytes of a message")
    ->capture_default_str()
    ->check(CLI::Range(1, 500'000));
  on_run(
    *cmd, w, code, [w, o] { return complete(*w, o->when); },
    [o](std::string& fault) { return run_storage(*o, fault); });
}

void add_user_pool(CLI::App& app, int& code) {
  auto w = std::make_shared<words>();
  auto o = std::make_shared<user_pool_options>();
  auto* cmd = app.add_subcommand(
    "pools-user", "The pool of users alone: as fast as it can, then half");
  cmd->footer("Examples:\n  jindou-bench pools-user --batch 8\n"
              "  jindou-bench pools-user --event recvack --users 1000");
  add_plan_options(*cmd, *w);
  add_output_option(*cmd, *w);
  cmd->add_option("--users", o->users, "Users, who take turns")
    ->capture_default_str()
    ->check(CLI::Range(1, 10'000'000));
  cmd->add_option("--batch", o->batch, "Events that arrive together")
    ->capture_default_str()
    ->check(CLI::Range(1, 100));
  cmd->add_option("--window", o->window, "Batches under way")
    ->capture_default_str()
    ->check(CLI::Range(1, 1'000'000));
  cmd->add_option("--payload", o->payload_bytes, "Bytes of a message")
    ->capture_default_str()
    ->check(CLI::Range(1, 500'000));
  auto event = std::make_shared<std::string>("send");
  cmd->add_option("--event", *event, "What users get: send or recvack")
    ->capture_default_str()
    ->check(CLI::IsMember({"send", "recvack"}));
  on_run(
    *cmd, w, code, [w, o] { return complete(*w, o->when); },
    [o, event](std::string& fault) {
      o->recvack = *event == "recvack";
      return run_user_pool(*o, fault);
    });
}

void add_push_pool(CLI::App& app, int& code) {
  auto w = std::make_shared<words>();
  auto o = std::make_shared<push_pool_options>();
  auto* cmd = app.add_subcommand(
    "pools-pusher", "The pool of pushers alone: as fast as it can, then half");
  cmd->footer("Examples:\n  jindou-bench pools-pusher --receivers 10000\n"
              "  jindou-bench pools-pusher --encrypted --batch 8");
  add_plan_options(*cmd, *w);
  add_output_option(*cmd, *w);
  cmd->add_option("--channels", o->channels, "Groups of all receivers")
    ->capture_default_str()
    ->check(CLI::Range(1, 1'000'000));
  cmd->add_option("--receivers", o->receivers, "Receivers, all online")
    ->capture_default_str()
    ->check(CLI::Range(1, 1'000'000));
  cmd->add_option("--batch", o->batch, "Messages that are pushed together")
    ->capture_default_str()
    ->check(CLI::Range(1, 100));
  cmd->add_option("--window", o->window, "Deliveries under way")
    ->capture_default_str()
    ->check(CLI::Range(1, 100'000'000));
  cmd->add_option("--payload", o->payload_bytes, "Bytes of a message")
    ->capture_default_str()
    ->check(CLI::Range(1, 500'000));
  cmd->add_flag("--encrypted", o->encrypted, "For each receiver by itself");
  on_run(
    *cmd, w, code, [w, o] { return complete(*w, o->when); },
    [o](std::string& fault) { return run_push_pool(*o, fault); });
}

void add_actor(CLI::App& app, int& code) {
  auto w = std::make_shared<words>();
  auto o = std::make_shared<actor_options>();
  auto* cmd = app.add_subcommand(
    "actor", "What the base class costs beside a plain actor of CAF");
  cmd->footer("Example:\n  jindou-bench actor --actors 100000 --runs 5");
  add_plan_options(*cmd, *w);
  add_output_option(*cmd, *w);
  cmd->add_option("--actors", o->actors, "Actors of each kind")
    ->capture_default_str()
    ->check(CLI::Range(1, 1'000'000));
  on_run(
    *cmd, w, code, [w, o] { return complete(*w, o->when); },
    [o](std::string& fault) { return run_actor(*o, fault); });
}

} // namespace

void add_in_process_commands(CLI::App& app, int& code) {
  add_pools(app, code);
  add_isolation(app, code);
  add_storage(app, code);
  add_user_pool(app, code);
  add_push_pool(app, code);
  add_actor(app, code);
}

} // namespace jindou::bench
