#include "configs/command_line.hpp"

#include "configs/manual.hpp"
#include "configs/option_table.hpp"
#include "configs/strict_load.hpp"
#include "configs/value.hpp"

#include <cstdio>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace jindou::configs {

namespace {

ending wrong_usage(const std::string& text) {
  return {exit_usage, "jindou-node: " + text + "\ntry: jindou-node --help\n"};
}

std::string unknown_argument(std::string_view name) {
  auto text = "unknown option --" + std::string{name.substr(0, 60)};
  if (auto near = nearest_name(name); !near.empty())
    text += ", did you mean --" + near + "?";
  return text;
}

/// What the arguments ask for, before anything is read.
struct request {
  std::optional<std::string> file;
  bool check = false;
  bool dump = false;
  errand_options errand;
  /// Option and text, in the order given.
  std::vector<std::pair<const option*, std::string>> values;
};

/// Sorts the arguments; the first one that is wrong ends it.
class sorter {
public:
  /// Returns an ending if the program is done.
  std::optional<ending> take(std::string_view argument) {
    if (!pending_.empty())
      return take_value(std::exchange(pending_, {}), std::string{argument});
    if (argument.size() < 3 || argument.substr(0, 2) != "--")
      return take_short(argument);
    auto equals = argument.find('=');
    auto name
      = argument.substr(2, equals == argument.npos ? equals : equals - 2);
    if (equals == argument.npos)
      return take_flag(name);
    return take_value(name, std::string{argument.substr(equals + 1)});
  }

  /// Returns an ending if the last argument lacks its value.
  std::optional<ending> finish() {
    if (!pending_.empty())
      return needs_value(pending_);
    if (asked.errand.backup_to.empty() || asked.errand.restore_from.empty())
      return std::nullopt;
    return wrong_usage("--backup-to and --restore-from exclude each other");
  }

  request asked;

private:
  static ending needs_value(std::string_view name) {
    return wrong_usage("--" + std::string{name} + " needs a value: --"
                       + std::string{name} + "=VALUE");
  }

  /// Where the directory of an errand goes, if it is one.
  std::string* errand(std::string_view name) {
    if (name == "backup-to")
      return &asked.errand.backup_to;
    return name == "restore-from" ? &asked.errand.restore_from : nullptr;
  }

  static std::optional<ending> take_short(std::string_view argument) {
    if (argument == "-h" || argument == "-?")
      return ending{exit_ok, help()};
    return wrong_usage("unexpected argument '"
                       + std::string{argument.substr(0, 60)} + "'");
  }

  std::optional<ending> take_flag(std::string_view name) {
    if (name == "help")
      return ending{exit_ok, help()};
    if (name == "version")
      return ending{exit_ok, version_text()};
    if (name == "manual")
      return ending{exit_ok, manual()};
    if (name == "check-config")
      asked.check = true;
    else if (name == "dump-config")
      asked.dump = true;
    else if (errand(name) != nullptr)
      pending_ = name; // a blank instead of '=' will do
    else
      return take_switch(name);
    return std::nullopt;
  }

  /// `--demo.on` means `--demo.on=true`.
  std::optional<ending> take_switch(std::string_view name) {
    if (auto known = find_option(name)) {
      options scratch;
      if (std::holds_alternative<bool*>(known->place(scratch)))
        return take_value(name, "true");
    } else if (name != "config-file") {
      return wrong_usage(unknown_argument(name));
    }
    return needs_value(name);
  }

  std::optional<ending> take_value(std::string_view name, std::string text) {
    if (!seen_.insert(std::string{name}).second)
      return wrong_usage("--" + std::string{name} + " is given twice");
    if (name == "config-file") {
      asked.file = std::move(text);
      return std::nullopt;
    }
    if (auto place = errand(name)) {
      if (text.empty() || text.starts_with("--"))
        return needs_value(name);
      *place = std::move(text);
      return std::nullopt;
    }
    auto known = find_option(name);
    if (known == nullptr)
      return wrong_usage(unknown_argument(name));
    asked.values.emplace_back(known, std::move(text));
    return std::nullopt;
  }

  std::set<std::string> seen_;
  std::string pending_;
};

std::string lines_of(const std::vector<fault>& faults) {
  std::string out;
  for (auto& x : faults)
    out += to_string(x) + "\n";
  return out;
}

/// Says where the values came from that do not fit each other.
ending misfit(fault found, const request& asked, const load_report& report) {
  for (auto& [known, text] : asked.values)
    if (full_name(*known) == found.key)
      return wrong_usage(found.text);
  if (asked.file)
    found.file = *asked.file;
  if (auto i = report.lines.find(found.key); i != report.lines.end())
    found.line = i->second;
  return {exit_config, to_string(found) + "\n"};
}

std::variant<options, ending> carry_out(const request& asked,
                                        const further_check& further) {
  options values;
  load_report report;
  if (asked.file)
    report = strict_load_file(*asked.file, values);
  if (!report.faults.empty())
    return ending{exit_config, lines_of(report.faults)};
  for (auto& [known, text] : asked.values)
    if (auto good = assign_text(*known, text, values); !good)
      return wrong_usage(good.error().text);
  if (auto good = validate(values); !good)
    return misfit(good.error(), asked, report);
  if (asked.dump)
    return ending{exit_ok, dump(values)};
  auto runs
    = asked.errand.backup_to.empty() && asked.errand.restore_from.empty();
  if (further && runs)
    if (auto good = further(values, asked.check); !good)
      return misfit(good.error(), asked, report);
  if (asked.check)
    return ending{exit_ok, asked.file.value_or("arguments") + ": good\n"};
  values.errand = asked.errand;
  return values;
}

} // namespace

std::variant<options, ending> parse(std::span<const std::string> arguments,
                                    const further_check& further) {
  sorter all;
  for (auto& x : arguments)
    if (auto done = all.take(x))
      return std::move(*done);
  if (auto done = all.finish())
    return std::move(*done);
  return carry_out(all.asked, further);
}

std::variant<options, ending> parse(int argc, const char* const* argv,
                                    const further_check& further) {
  std::vector<std::string> arguments;
  for (int i = 1; i < argc; ++i)
    arguments.emplace_back(argv[i]);
  return parse(arguments, further);
}

int finish(const ending& x) {
  std::fputs(x.text.c_str(), x.code == exit_ok ? stdout : stderr);
  return x.code;
}

} // namespace jindou::configs
