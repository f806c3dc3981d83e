#include "apps/bench/outcome.hpp"

#include "apps/client/words.hpp"

#include <nlohmann/json.hpp>

#include <iostream>

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

} // namespace jindou::bench
