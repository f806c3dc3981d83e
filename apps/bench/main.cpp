#include "apps/bench/commands.hpp"
#include "apps/client/words.hpp"
#include "configs/version.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <string>

namespace {

constexpr const char* about
  = "Loads a server of the IM protocol and measures it.";

constexpr const char* examples
  = "Examples:\n"
    "  jindou-bench pairs --window 16 --http 127.0.0.1:5001 \\\n"
    "    --manager-token-file data/manager.token\n"
    "  jindou-bench pairs --rate 1000 --runs 3 --duration 10s\n"
    "  jindou-bench idle --users 10000 --monitor 127.0.0.1:5300\n"
    "  jindou-bench fanout --receivers 1000 --http 127.0.0.1:5001\n"
    "  jindou-bench history --http 127.0.0.1:5001\n"
    "  jindou-bench echo --window 16 --json > echo.json\n"
    "  jindou-bench pools --rate 200000\n"
    "  jindou-bench pools-user --batch 8\n"
    "  jindou-bench pools-pusher --encrypted\n"
    "  jindou-bench actor --actors 100000\n"
    "  jindou-bench summary echo.json pairs.json\n"
    "\n"
    "Tables and JSON go to standard output, progress to standard error.\n"
    "Exit codes: 0 done, 1 failed or unsound (lost messages, ...), 2 wrong "
    "use.\n";

} // namespace

int main(int argc, char** argv) {
  using namespace jindou;
  CLI::App app{about, "jindou-bench"};
  app.footer(examples);
  app.set_version_flag("--version",
                       "jindou-bench " + std::string{configs::version});
  app.require_subcommand(1);
  auto code = client::exit_code::ok;
  bench::add_commands(app, code);
  bench::add_in_process_commands(app, code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? client::exit_code::ok : client::exit_code::usage;
  }
  return code;
}
