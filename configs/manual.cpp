#include "configs/manual.hpp"

#include "configs/option_table.hpp"
#include "configs/value.hpp"
#include "configs/version.hpp"

#include <caf/config.hpp>

namespace jindou::configs {

namespace {

constexpr const char* manual_head
  = R"(; Every option of a jindou node, each set to its default.
; Copy what you change into a file of your own and start the node with
;   jindou-node --config-file=your.conf
; or give a single value on the command line, where texts need no quotes:
;   jindou-node --gateway.tcp-addr=0.0.0.0:5100
; Comments begin with ';'. Times carry a unit: h, min, s, ms, us or ns.
; This file is printed by `jindou-node --manual`; a test compares the two.
)";

constexpr const char* help_head = R"(usage: jindou-node [argument]...

A node of the instant-messaging server jindou.

  --config-file=FILE   read options from FILE (jindou reads no other file)
  --SECTION.KEY=VALUE  set one option; wins over the file
  --check-config       say whether file and arguments are good, and exit
  --dump-config        print the options in force as a file, and exit
  --manual             print configs/node.conf, and exit
  --help               print this text, and exit
  --version            print the version, and exit
  --backup-to DIR      have the running node copy its store into DIR, which
                       must be empty or not there, and exit
  --restore-from DIR   make node.data-dir from such a copy, and exit

examples:
  jindou-node --config-file=configs/single.conf
  jindou-node --config-file=configs/single.conf --check-config
  jindou-node --node.data-dir=/var/lib/jindou --gateway.tcp-addr=0.0.0.0:5100
  jindou-node --log.level=debug --log.format=json --demo.on
  jindou-node --config-file=/etc/jindou/node.conf --backup-to=/srv/monday
  jindou-node --node.data-dir=/srv/jindou-new --restore-from=/srv/monday

exit codes: 0 stopped as asked, 1 could not start, do an errand or stop in time,
  2 wrong arguments, 74 the disk or a backup is bad, 78 wrong configuration,
  128 + n a second signal n

options (default in brackets):
)";

std::string line_of(const option& x, const options& values) {
  return std::string{x.name} + " = " + render(x, values) + "\n";
}

} // namespace

std::string manual() {
  options defaults;
  std::string out = manual_head;
  for (auto& part : section_table()) {
    out += "\n; " + std::string{part.sentence} + ".\n[" + std::string{part.name}
           + "]\n";
    for (auto& x : option_table())
      if (x.section == part.name)
        out += "\n; " + std::string{x.sentence} + ".\n; " + render_bounds(x)
               + (x.live ? "\n; SIGHUP takes a change over" : "") + "\n"
               + line_of(x, defaults);
  }
  return out;
}

std::string dump(const options& values) {
  std::string out;
  for (auto& part : section_table()) {
    out += (out.empty() ? "[" : "\n[") + std::string{part.name} + "]\n";
    for (auto& x : option_table())
      if (x.section == part.name)
        out += line_of(x, values);
  }
  return out;
}

std::string help() {
  options defaults;
  std::string out = help_head;
  for (auto& x : option_table())
    out += "  --" + full_name(x) + "\n      " + std::string{x.sentence} + "\n"
           + "      " + render_bounds(x) + " [" + render(x, defaults) + "]\n";
  return out;
}

std::string version_text() {
  constexpr auto caf_minor = CAF_VERSION / 100 % 100;
  constexpr auto caf_patch = CAF_VERSION % 100;
  return "jindou-node " + std::string{version} + " (CAF 0."
         + std::to_string(caf_minor) + "." + std::to_string(caf_patch) + ")\n";
}

} // namespace jindou::configs
