#include "apps/vectors/json_fields.hpp"

namespace jindou::vectors {

std::optional<byte_vector> bytes_of_hex(std::string_view hex) {
  if (hex.size() % 2 != 0)
    return std::nullopt;
  byte_vector bytes;
  bytes.reserve(hex.size() / 2);
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    unsigned value = 0;
    auto* begin = hex.data() + i;
    if (std::from_chars(begin, begin + 2, value, 16).ptr != begin + 2)
      return std::nullopt;
    bytes.push_back(static_cast<std::byte>(value));
  }
  return bytes;
}

const nlohmann::json* json_fields::find(const char* name) {
  if (!object_.is_object()) {
    if (ok())
      problem_ = "is no JSON object";
    return nullptr;
  }
  auto i = object_.find(name);
  if (i == object_.end()) {
    complain(name, "is missing");
    return nullptr;
  }
  return &*i;
}

std::string json_fields::text(const char* name) {
  const auto* x = find(name);
  if (x == nullptr)
    return {};
  if (x->is_string())
    return x->get<std::string>();
  complain(name, "is no text");
  return {};
}

byte_vector json_fields::hex(const char* name) {
  auto bytes = bytes_of_hex(text(name));
  if (bytes)
    return *std::move(bytes);
  complain(name, "is no hex");
  return {};
}

bool json_fields::truth(const char* name) {
  const auto* x = find(name);
  if (x == nullptr)
    return false;
  if (x->is_boolean())
    return x->get<bool>();
  complain(name, "is neither true nor false");
  return false;
}

const nlohmann::json& json_fields::part(const char* name) {
  static const nlohmann::json none;
  const auto* x = find(name);
  if (x == nullptr)
    return none;
  if (x->is_structured())
    return *x;
  complain(name, "is neither object nor array");
  return none;
}

} // namespace jindou::vectors
