#include "configs/ini_reader.hpp"

#include <caf/detail/parser/read_ini.hpp>
#include <caf/parser_state.hpp>
#include <caf/pec.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

namespace jindou::configs {

namespace {

using verdict = result<void, fault>;
using position = caf::parser_state<std::string_view::const_iterator>;

fault at_line(int line, std::string text) {
  return {.line = line, .text = std::move(text)};
}

// -- the check before the grammar ---------------------------------------------

struct digit_limit {
  std::string_view unit;
  std::size_t digits;
};

/// Most digits whose value in nanoseconds surely fits 63 bits.
constexpr std::array<digit_limit, 6> digit_limits{{
  {"h", 6},
  {"min", 8},
  {"ms", 12},
  {"us", 15},
  {"ns", 18},
  {"s", 9},
}};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Checks the digits of `line` from `first` on; returns where they end, or npos
/// if the time they mean would overflow.
std::size_t skip_number(std::string_view line, std::size_t first) {
  auto last = first;
  while (last < line.size() && is_digit(line[last]))
    ++last;
  auto rest = line.substr(last);
  for (auto& limit : digit_limits)
    if (rest.substr(0, limit.unit.size()) == limit.unit)
      return last - first <= limit.digits ? last : line.npos;
  return last;
}

/// Returns where the text that begins at `first` ends, its quotes included.
std::size_t skip_text(std::string_view line, std::size_t first) {
  auto last = first + 1;
  while (last < line.size() && line[last] != '"')
    last += line[last] == '\\' ? 2 : 1;
  return std::min(last + 1, line.size());
}

/// Looks at one line outside of texts and comments.
class line_check {
public:
  verdict operator()(std::string_view line, int number) {
    if (line.size() > ini_line_bytes_max)
      return at_line(number, "the line is longer than "
                               + std::to_string(ini_line_bytes_max) + " bytes");
    if (auto plain = plain_bytes(line, number); !plain)
      return plain;
    for (std::size_t i = 0; i < line.size();) {
      auto c = line[i];
      if (c == ';')
        break;
      if (c == '#')
        return at_line(number, "comments begin with ';', not with '#'");
      if (nests(c, line) && ++brackets_ > ini_brackets_max)
        return at_line(number, "too many brackets");
      i = behind(line, i);
      if (i == line.npos)
        return at_line(number, "the time is out of range");
    }
    return {};
  }

private:
  /// Returns the place behind a text, a number or any other character.
  static std::size_t behind(std::string_view line, std::size_t i) {
    if (line[i] == '"')
      return skip_text(line, i);
    return is_digit(line[i]) ? skip_number(line, i) : i + 1;
  }

  /// `[a.b]` opens two sections.
  static bool nests(char c, std::string_view line) {
    return c == '[' || c == '{' || (c == '.' && line.front() == '[');
  }

  static verdict plain_bytes(std::string_view line, int number) {
    for (auto c : line) {
      if (c == '\r')
        return at_line(number, "lines must end with LF, not with CR LF");
      if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f)
        return at_line(number, "the line holds a control character");
    }
    return {};
  }

  std::size_t brackets_ = 0;
};

verdict check_text(std::string_view text) {
  if (text.size() > ini_bytes_max)
    return at_line(0, "the file is longer than " + std::to_string(ini_bytes_max)
                        + " bytes");
  line_check check;
  for (int number = 1; !text.empty(); ++number) {
    auto line = text.substr(0, text.find('\n'));
    if (auto good = check(line, number); !good)
      return good;
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return {};
}

/// CAF counts a line as begun when it looks at the newline before it.
int line_of(const position& pos) {
  return pos.line - (pos.i != pos.e && *pos.i == '\n' ? 1 : 0);
}

// -- the grammar --------------------------------------------------------------

/// Collects what CAF's parser finds, with the line of each key.
class collector {
public:
  explicit collector(const position& pos) : pos_(pos) {
    // nop
  }

  void key(std::string name) {
    if (lists_ == 0)
      path_.emplace_back(std::move(name), line_of(pos_));
  }

  template <class T>
  void value(T&& x) {
    if (lists_ == 0)
      add(caf::config_value{std::forward<T>(x)});
  }

  collector& begin_map() {
    if (lists_ == 0)
      entries.push_back({joined(), path_.back().second, true, {}});
    return *this;
  }

  void end_map() {
    if (lists_ == 0 && !path_.empty())
      path_.pop_back();
  }

  collector& begin_list() {
    ++lists_;
    return *this;
  }

  void end_list() {
    if (--lists_ == 0)
      add(caf::config_value{caf::config_value::list{}});
  }

  std::vector<ini_entry> entries;

private:
  void add(caf::config_value x) {
    entries.push_back({joined(), path_.back().second, false, std::move(x)});
    path_.pop_back();
  }

  std::string joined() const {
    std::string out;
    for (auto& [name, line] : path_)
      if (&name != &path_.front().first || name != "global")
        out += (out.empty() ? "" : ".") + name;
    return out;
  }

  const position& pos_;
  int lists_ = 0;
  std::vector<std::pair<std::string, int>> path_;
};

/// Says in our words why the grammar stopped.
std::string reason(caf::pec code) {
  switch (code) {
  case caf::pec::unexpected_eof:
    return "the file ends in the middle of a value";
  case caf::pec::unexpected_newline:
    return "the line ends in the middle of a value";
  case caf::pec::fractional_timespan:
    return "a time has no fraction: write 1500ms, not 1.5s";
  case caf::pec::integer_overflow:
  case caf::pec::integer_underflow:
    return "the number is out of range";
  default:
    return "not readable (" + to_string(code)
           + "): write key = value, \"text\" in quotes";
  }
}

} // namespace

result<std::vector<ini_entry>, fault> read_ini_text(std::string_view text) {
  if (auto good = check_text(text); !good)
    return good.error();
  position pos{text.begin(), text.end()};
  collector found{pos};
  caf::detail::parser::read_ini(pos, found);
  auto stopped = pos.i != pos.e || pos.code > caf::pec::trailing_character;
  if (!stopped)
    return std::move(found.entries);
  return at_line(line_of(pos), reason(pos.code));
}

} // namespace jindou::configs
