#include "apps/bench/actor_cost.hpp"
#include "apps/bench/commands.hpp"
#include "apps/bench/options.hpp"
#include "apps/bench/outcome.hpp"
#include "apps/bench/pools.hpp"
#include "apps/bench/storage.hpp"

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
  cmd->callback([w, o, &code] {
    if (auto bad = complete(*w, o->when); !bad.empty()) {
      code = wrong_use(bad);
      return;
    }
    std::string fault;
    auto r = run_pools(*o, fault);
    code = print(r, fault, w->json);
  });
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
  cmd->callback([w, o, &code] {
    if (auto bad = complete(*w, o->when); !bad.empty()) {
      code = wrong_use(bad);
      return;
    }
    std::string fault;
    auto r = run_storage(*o, fault);
    code = print(r, fault, w->json);
  });
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
  cmd->callback([w, o, &code] {
    if (auto bad = complete(*w, o->when); !bad.empty()) {
      code = wrong_use(bad);
      return;
    }
    std::string fault;
    auto r = run_actor(*o, fault);
    code = print(r, fault, w->json);
  });
}

} // namespace

void add_in_process_commands(CLI::App& app, int& code) {
  add_pools(app, code);
  add_storage(app, code);
  add_actor(app, code);
}

} // namespace jindou::bench
