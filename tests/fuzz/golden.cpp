#include "tests/fuzz/golden.hpp"

#include <nlohmann/json.hpp>

#include <fstream>

namespace jindou::fuzz {

namespace {

const nlohmann::json& golden() {
  static const auto file = [] {
    std::ifstream in{JINDOU_SOURCE_DIR "/tests/golden/golden-vectors.json"};
    return nlohmann::json::parse(in);
  }();
  return file;
}

byte_vector from_hex(const std::string& hex) {
  byte_vector res;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    res.push_back(
      static_cast<std::byte>(std::stoul(hex.substr(i, 2), nullptr, 16)));
  return res;
}

} // namespace

inputs golden_bytes(std::string_view section) {
  constexpr std::size_t seed_bytes_max = 4'096;
  inputs res;
  for (auto& x : golden().at(std::string{section}))
    if (auto bytes = from_hex(x.at("hex")); bytes.size() <= seed_bytes_max)
      res.push_back(std::move(bytes));
  return res;
}

inputs golden_texts() {
  inputs res;
  for (auto& x : golden().at("jsonrpc"))
    res.push_back(bytes_of(x.at("json").get_ref<const std::string&>()));
  return res;
}

byte_vector joined(const inputs& all) {
  byte_vector res;
  for (auto& x : all)
    res.insert(res.end(), x.begin(), x.end());
  return res;
}

} // namespace jindou::fuzz
