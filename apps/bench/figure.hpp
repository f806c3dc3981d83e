#pragma once

#include "apps/bench/histogram.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace jindou::bench {

/// One measured quantity, once per run.
struct figure {
  std::string name; // stable, e.g. "pairs.window_16.delivered"
  std::string unit;
  std::vector<double> runs;

  double median() const;
  double min() const;
  double max() const;
};

/// What one benchmark found.
struct report {
  std::string benchmark;
  /// How it was run, for whoever reads the figures later.
  std::vector<std::pair<std::string, std::string>> options;
  std::vector<figure> figures;
  /// Counts that must be zero.
  std::vector<std::pair<std::string, std::uint64_t>> faults;

  /// Returns the figure `name`, made when it is new.
  figure& at(const std::string& name, const std::string& unit);

  /// Adds the quantiles of one run: `name`.p50, .p99, .p999 and .max in ms.
  void add_latency(const std::string& name, const histogram& ns);

  /// Adds only `name`.p50 and .p99, where many figures stand side by side.
  void add_quantiles(const std::string& name, const histogram& ns);

  bool sound() const;
};

/// Adds the figures of `more` to `to`, run by run.
void append_runs(report& to, const report& more);

nlohmann::json to_json(const report& r);

/// Reads what `to_json` wrote. False: `x` is no report.
bool from_json(const nlohmann::json& x, report& r);

/// Lays out a report as a table.
std::string to_table(const report& r);

/// Lays out the figures that have a floor (docs/performance.md), with the ratio
/// to the echo ceiling where one was measured too.
std::string summary_table(const std::vector<report>& reports);

/// The same as JSON.
nlohmann::json summary_json(const std::vector<report>& reports);

} // namespace jindou::bench
