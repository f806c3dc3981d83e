#include "apps/bench/figure.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace jindou::bench {

using nlohmann::json;

double figure::median() const {
  if (runs.empty())
    return 0;
  auto xs = runs;
  std::sort(xs.begin(), xs.end());
  auto mid = xs.size() / 2;
  return xs.size() % 2 == 1 ? xs[mid] : (xs[mid - 1] + xs[mid]) / 2;
}

double figure::min() const {
  return runs.empty() ? 0 : *std::min_element(runs.begin(), runs.end());
}

double figure::max() const {
  return runs.empty() ? 0 : *std::max_element(runs.begin(), runs.end());
}

figure& report::at(const std::string& name, const std::string& unit) {
  auto same = [&](const figure& f) { return f.name == name; };
  auto i = std::find_if(figures.begin(), figures.end(), same);
  if (i != figures.end())
    return *i;
  return figures.emplace_back(figure{name, unit, {}});
}

void report::add_quantiles(const std::string& name, const histogram& ns) {
  for (auto [which, q] : {std::pair{".p50", 0.5}, std::pair{".p99", 0.99}})
    at(name + which, "ms")
      .runs.push_back(static_cast<double>(ns.quantile(q)) / 1e6);
}

void report::add_latency(const std::string& name, const histogram& ns) {
  auto ms = [](std::uint64_t x) { return static_cast<double>(x) / 1e6; };
  at(name + ".p50", "ms").runs.push_back(ms(ns.quantile(0.5)));
  at(name + ".p99", "ms").runs.push_back(ms(ns.quantile(0.99)));
  at(name + ".p999", "ms").runs.push_back(ms(ns.quantile(0.999)));
  at(name + ".max", "ms").runs.push_back(ms(ns.max()));
}

bool report::sound() const {
  return std::all_of(faults.begin(), faults.end(),
                     [](const auto& x) { return x.second == 0; });
}

void append_runs(report& to, const report& more) {
  for (auto& f : more.figures) {
    auto& runs = to.at(f.name, f.unit).runs;
    runs.insert(runs.end(), f.runs.begin(), f.runs.end());
  }
  for (auto& [name, n] : more.faults) {
    auto same = [&, key = name](const auto& x) { return x.first == key; };
    auto i = std::find_if(to.faults.begin(), to.faults.end(), same);
    if (i == to.faults.end())
      to.faults.emplace_back(name, n);
    else
      i->second += n;
  }
}

json to_json(const report& r) {
  json x{{"benchmark", r.benchmark},
         {"options", json::object()},
         {"figures", json::array()},
         {"faults", json::object()}};
  for (auto& [name, value] : r.options)
    x["options"][name] = value;
  for (auto& f : r.figures)
    x["figures"].push_back({{"name", f.name},
                            {"unit", f.unit},
                            {"median", f.median()},
                            {"min", f.min()},
                            {"max", f.max()},
                            {"runs", f.runs}});
  for (auto& [name, n] : r.faults)
    x["faults"][name] = n;
  return x;
}

bool from_json(const json& x, report& r) {
  try {
    r.benchmark = x.at("benchmark");
    for (auto& [name, value] : x.at("options").items())
      r.options.emplace_back(name, value);
    for (auto& f : x.at("figures"))
      r.figures.push_back({f.at("name"), f.at("unit"), f.at("runs")});
    for (auto& [name, n] : x.at("faults").items())
      r.faults.emplace_back(name, n);
  } catch (const json::exception&) {
    return false;
  }
  return true;
}

} // namespace jindou::bench
