#include "configs/manual.hpp"
#include "configs/strict_load.hpp"
#include "tests/fuzz/target.hpp"

// The configuration file: a bounded answer for any bytes; what is taken is
// written by `dump` and read again as the same.

namespace jindou::fuzz {

namespace {

void run(byte_span input) {
  configs::options chosen;
  auto report = configs::strict_load(as_text(input), "fuzz", chosen);
  require(report.faults.size() <= configs::faults_max);
  for (auto& x : report.faults)
    require(configs::to_string(x).size() < 1'000);
  if (!report.faults.empty())
    return;
  auto text = configs::dump(chosen);
  configs::options again;
  require(configs::strict_load(text, "dump", again).faults.empty());
  require(configs::dump(again) == text);
}

inputs seeds() {
  inputs res{bytes_of("[node]\nid = 7\ndata-dir = \"x\"\n"),
             bytes_of("[gateway]\ntcp-addr = \"127.0.0.1:1\"\n"
                      "conn-idle-time = 90s ; idle\n"),
             bytes_of("[log]\nlevel = \"debug\"\n[log.levels]\n"
                      "storage = 'warn'\n"),
             bytes_of("[auth]\ntoken-auth-on = false\n"),
             bytes_of("node { id = 1 }\n"),
             bytes_of("[node]\nid = [1, {a = <b>}, 1.5e3, 0x10]\n")};
  auto manual = configs::manual();
  for (std::size_t at = 0; at < manual.size(); at += 2'000)
    res.push_back(bytes_of(manual.substr(at, 2'000)));
  configs::options defaults;
  res.push_back(bytes_of(configs::dump(defaults)));
  return res;
}

} // namespace

const target config{"config", run, seeds};

} // namespace jindou::fuzz
