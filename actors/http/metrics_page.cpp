#include "actors/http/metrics_page.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>
#include <system_error>
#include <unistd.h>

namespace jindou::actors::http {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using families = std::vector<MetricFamily>;

MetricFamily& add_family(families& to, std::string name, std::string help,
                         MetricType type) {
  auto& family = to.emplace_back();
  family.name = std::move(name);
  family.help = std::move(help);
  family.type = type;
  return family;
}

ClientMetric& add_value(MetricFamily& to, double value) {
  auto& metric = to.metric.emplace_back();
  if (to.type == MetricType::Counter)
    metric.counter.value = value;
  else
    metric.gauge.value = value;
  return metric;
}

void add_counters(families& to, const metrics& from) {
  const auto& infos = counter_infos();
  for (std::size_t i = 0; i < infos.size(); ++i) {
    auto& family = add_family(to, std::string{infos[i].name},
                              std::string{infos[i].help}, MetricType::Counter);
    add_value(family, static_cast<double>(from.value(static_cast<counter>(i))));
  }
}

std::vector<ClientMetric::Label> labels_of(const handler_metric& x) {
  return {{"pool", std::string{to_string(pool_of(x.event()))}},
          {"event", std::string{to_string(x.event())}},
          {"handler", x.handler()}};
}

ClientMetric::Histogram histogram_of(const handler_metric& x) {
  ClientMetric::Histogram out;
  auto runs = x.runs();
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    sum += runs[i];
    auto last = i + 1 == runs.size();
    auto bound = last ? std::numeric_limits<double>::infinity()
                      : std::ldexp(1e-6, static_cast<int>(i));
    out.bucket.push_back({sum, bound});
  }
  out.sample_count = sum;
  out.sample_sum = static_cast<double>(x.sum_ns()) * 1e-9;
  return out;
}

void add_handlers(families& to, const metrics& from) {
  auto all = from.handlers();
  if (all.empty())
    return;
  auto& durations = add_family(to, "jindou_handler_duration_seconds",
                               "Time of one run of one handler of a chain.",
                               MetricType::Histogram);
  for (auto x : all) {
    auto& metric = durations.metric.emplace_back();
    metric.label = labels_of(*x);
    metric.histogram = histogram_of(*x);
  }
  auto& events
    = add_family(to, "jindou_handler_events_total",
                 "Events that a handler was given.", MetricType::Counter);
  for (auto x : all)
    add_value(events, static_cast<double>(x->events())).label = labels_of(*x);
  auto& errors = add_family(to, "jindou_handler_errors_total",
                            "Events that a handler stopped with an error.",
                            MetricType::Counter);
  for (auto x : all)
    add_value(errors, static_cast<double>(x->errors())).label = labels_of(*x);
}

/// Reads `a="x",b="y"`.
std::vector<ClientMetric::Label> parse_labels(std::string_view text) {
  std::vector<ClientMetric::Label> out;
  while (!text.empty()) {
    auto equals = text.find("=\"");
    auto end = equals == text.npos ? text.npos : text.find('"', equals + 2);
    if (end == text.npos)
      break;
    out.push_back({std::string{text.substr(0, equals)},
                   std::string{text.substr(equals + 2, end - equals - 2)}});
    text.remove_prefix(end + 1);
    if (text.starts_with(','))
      text.remove_prefix(1);
  }
  return out;
}

void add_gauges(families& to, const metrics& from) {
  std::map<std::string, MetricFamily> by_name;
  for (auto& x : from.gauges()) {
    auto& family = by_name[x.name];
    family.name = x.name;
    family.help = x.help;
    family.type = MetricType::Gauge;
    add_value(family, x.value).label = parse_labels(x.labels);
  }
  for (auto& [name, family] : by_name)
    to.push_back(std::move(family));
}

/// Fields of /proc/self/stat after the name, which may hold spaces.
std::vector<double> process_stat() {
  std::ifstream in{"/proc/self/stat"};
  std::string line;
  std::getline(in, line);
  std::istringstream rest{
    line.substr(std::min(line.rfind(')') + 2, line.size()))};
  std::vector<double> out;
  std::string word;
  while (rest >> word)
    out.push_back(std::strtod(word.c_str(), nullptr));
  return out;
}

double boot_time() {
  std::ifstream in{"/proc/stat"};
  std::string word;
  while (in >> word)
    if (word == "btime" && in >> word)
      return std::strtod(word.c_str(), nullptr);
  return 0;
}

double open_files() {
  std::error_code failed;
  double n = 0;
  for (std::filesystem::directory_iterator i{"/proc/self/fd", failed}, end;
       !failed && i != end; i.increment(failed))
    ++n;
  return n;
}

void add_process(families& to) {
  // Numbers of proc(5), counted from the field after the name.
  constexpr std::size_t utime = 11, stime = 12, start = 19, rss = 21;
  auto stat = process_stat();
  if (stat.size() <= rss)
    return;
  auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  auto page = static_cast<double>(sysconf(_SC_PAGESIZE));
  auto gauge = [&to](const char* name, const char* help, double value) {
    add_value(add_family(to, name, help, MetricType::Gauge), value);
  };
  gauge("process_resident_memory_bytes", "Resident memory.", stat[rss] * page);
  gauge("process_open_fds", "Open file descriptors.", open_files());
  gauge("process_start_time_seconds", "Start of the process since the epoch.",
        boot_time() + stat[start] / ticks);
  add_value(add_family(to, "process_cpu_seconds_total",
                       "User and system time used.", MetricType::Counter),
            (stat[utime] + stat[stime]) / ticks);
}

} // namespace

std::string metrics_page(const metrics& from) {
  families all;
  add_counters(all, from);
  add_handlers(all, from);
  add_gauges(all, from);
  add_process(all);
  return prometheus::TextSerializer{}.Serialize(all);
}

} // namespace jindou::actors::http
