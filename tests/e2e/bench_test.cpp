// The benchmarks that run inside jindou-bench, made short.

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>
#include <string>
#include <sys/wait.h>
#include <vector>

namespace {

using nlohmann::json;

struct outcome {
  int code = -1;
  std::string text;

  json report() const {
    return json::parse(text, nullptr, false);
  }
};

outcome bench(const std::string& arguments) {
  auto command = std::string{JINDOU_BIN_DIR} + "/jindou-bench " + arguments;
  outcome x;
  auto* out = ::popen(command.c_str(), "r");
  if (out == nullptr)
    return x;
  std::array<char, 4'096> piece;
  while (auto n = std::fread(piece.data(), 1, piece.size(), out))
    x.text.append(piece.data(), n);
  auto status = ::pclose(out);
  x.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return x;
}

#ifdef __SANITIZE_ADDRESS__
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

/// A short run; progress is thrown away.
outcome short_run(const std::string& arguments) {
  return bench(arguments + " --warmup 20ms --duration 60ms --runs 2 --json"
               + " 2>/dev/null");
}

/// The median of a figure that has a value for every run; else -1.
double median(const json& report, const std::string& name) {
  for (auto& f : report.value("figures", json::array()))
    if (f.at("name") == name && f.at("runs").size() == 2)
      return f.at("median").get<double>();
  return -1;
}

} // namespace

TEST(bench_test, every_in_process_benchmark_shows_an_example) {
  for (std::string name : {"actor", "pools-user", "pools-pusher"}) {
    auto x = bench(name + " --help");
    EXPECT_EQ(x.code, 0) << name;
    EXPECT_NE(x.text.find("jindou-bench " + name), std::string::npos);
  }
}

TEST(bench_test, an_actor_of_the_base_class_costs_time_and_memory) {
  auto x = short_run("actor --actors 100");
  ASSERT_EQ(x.code, 0) << x.text;
  auto r = x.report();
  std::vector<std::string> costs{"time", "processor"};
  if (!sanitized) // jemalloc counts bytes, and is not there then
    costs.emplace_back("bytes");
  for (std::string kind : {"plain", "resident", "door"})
    for (auto& of : costs)
      EXPECT_GT(median(r, "actor." + kind + "." + of), 0) << kind << of;
}

TEST(bench_test, the_pool_of_users_answers_every_event) {
  for (std::string event : {"send", "recvack"}) {
    auto x = short_run("pools-user --users 500 --window 100 --batch 2 --event "
                       + event);
    ASSERT_EQ(x.code, 0) << x.text; // sound: all answered, none refused
    auto r = x.report();
    auto name = "pools_user." + event + "_2";
    EXPECT_GT(median(r, name + ".rate"), 0);
    EXPECT_GT(median(r, name + ".half.p99"), 0);
  }
}

TEST(bench_test, the_pool_of_pushers_delivers_to_every_receiver) {
  for (std::string kind : {"plain", "encrypted"}) {
    auto flag = kind == "plain" ? "" : " --encrypted";
    auto x = short_run("pools-pusher --receivers 256 --window 5000"
                       + std::string{flag});
    ASSERT_EQ(x.code, 0) << x.text; // sound: what readers got is what left
    auto r = x.report();
    EXPECT_GT(median(r, "pools_pusher." + kind + "_1.rate"), 0);
    EXPECT_GT(median(r, "pools_pusher." + kind + "_1.half.p99"), 0);
  }
}

TEST(bench_test, refuses_what_it_does_not_know) {
  EXPECT_EQ(bench("actor --actors 0").code, 2);
  EXPECT_EQ(bench("actor --duration soon").code, 2);
}
