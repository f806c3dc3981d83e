#include "apps/vectors/vector_check.hpp"

namespace jindou::vectors {

namespace {

struct section {
  const char* name;
  void (*check)(const nlohmann::json&, report&);
};

constexpr section sections[] = {
  {"vectors", check_frames},        {"streams", check_streams},
  {"encoder_quirks", check_quirks}, {"malformed", check_malformed},
  {"crypto", check_crypto},         {"derived", check_derived},
  {"jsonrpc", check_jsonrpc},
};

} // namespace

std::string label(std::string_view section, const nlohmann::json& item,
                  std::size_t place) {
  auto text = std::string{section} + "/";
  if (item.is_object())
    if (auto i = item.find("name"); i != item.end() && i->is_string())
      return text + i->get<std::string>();
  return text + std::to_string(place);
}

result<report, std::string> check_file(std::string_view text) {
  auto file = nlohmann::json::parse(text, nullptr, false);
  if (file.is_discarded())
    return std::string{"not JSON"};
  if (!file.is_object())
    return std::string{"not a JSON object"};
  report found;
  for (auto& s : sections) {
    auto i = file.find(s.name);
    if (i == file.end())
      continue;
    if (!i->is_structured())
      return "section \"" + std::string{s.name} + "\" is no list";
    try {
      s.check(*i, found);
    } catch (const nlohmann::json::exception& e) {
      found.differs(e.what()); // a form that no check foresees
    }
  }
  if (found.checked() == 0)
    return std::string{"no vectors in it"};
  return found;
}

} // namespace jindou::vectors
