#include "apps/bench/figure.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <optional>
#include <string_view>

namespace jindou::bench {

namespace {

/// What a figure must reach. `ceiling` names the echo figure beside it.
struct mark {
  std::string_view name;
  std::string_view title;
  double floor;
  double target;
  bool higher;
  std::string_view ceiling;
};

constexpr std::array marks{
  mark{"pairs.window_1.delivered", "1:1, window 1", 12'000, 20'000, true,
       "echo.window_1.rate"},
  mark{"pairs.window_16.delivered", "1:1, window 16", 30'000, 60'000, true,
       "echo.window_16.rate"},
  mark{"pairs.rate_1000.ack.p50", "ack at 1,000/s, P50", 1.2, 1.2, false, ""},
  mark{"pairs.rate_1000.ack.p99", "ack at 1,000/s, P99", 5, 5, false, ""},
  mark{"pools.channel.ack.p99", "channel pool, 100,000/s, P99", 50, 15, false,
       ""},
  mark{"pools_user.send_1.rate", "user pool, single SENDs", 1e6, 3e6, true, ""},
  mark{"pools_user.send_8.rate", "user pool, 8 SENDs", 1e6, 3e6, true, ""},
  mark{"pools_user.recvack_1.rate", "user pool, single RECVACKs", 1e6, 3e6,
       true, ""},
  mark{"pools_user.recvack_8.rate", "user pool, 8 RECVACKs", 1e6, 3e6, true,
       ""},
  mark{"pools_user.send_1.half.p99", "single SENDs at half, P99", 5, 5, false,
       ""},
  mark{"pools_user.recvack_1.half.p99", "single RECVACKs at half, P99", 5, 5,
       false, ""},
  mark{"pools_pusher.plain_1.rate", "pusher pool, plain", 5e6, 10e6, true, ""},
  mark{"pools_pusher.plain_8.rate", "pusher pool, plain, 8 messages", 5e6, 10e6,
       true, ""},
  mark{"pools_pusher.encrypted_1.rate", "pusher pool, encrypted", 5e5, 1e6,
       true, ""},
  mark{"pools_pusher.plain_1.half.p99", "plain pushes at half, P99", 20, 20,
       false, ""},
  mark{"fanout.window_1.deliveries", "fan-out to 1,000, window 1", 150'000,
       150'000, true, ""},
  mark{"fanout.window_16.deliveries", "fan-out to 1,000, window 16", 400'000,
       400'000, true, ""},
  mark{"fanout.plain_window_16.deliveries", "the same, not encrypted",
       1'500'000, 1'500'000, true, ""},
  mark{"history.read.p50", "history, newest 20, P50", 0.3, 0.3, false, ""},
  mark{"idle.bytes_per_user", "idle user", 4'096, 4'096, false, ""},
  mark{"idle.tcp.bytes_per_user", "idle user, TCP", 4'096, 4'096, false, ""},
  mark{"idle.websocket.bytes_per_user", "idle user, WebSocket", 8'192, 8'192,
       false, ""},
};

/// A number with as many digits as a reader wants: 12,345 or 0.123.
std::string shown(double x) {
  char text[64];
  if (std::abs(x) < 100) {
    std::snprintf(text, sizeof(text), "%.3g", x);
    return text;
  }
  std::snprintf(text, sizeof(text), "%.0f", x);
  std::string s = text;
  for (auto i = static_cast<int>(s.size()) - 3; i > (x < 0 ? 1 : 0); i -= 3)
    s.insert(static_cast<std::size_t>(i), ",");
  return s;
}

using row = std::vector<std::string>;

/// Columns as wide as their widest cell; the first is left-aligned.
std::string laid_out(const std::vector<row>& rows) {
  std::vector<std::size_t> widths;
  for (auto& r : rows) {
    widths.resize(std::max(widths.size(), r.size()));
    for (std::size_t i = 0; i < r.size(); ++i)
      widths[i] = std::max(widths[i], r[i].size());
  }
  std::string text;
  for (auto& r : rows) {
    std::string line;
    for (std::size_t i = 0; i < r.size(); ++i) {
      auto pad = std::string(widths[i] - r[i].size(), ' ');
      line += i == 0 ? r[i] + pad : "  " + pad + r[i];
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  }
  return text;
}

const figure* find(const std::vector<report>& reports, std::string_view name) {
  for (auto& r : reports)
    for (auto& f : r.figures)
      if (f.name == name)
        return &f;
  return nullptr;
}

std::string verdict(const mark& m, double x) {
  auto reaches
    = [&](double limit) { return m.higher ? x >= limit : x <= limit; };
  if (reaches(m.target))
    return "target";
  return reaches(m.floor) ? "floor" : "BELOW";
}

std::optional<double> ratio(const std::vector<report>& reports, const mark& m,
                            const figure& f) {
  auto* ceiling = find(reports, m.ceiling);
  if (ceiling == nullptr || ceiling->median() <= 0)
    return std::nullopt;
  return f.median() / ceiling->median();
}

row mark_row(const std::vector<report>& reports, const mark& m,
             const figure& f) {
  auto share = ratio(reports, m, f);
  return {std::string{m.title},   f.unit,
          shown(f.median()),      shown(f.min()) + " .. " + shown(f.max()),
          shown(m.floor),         shown(m.target),
          verdict(m, f.median()), share ? shown(*share * 100) + " %" : ""};
}

bool is_marked(const report& r) {
  auto marked = [](const figure& f) {
    return f.name.starts_with("echo.")
           || std::any_of(marks.begin(), marks.end(),
                          [&](const mark& m) { return m.name == f.name; });
  };
  return std::any_of(r.figures.begin(), r.figures.end(), marked);
}

std::string faults_of(const report& r) {
  std::string text;
  for (auto& [name, n] : r.faults)
    if (n != 0)
      text += "FAULT: " + r.benchmark + ": " + std::to_string(n) + " " + name
              + "\n";
  return text;
}

} // namespace

std::string to_table(const report& r) {
  std::string text = r.benchmark + ":";
  for (auto& [name, value] : r.options)
    text += " " + name + "=" + value;
  std::vector<row> rows{{"figure", "unit", "median", "min", "max"}};
  for (auto& f : r.figures)
    rows.push_back(
      {f.name, f.unit, shown(f.median()), shown(f.min()), shown(f.max())});
  text += "\n" + laid_out(rows);
  return text + faults_of(r);
}

std::string summary_table(const std::vector<report>& reports) {
  std::vector<row> rows{{"figure", "unit", "median", "spread", "floor",
                         "target", "reached", "of echo"}};
  for (auto& m : marks)
    if (auto* f = find(reports, m.name))
      rows.push_back(mark_row(reports, m, *f));
  for (auto name : {"echo.window_1.rate", "echo.window_16.rate"})
    if (auto* f = find(reports, name))
      rows.push_back({name, f->unit, shown(f->median()),
                      shown(f->min()) + " .. " + shown(f->max())});
  auto text = rows.size() > 1 ? laid_out(rows) : std::string{};
  for (auto& r : reports) {
    if (!is_marked(r))
      text += (text.empty() ? "" : "\n") + to_table(r);
    else if (!r.sound())
      text += faults_of(r);
  }
  return text;
}

nlohmann::json summary_json(const std::vector<report>& reports) {
  nlohmann::json x{{"marks", nlohmann::json::array()},
                   {"reports", nlohmann::json::array()}};
  for (auto& m : marks) {
    auto* f = find(reports, m.name);
    if (f == nullptr)
      continue;
    nlohmann::json y{
      {"name", m.name},        {"unit", f->unit},
      {"median", f->median()}, {"min", f->min()},
      {"max", f->max()},       {"floor", m.floor},
      {"target", m.target},    {"reached", verdict(m, f->median())}};
    if (auto share = ratio(reports, m, *f))
      y["of_echo"] = *share;
    x["marks"].push_back(std::move(y));
  }
  for (auto& r : reports)
    x["reports"].push_back(to_json(r));
  return x;
}

} // namespace jindou::bench
