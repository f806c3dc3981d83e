#include "actors/http/json_body.hpp"

#include "messages/limits.hpp"
#include "messages/wire/base64.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace jindou::actors::http {

namespace {

using nlohmann::json;

constexpr std::size_t depth_max = 16;
constexpr std::size_t values_max = 250'000;

/// Builds the value and stops at the first thing beyond the bounds. The parser
/// itself keeps one bit per level, so hostile nesting costs nothing before.
class bounded_builder : public nlohmann::json_sax<json> {
public:
  bool null() override {
    // In Go null leaves a field as it is.
    return open_.empty() || !open_.back()->is_object() ? add(nullptr) : count();
  }

  bool boolean(bool x) override {
    return add(x);
  }

  bool number_integer(number_integer_t x) override {
    return add(x);
  }

  bool number_unsigned(number_unsigned_t x) override {
    return add(x);
  }

  bool number_float(number_float_t x, const string_t&) override {
    return add(x);
  }

  bool string(string_t& x) override {
    return add(std::move(x));
  }

  bool binary(binary_t&) override {
    return false;
  }

  bool start_object(std::size_t) override {
    return open(json::object());
  }

  bool key(string_t& x) override {
    std::transform(x.begin(), x.end(), x.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    key_ = std::move(x);
    return true;
  }

  bool end_object() override {
    open_.pop_back();
    return true;
  }

  bool start_array(std::size_t) override {
    return open(json::array());
  }

  bool end_array() override {
    open_.pop_back();
    return true;
  }

  bool parse_error(std::size_t, const std::string&,
                   const nlohmann::detail::exception&) override {
    return false;
  }

  bool too_many() const {
    return values_ > values_max;
  }

  json root;

private:
  bool count() {
    return ++values_ <= values_max;
  }

  json* place(json x) {
    if (open_.empty())
      return &(root = std::move(x));
    if (open_.back()->is_array())
      return &open_.back()->emplace_back(std::move(x));
    return &((*open_.back())[key_] = std::move(x));
  }

  bool add(json x) {
    place(std::move(x));
    return count();
  }

  bool open(json x) {
    open_.push_back(place(std::move(x)));
    return count() && open_.size() <= depth_max;
  }

  std::vector<json*> open_;
  std::string key_;
  std::size_t values_ = 0;
};

std::string quoted(std::string_view name) {
  return "field " + std::string{name};
}

bool storable(std::string_view text) {
  return text.size() <= limits::name_bytes_max
         && text.find('\0') == std::string_view::npos;
}

} // namespace

result<json, fault> parse_json(std::string_view text) {
  bounded_builder builder;
  if (!json::sax_parse(text, &builder))
    return fault{builder.too_many() ? "the body has more than "
                                        + std::to_string(values_max) + " values"
                                    : "the body is not JSON, or nested too "
                                      "deeply"};
  return std::move(builder.root);
}

result<std::vector<std::string>, fault> parse_names(std::string_view body) {
  auto parsed = parse_json(body);
  if (!parsed)
    return parsed.error();
  json object = json::object();
  object["body"] = std::move(*parsed);
  json_fields fields{object};
  auto names = fields.names("body");
  if (!fields.good())
    return fields.error();
  return names;
}

json_fields::json_fields(const json& object) : object_(&object) {
  if (!object.is_object() && !object.is_null())
    refuse("an object is expected");
}

json_fields json_fields::of(std::string_view body, json& storage) {
  auto parsed = parse_json(body);
  if (parsed)
    storage = std::move(*parsed);
  json_fields fields{storage};
  if (!parsed)
    fields.refuse(parsed.error().text);
  return fields;
}

const json* json_fields::find(std::string_view name) {
  if (!good() || !object_->is_object())
    return nullptr;
  auto found = object_->find(name);
  return found == object_->end() || found->is_null() ? nullptr : &*found;
}

std::string json_fields::text(std::string_view name, std::size_t bytes_max) {
  auto found = find(name);
  if (!found)
    return {};
  if (!found->is_string()) {
    refuse(quoted(name) + " must be a string");
    return {};
  }
  const auto& text = found->get_ref<const std::string&>();
  if (text.size() > bytes_max) {
    refuse(quoted(name) + " is too long");
    return {};
  }
  return text;
}

std::string json_fields::name(std::string_view name) {
  auto text = this->text(name, limits::name_bytes_max);
  if (!storable(text)) {
    refuse(quoted(name) + " must not contain a NUL");
    return {};
  }
  return text;
}

std::int64_t json_fields::number(std::string_view name, std::int64_t min,
                                 std::int64_t max) {
  auto found = find(name);
  if (!found)
    return 0;
  auto beyond = found->is_number_unsigned()
                && found->get<std::uint64_t>() > std::uint64_t{INT64_MAX};
  if (!found->is_number_integer() || beyond) {
    refuse(quoted(name) + " must be a whole number");
    return 0;
  }
  auto n = found->get<std::int64_t>();
  if (n < min || n > max) {
    refuse(quoted(name) + " is out of range");
    return 0;
  }
  return n;
}

bool json_fields::flag(std::string_view name) {
  return number(name, INT64_MIN, INT64_MAX) == 1;
}

std::vector<std::string> json_fields::names(std::string_view name) {
  std::vector<std::string> out;
  auto found = find(name);
  if (!found)
    return out;
  if (!found->is_array()) {
    refuse(quoted(name) + " must be an array");
    return out;
  }
  out.reserve(found->size());
  for (const auto& x : *found) {
    if (x.is_null())
      continue;
    if (!x.is_string() || !storable(x.get_ref<const std::string&>())) {
      refuse(quoted(name) + " must hold strings that can be stored");
      return {};
    }
    if (!is_blank(x.get_ref<const std::string&>()))
      out.push_back(x.get_ref<const std::string&>());
  }
  return out;
}

std::string json_fields::bytes(std::string_view name, std::size_t bytes_max) {
  auto coded = text(name, limits::http_body_bytes_max);
  std::string out(wire::base64_bytes_max(coded.size()), '\0');
  auto size
    = wire::base64_decode(coded, reinterpret_cast<std::byte*>(out.data()));
  if (!size || *size > bytes_max) {
    refuse(quoted(name) + (size ? " is too long" : " is not base64"));
    return {};
  }
  out.resize(*size);
  return out;
}

json_fields json_fields::object(std::string_view name) {
  static const json none;
  auto found = find(name);
  if (found && !found->is_object()) {
    refuse(quoted(name) + " must be an object");
    found = nullptr;
  }
  return json_fields{found ? *found : none};
}

void json_fields::refuse(std::string text) {
  if (good())
    fault_ = std::move(text);
}

void json_fields::refuse_like(const json_fields& inner) {
  if (!inner.good())
    refuse(inner.fault_);
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n\v\f") == std::string_view::npos;
}

} // namespace jindou::actors::http
