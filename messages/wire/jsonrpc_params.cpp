#include "messages/wire/jsonrpc_params.hpp"

#include "messages/limits.hpp"
#include "messages/wire/base64.hpp"

namespace jindou::wire::jsonrpc {

using kind = json_value::kind;

std::string_view kind_name(kind k) {
  switch (k) {
  case kind::truth:
    return "bool";
  case kind::number:
    return "number";
  case kind::text:
    return "string";
  case kind::array:
    return "array";
  default:
    return "object";
  }
}

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (auto p : parts)
    text += p;
  return text;
}

params_reader::params_reader(const members& from, std::string_view type)
    : from_(from), type_(type) {
  if (from[field::params].is != kind::object && !is_null(field::params))
    fail(field::params,
         joined({"json: cannot unmarshal ", kind_name(from[field::params].is),
                 " into Go value of type jsonrpc.", type}));
}

std::string_view params_reader::text(field f) {
  if (is_null(f))
    return {};
  if (from_[f].is != kind::text)
    mismatch(f, "string");
  else if (from_[f].text.size() > limits::wire_string_bytes_max)
    fail(f, joined({"text too long: ", name_of(f)}));
  return from_[f].text;
}

std::int64_t params_reader::number(field f, std::string_view type,
                                   std::int64_t least, std::int64_t most) {
  if (is_null(f))
    return 0;
  auto& v = from_[f];
  if (v.is == kind::number && v.integer && *v.integer >= least
      && *v.integer <= most)
    return *v.integer;
  mismatch(f, type, v.text);
  return 0;
}

std::uint32_t params_reader::natural(field f) {
  return integer<std::uint32_t>(f, "uint32", 0,
                                std::numeric_limits<std::uint32_t>::max());
}

bool params_reader::flag(field f) {
  if (!is_null(f) && from_[f].is != kind::truth)
    mismatch(f, "bool");
  return from_[f].truth;
}

void params_reader::bytes(field f, std::string& to) {
  if (is_null(f))
    return;
  if (from_[f].is != kind::text)
    return mismatch(f, "[]uint8");
  const auto& text = from_[f].text;
  to.resize(base64_bytes_max(text.size()));
  auto size = base64_decode(text, reinterpret_cast<std::byte*>(to.data()));
  to.resize(size.value_or(0));
  if (!size)
    fail(f, "illegal base64 data");
}

header_flags params_reader::header() {
  part(field::header, "Header");
  return {flag(field::no_persist), flag(field::red_dot), flag(field::sync_once),
          flag(field::dup)};
}

std::uint8_t params_reader::setting() {
  part(field::setting, "SettingFlags");
  auto bits = (flag(field::receipt) ? wire::setting::receipt : 0)
              | (flag(field::signal) ? wire::setting::signal : 0)
              | (flag(field::stream) ? wire::setting::stream : 0)
              | (flag(field::use_topic) ? wire::setting::topic : 0);
  return static_cast<std::uint8_t>(bits);
}

outcome params_reader::finish(frame f, std::string_view method) const {
  if (complaint_.empty())
    return f;
  return joined({bad_field, method, " params: ", complaint_});
}

bool params_reader::is_null(field f) const {
  return from_[f].is == kind::absent || from_[f].is == kind::null;
}

void params_reader::part(field f, std::string_view type) {
  if (!is_null(f) && from_[f].is != kind::object)
    mismatch(f, joined({"jsonrpc.", type}));
}

void params_reader::mismatch(field f, std::string_view type,
                             std::string_view digits) {
  auto& v = from_[f];
  auto number = v.is == kind::number && !digits.empty();
  auto path = std::string{name_of(f)};
  auto owner = type_;
  if (scope_of(f) == scope::header) {
    owner = "Header";
    path = "header." + path;
  } else if (scope_of(f) == scope::setting) {
    owner = "SettingFlags";
    path = "setting." + path;
  }
  fail(f, joined({"json: cannot unmarshal ", kind_name(v.is), number ? " " : "",
                  number ? digits.substr(0, 32) : "", " into Go struct field ",
                  owner, ".", path, " of type ", type}));
}

void params_reader::fail(field f, std::string why) {
  if (!complaint_.empty() && from_[f].order > complaint_order_)
    return;
  complaint_ = std::move(why);
  complaint_order_ = from_[f].order;
}

} // namespace jindou::wire::jsonrpc
