#include "apps/bench/outcome.hpp"

#include "apps/client/words.hpp"

#include <nlohmann/json.hpp>

#include <iostream>
#include <utility>

namespace jindou::bench {

int failed(const std::string& why) {
  std::cerr << "jindou-bench: " << why << std::endl;
  return client::exit_code::failed;
}

int wrong_use(const std::string& why) {
  std::cerr << "jindou-bench: " << why << "; see --help" << std::endl;
  return client::exit_code::usage;
}

int print(const report& r, const std::string& fault, bool json) {
  if (!fault.empty())
    return failed(fault);
  if (json)
    std::cout << to_json(r).dump() << std::endl;
  else
    std::cout << to_table(r) << std::flush;
  return r.sound() ? client::exit_code::ok : client::exit_code::failed;
}

void on_run(CLI::App& cmd, std::shared_ptr<words> w, int& code,
            std::function<std::string()> check,
            std::function<report(std::string& fault)> run) {
  cmd.callback(
    [w = std::move(w), &code, check = std::move(check), run = std::move(run)] {
      if (auto bad = check(); !bad.empty()) {
        code = wrong_use(bad);
        return;
      }
      std::string fault;
      auto r = run(fault);
      code = print(r, fault, w->json);
    });
}

} // namespace jindou::bench
