#include "apps/node/banner.hpp"

#include "configs/address.hpp"

#include <spdlog/fmt/fmt.h>

#include <utility>

namespace jindou::app {

namespace {

/// Where somebody on this machine reaches a listener that is bound to `addr`.
std::string from_here(const std::string& addr) {
  auto x = configs::parse_address(addr);
  if (!x || !configs::takes_all(*x))
    return addr;
  x->ip = x->ip == "::" ? "::1" : "127.0.0.1";
  return to_string(*x);
}

} // namespace

std::string with_port(const std::string& addr, std::uint16_t port) {
  auto ip = configs::parse_address(addr)->ip; // checked by configs
  return to_string(configs::address{std::move(ip), port});
}

std::string command_of(const std::filesystem::path& folder,
                       const std::string& name,
                       const std::filesystem::path& here,
                       std::string_view search) {
  auto folders = fmt::format(":{}:", search);
  if (folders.find(fmt::format(":{}:", folder.native())) != folders.npos)
    return name;
  auto path = folder / name;
  auto near = path.lexically_relative(here);
  if (near.empty() || *near.begin() == "..")
    return path.native();
  auto beside = near.native().find('/') == std::string::npos; // not looked for
  return beside ? "./" + near.native() : near.native();
}

std::string banner(const banner_facts& x) {
  auto header = x.token_file.empty()
                  ? std::string{}
                  : fmt::format("-H \"token: $(cat {})\" ", x.token_file);
  std::string res;
  res += fmt::format("jindou {} is ready ({:.0f} ms), data in {}\n", x.version,
                     x.start_ms, x.data_dir);
  res += fmt::format("  clients   tcp {}   ws {}\n", x.tcp, x.ws);
  if (!x.tls.empty())
    res += fmt::format("  over TLS  tls {}\n", x.tls);
  if (!x.wss.empty())
    res += fmt::format("  over TLS  wss {}\n", x.wss);
  res += fmt::format("  back end  http {}   monitor {}\n", x.http, x.monitor);
  res += x.token_file.empty()
           ? std::string{"  the HTTP API asks for no token\n"}
           : fmt::format("  manager token in {}\n", x.token_file);
  if (x.demo)
    res += fmt::format("  demo page http://{}/demo/\n", x.http);
  res += "A first message, from another terminal:\n";
  for (auto* uid : {"alice", "bob"})
    res
      += fmt::format("  curl {}-d '{{\"uid\":\"{}\",\"token\":\"{}-secret\"}}' "
                     "http://{}/user/token\n",
                     header, uid, uid, from_here(x.http));
  auto tcp = from_here(x.tcp);
  res += fmt::format("  {} listen --addr {} --uid bob --token bob-secret "
                     "--count 1 &\n",
                     x.client, tcp);
  res += fmt::format("  {} send --addr {} --uid alice --token alice-secret "
                     "--to bob \"hello\"\n",
                     x.client, tcp);
  return res;
}

} // namespace jindou::app
