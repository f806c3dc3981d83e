#include "configs/value.hpp"

#include "configs/ini_reader.hpp"

#include <caf/config_value.hpp>

#include <array>
#include <type_traits>

namespace jindou::configs {

namespace {

using verdict = result<void, fault>;

struct time_unit {
  std::int64_t nanoseconds;
  const char* name;
};

constexpr std::array<time_unit, 6> time_units{{
  {3'600'000'000'000, "h"},
  {60'000'000'000, "min"},
  {1'000'000'000, "s"},
  {1'000'000, "ms"},
  {1'000, "us"},
  {1, "ns"},
}};

constexpr std::size_t argument_bytes_max = 8'192;

std::string render_time(std::int64_t nanoseconds) {
  if (nanoseconds == 0)
    return "0s";
  for (auto& unit : time_units)
    if (nanoseconds % unit.nanoseconds == 0)
      return std::to_string(nanoseconds / unit.nanoseconds) + unit.name;
  return ""; // not reached: every number is a multiple of 1 ns
}

std::string quote(const std::string& text) {
  std::string out = "\"";
  for (auto c : text) {
    if (c == '"' || c == '\\')
      out += '\\';
    out += c;
  }
  return out + "\"";
}

bool is_choice(const option& x) {
  return x.unit.find('|') != x.unit.npos;
}

bool among_choices(const option& x, const std::string& text) {
  auto all = "|" + std::string{x.unit} + "|";
  return text.find('|') == text.npos && all.find("|" + text + "|") != all.npos;
}

fault refuse(const option& x) {
  auto key = full_name(x);
  auto text = key + " must be " + render_bounds(x);
  return {.key = std::move(key), .text = std::move(text)};
}

bool in_bounds(const option& x, std::int64_t value) {
  return value >= x.min && value <= x.max;
}

bool printable(const std::string& text) {
  for (auto c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      return false;
  return true;
}

/// Takes a value of the member's own type.
class taker {
public:
  taker(const option& x, const caf::config_value& value)
      : option_(x), value_(value) {
    // nop
  }

  bool operator()(bool* member) const {
    return take<bool>([member](bool x) { *member = x; });
  }

  bool operator()(std::string* member) const {
    auto text = caf::get_if<std::string>(&value_);
    if (!text || !in_bounds(option_, static_cast<std::int64_t>(text->size()))
        || !printable(*text))
      return false;
    if (is_choice(option_) && !among_choices(option_, *text))
      return false;
    *member = *text;
    return true;
  }

  bool operator()(duration* member) const {
    auto span = caf::get_if<caf::timespan>(&value_);
    if (!span || !in_bounds(option_, span->count()))
      return false;
    *member = *span;
    return true;
  }

  template <class Integer>
  bool operator()(Integer* member) const {
    auto number = caf::get_if<std::int64_t>(&value_);
    if (!number || !in_bounds(option_, *number))
      return false;
    *member = static_cast<Integer>(*number);
    return true;
  }

private:
  template <class T, class Store>
  bool take(Store store) const {
    auto found = caf::get_if<T>(&value_);
    if (found)
      store(*found);
    return found != nullptr;
  }

  const option& option_;
  const caf::config_value& value_;
};

template <class T>
bool holds(const option& x) {
  options defaults;
  return std::holds_alternative<T*>(x.place(defaults));
}

std::string render_choices(const option& x) {
  std::string out;
  auto rest = x.unit;
  while (true) {
    auto bar = rest.find('|');
    out += quote(std::string{rest.substr(0, bar)});
    if (bar == rest.npos)
      return out;
    rest.remove_prefix(bar + 1);
    out += rest.find('|') == rest.npos ? " or " : ", ";
  }
}

std::string with_unit(const option& x, std::string text) {
  if (!x.unit.empty() && x.unit != "time")
    text += ", " + std::string{x.unit};
  return text;
}

} // namespace

result<void, fault> assign(const option& x, const caf::config_value& value,
                           options& target) {
  if (std::visit(taker{x, value}, x.place(target)))
    return {};
  return refuse(x);
}

result<void, fault> assign_text(const option& x, std::string_view text,
                                options& target) {
  if (text.size() > argument_bytes_max)
    return refuse(x);
  if (holds<std::string>(x))
    return assign(x, caf::config_value{std::string{text}}, target);
  auto entries = read_ini_text("value = " + std::string{text});
  if (!entries || entries->size() != 2) // the nameless section and the value
    return refuse(x);
  return assign(x, entries->back().value, target);
}

std::string render(const option& x, const options& source) {
  auto copy = source;
  auto print = [](auto* member) -> std::string {
    using type = std::remove_pointer_t<decltype(member)>;
    if constexpr (std::is_same_v<type, bool>)
      return *member ? "true" : "false";
    else if constexpr (std::is_same_v<type, std::string>)
      return quote(*member);
    else if constexpr (std::is_same_v<type, duration>)
      return render_time(member->count());
    else
      return std::to_string(*member);
  };
  return std::visit(print, x.place(copy));
}

std::string render_bounds(const option& x) {
  if (holds<bool>(x))
    return "true or false";
  if (is_choice(x))
    return render_choices(x);
  if (holds<std::string>(x))
    return with_unit(x, "a \"text\" of " + std::to_string(x.min) + " to "
                          + std::to_string(x.max) + " bytes");
  if (holds<duration>(x))
    return "a time with unit from " + render_time(x.min) + " to "
           + render_time(x.max);
  return with_unit(x, "an integer from " + std::to_string(x.min) + " to "
                        + std::to_string(x.max));
}

} // namespace jindou::configs
