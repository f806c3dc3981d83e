#include "apps/client/commands.hpp"
#include "apps/client/words.hpp"
#include "configs/version.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <iostream>

namespace {

using namespace jindou::client;

constexpr const char* about = "A small client of the IM protocol.";

constexpr const char* examples
  = "Examples:\n"
    "  jindou-client listen --uid u2 --token t2\n"
    "  jindou-client send --uid u1 --token t1 --to u2 \"hello\"\n"
    "  jindou-client send --uid u1 --token t1 --group g1 \"hello all\"\n"
    "  jindou-client listen --uid u2 --token t2 --count 1 --timeout 10s "
    "--json\n"
    "\n"
    "Exit codes: 0 done, 1 failed, 2 wrong use, 3 cannot connect, 4 refused,\n"
    "130 interrupted.\n";

struct arguments {
  send_options send;
  listen_options listen;
  std::string group;
  std::string timeout;
};

void add_login(CLI::App& to, login_options& options, arguments& args) {
  to.add_option("--uid", options.who.uid, "Who logs in")->required();
  to.add_option("--token", options.who.token,
                "The token that POST /user/token was given");
  to.add_option("--addr", options.address, "Address of the node")
    ->capture_default_str();
  to.add_option("--device-flag", options.who.device_flag, "0 app, 1 web, 2 pc")
    ->capture_default_str();
  to.add_option("--timeout", args.timeout,
                "How long to wait, like 500ms or 2m");
  to.add_flag("--json", options.json, "Print JSON, one object per line");
}

void add_send(CLI::App& app, arguments& args) {
  auto& options = args.send;
  auto* cmd = app.add_subcommand(
    "send", "Sends one message and waits until it is safe (default 10s)");
  add_login(*cmd, options.session, args);
  auto* to = cmd->add_option("--to", options.channel,
                             "The uid or channel that gets the message");
  auto* type = cmd
                 ->add_option("--channel-type", options.channel_type,
                              "Type of the channel given by --to; 1 person")
                 ->capture_default_str();
  cmd->add_option("--group", args.group, "A group, instead of --to")
    ->excludes(to)
    ->excludes(type);
  cmd->add_flag("--raw", options.raw,
                "Send the text as it is, not as {\"type\":1,\"content\":...}");
  cmd->add_flag("--no-persist", options.no_persist, "Do not store it");
  cmd->add_option("text", options.text, "The message")->required();
}

void add_listen(CLI::App& app, arguments& args) {
  auto& options = args.listen;
  auto* cmd = app.add_subcommand(
    "listen", "Prints and acknowledges messages as they come");
  add_login(*cmd, options.session, args);
  cmd->add_option("--count", options.count, "End after so many messages")
    ->capture_default_str();
}

int usage_error(const std::string& text) {
  std::cerr << "jindou-client: " << text << "; see --help\n";
  return exit_code::usage;
}

/// Turns words into values; an empty text means that all is well.
std::string complete(login_options& options, const arguments& args,
                     std::chrono::milliseconds timeout) {
  options.timeout = timeout;
  options.who.device_id = "jindou-client-" + random_name();
  if (!args.timeout.empty()) {
    auto t = parse_duration(args.timeout);
    if (!t)
      return "--timeout is no duration like 10s: " + args.timeout;
    options.timeout = *t;
  }
  auto server = parse_address(options.address);
  if (!server)
    return "--addr is no address like 127.0.0.1:5100: " + options.address;
  options.server = *server;
  return "";
}

int run_send_command(arguments& args) {
  auto& options = args.send;
  if (!args.group.empty()) {
    options.channel = args.group;
    options.channel_type = 2;
  }
  if (options.channel.empty())
    return usage_error("give --to or --group");
  auto bad = complete(options.session, args, std::chrono::seconds{10});
  return bad.empty() ? run_send(options) : usage_error(bad);
}

int run_listen_command(arguments& args) {
  auto& options = args.listen;
  auto bad = complete(options.session, args, std::chrono::seconds{0});
  return bad.empty() ? run_listen(options) : usage_error(bad);
}

} // namespace

int main(int argc, char** argv) {
  arguments args;
  CLI::App app{about, "jindou-client"};
  app.footer(examples);
  app.set_version_flag("--version", "jindou-client "
                                      + std::string{jindou::configs::version});
  app.require_subcommand(1);
  add_send(app, args);
  add_listen(app, args);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? exit_code::ok : exit_code::usage;
  }
  return app.got_subcommand("send") ? run_send_command(args)
                                    : run_listen_command(args);
}
