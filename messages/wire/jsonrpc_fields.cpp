#include "messages/wire/jsonrpc_fields.hpp"

#include "messages/wire/jsonrpc.hpp"

#include <nlohmann/json.hpp>

#include <limits>
#include <vector>

namespace jindou::wire::jsonrpc {

namespace {

using kind = json_value::kind;

struct known_field {
  scope where;
  std::string_view name;
};

/// In the order of `field`.
constexpr std::array<known_field, field_count> known{{
  {scope::envelope, "jsonrpc"},
  {scope::envelope, "id"},
  {scope::envelope, "method"},
  {scope::envelope, "params"},
  {scope::envelope, "result"},
  {scope::envelope, "error"},
  {scope::params, "header"},
  {scope::params, "setting"},
  {scope::params, "version"},
  {scope::params, "clientKey"},
  {scope::params, "deviceId"},
  {scope::params, "deviceFlag"},
  {scope::params, "clientTimestamp"},
  {scope::params, "uid"},
  {scope::params, "token"},
  {scope::params, "msgKey"},
  {scope::params, "expire"},
  {scope::params, "clientMsgNo"},
  {scope::params, "streamNo"},
  {scope::params, "channelId"},
  {scope::params, "channelType"},
  {scope::params, "topic"},
  {scope::params, "payload"},
  {scope::params, "messageId"},
  {scope::params, "messageSeq"},
  {scope::params, "reasonCode"},
  {scope::params, "reason"},
  {scope::params, "subNo"},
  {scope::params, "param"},
  {scope::header, "noPersist"},
  {scope::header, "redDot"},
  {scope::header, "syncOnce"},
  {scope::header, "dup"},
  {scope::setting, "receipt"},
  {scope::setting, "signal"},
  {scope::setting, "stream"},
  {scope::setting, "topic"},
}};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Names match without regard to the case of ASCII letters.
bool same_name(std::string_view a, std::string_view b) {
  if (a.size() != b.size())
    return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (lower(a[i]) != lower(b[i]))
      return false;
  return true;
}

field find(scope where, std::string_view name) {
  std::size_t i = 0;
  while (i < known.size()
         && (known[i].where != where || !same_name(known[i].name, name)))
    ++i;
  return static_cast<field>(i);
}

scope scope_inside(field f) {
  switch (f) {
  case field::params:
    return scope::params;
  case field::header:
    return scope::header;
  case field::setting:
    return scope::setting;
  default:
    return scope::other;
  }
}

/// Takes the events of the JSON parser; names are the parser's.
class listener {
public:
  explicit listener(members& to) : to_(to) {
    // nop
  }

  bool null() {
    set(kind::null);
    return true;
  }

  bool boolean(bool x) {
    if (auto* v = set(kind::truth))
      v->truth = x;
    return true;
  }

  bool number_integer(std::int64_t x) {
    if (auto* v = set(kind::number)) {
      v->integer = x;
      v->text = std::to_string(x);
    }
    return true;
  }

  bool number_unsigned(std::uint64_t x) {
    if (auto* v = set(kind::number)) {
      if (x <= std::numeric_limits<std::int64_t>::max())
        v->integer = static_cast<std::int64_t>(x);
      v->text = std::to_string(x);
    }
    return true;
  }

  bool number_float(double, const std::string& digits) {
    if (auto* v = set(kind::number))
      v->text = digits;
    return true;
  }

  bool string(std::string& x) {
    if (auto* v = set(kind::text))
      v->text = std::move(x);
    return true;
  }

  bool binary(nlohmann::json::binary_t&) {
    return false; // not in texts
  }

  bool start_object(std::size_t) {
    if (scopes_.empty())
      return enter(scope::envelope);
    set(kind::object);
    return enter(scope_inside(now_));
  }

  bool key(std::string& name) {
    now_ = find(scopes_.back(), name);
    return true;
  }

  bool end_object() {
    return leave();
  }

  bool start_array(std::size_t) {
    if (!scopes_.empty())
      set(kind::array);
    return enter(scope::other);
  }

  bool end_array() {
    return leave();
  }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) {
    error = "jsonrpc: invalid message structure or field combination: invalid "
            "character near byte "
            + std::to_string(position);
    return false;
  }

  std::string error;

private:
  json_value* set(kind k) {
    if (now_ == field::none)
      return nullptr;
    if (now_ == field::params) // of two params the last one counts
      forget_params();
    auto& v = to_[now_];
    v = json_value{};
    v.is = k;
    v.order = ++order_;
    return &v;
  }

  void forget_params() {
    for (std::size_t i = 0; i < field_count; ++i)
      if (known[i].where != scope::envelope)
        to_[static_cast<field>(i)] = json_value{};
  }

  bool enter(scope s) {
    if (scopes_.size() == depth_max) {
      error = "jsonrpc: nested too deeply";
      return false;
    }
    scopes_.push_back(s);
    now_ = field::none;
    return true;
  }

  bool leave() {
    scopes_.pop_back();
    now_ = field::none; // also for the next element of an array
    return true;
  }

  members& to_;
  std::vector<scope> scopes_;
  field now_ = field::none;
  std::size_t order_ = 0;
};

} // namespace

std::string_view name_of(field f) {
  return known[static_cast<std::size_t>(f)].name;
}

scope scope_of(field f) {
  return known[static_cast<std::size_t>(f)].where;
}

std::optional<std::string> members::read(std::string_view text) {
  listener l{*this};
  if (nlohmann::json::sax_parse(text, &l))
    return std::nullopt;
  return l.error;
}

} // namespace jindou::wire::jsonrpc
