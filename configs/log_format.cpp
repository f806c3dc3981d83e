#include "configs/log_format.hpp"

#include <spdlog/common.h>
#include <spdlog/details/log_msg.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

namespace jindou::configs {

namespace {

/// A row of table 3-7 of the Unicode Standard: bytes that may begin a
/// character, those that may follow, and how many there are. Third and fourth
/// bytes are always 80 to BF.
struct utf8_row {
  unsigned first_min;
  unsigned first_max;
  unsigned second_min;
  unsigned second_max;
  std::size_t width;
};

constexpr std::array<utf8_row, 9> utf8_rows{{{0x00, 0x7f, 0, 0, 1},
                                             {0xc2, 0xdf, 0x80, 0xbf, 2},
                                             {0xe0, 0xe0, 0xa0, 0xbf, 3},
                                             {0xe1, 0xec, 0x80, 0xbf, 3},
                                             {0xed, 0xed, 0x80, 0x9f, 3},
                                             {0xee, 0xef, 0x80, 0xbf, 3},
                                             {0xf0, 0xf0, 0x90, 0xbf, 4},
                                             {0xf1, 0xf3, 0x80, 0xbf, 4},
                                             {0xf4, 0xf4, 0x80, 0x8f, 4}}};

/// Returns how many bytes at the front of `text` form one UTF-8 character; 0
/// if none do (overlong forms, surrogates and values above U+10FFFF too).
std::size_t utf8_width(std::string_view text) {
  auto at = [text](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  auto row = std::find_if(utf8_rows.begin(), utf8_rows.end(), [&](auto& x) {
    return at(0) >= x.first_min && at(0) <= x.first_max;
  });
  if (text.empty() || row == utf8_rows.end())
    return 0;
  auto good
    = row->width == 1 || (at(1) >= row->second_min && at(1) <= row->second_max);
  for (std::size_t i = 2; i < row->width; ++i)
    good = good && (at(i) & 0xc0u) == 0x80u;
  return good ? row->width : 0;
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

std::string unicode_escape(char c) {
  std::array<char, 8> out{};
  std::snprintf(out.data(), out.size(), "\\u%04x",
                static_cast<unsigned>(static_cast<unsigned char>(c)));
  return out.data();
}

std::string escaped(char c, bool json) {
  if (c == '\n')
    return "\\n";
  if (c == '\r')
    return "\\r";
  if (c == '\t')
    return "\\t";
  if (json && (c == '"' || c == '\\'))
    return std::string{'\\', c};
  return is_control(c) ? unicode_escape(c) : std::string(1, c);
}

void append_escaped(std::string& out, std::string_view text, bool json) {
  while (!text.empty()) {
    auto width = utf8_width(text);
    if (width == 0)
      out += "\xef\xbf\xbd"; // U+FFFD
    else if (width == 1)
      out += escaped(text.front(), json);
    else
      out += text.substr(0, width);
    text.remove_prefix(width == 0 ? 1 : width);
  }
}

/// `2026-01-31T12:00:00.123Z`: one form, sortable, without time zone.
std::string utc(std::chrono::system_clock::time_point time) {
  using namespace std::chrono;
  auto milliseconds_all = floor<milliseconds>(time.time_since_epoch()).count();
  auto seconds_all = static_cast<std::time_t>(milliseconds_all / 1'000);
  std::tm parts{};
  gmtime_r(&seconds_all, &parts);
  std::array<char, 32> date{};
  std::strftime(date.data(), date.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  std::array<char, 48> out{};
  std::snprintf(out.data(), out.size(), "%s.%03dZ", date.data(),
                static_cast<int>(milliseconds_all % 1'000));
  return out.data();
}

void append_member(std::string& out, std::string_view name,
                   std::string_view text) {
  out += out.empty() ? "{\"" : ",\"";
  out += name;
  out += "\":\"";
  append_escaped(out, text, true);
  out += '"';
}

/// Returns `kebab-id` of `[kebab-id] ...`, or nothing.
std::string_view leading_id(std::string_view message) {
  auto legal = "abcdefghijklmnopqrstuvwxyz0123456789-";
  auto end = message.find(']');
  if (message.empty() || message.front() != '[' || end == message.npos)
    return {};
  auto id = message.substr(1, end - 1);
  return id.find_first_not_of(legal) == id.npos ? id : std::string_view{};
}

class line_formatter : public spdlog::formatter {
public:
  explicit line_formatter(bool json) : json_(json) {
    // nop
  }

  void format(const spdlog::details::log_msg& msg,
              spdlog::memory_buf_t& out) override {
    auto view = [](spdlog::string_view_t x) {
      return std::string_view{x.data(), x.size()};
    };
    log_line line{msg.time, view(spdlog::level::to_string_view(msg.level)),
                  view(msg.logger_name), view(msg.payload)};
    auto text = json_ ? json_line(line) : text_line(line);
    out.append(text.data(), text.data() + text.size());
  }

  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<line_formatter>(json_);
  }

private:
  bool json_;
};

} // namespace

std::string text_line(const log_line& x) {
  constexpr std::size_t level_width = 8; // "critical"
  auto out = utc(x.time) + " " + std::string{x.level};
  out.append(level_width - std::min(level_width, x.level.size()) + 1, ' ');
  append_escaped(out, x.room, false);
  out += ' ';
  append_escaped(out, x.message, false);
  return out + "\n";
}

std::string json_line(const log_line& x) {
  std::string out;
  append_member(out, "time", utc(x.time));
  append_member(out, "level", x.level);
  append_member(out, "room", x.room);
  auto message = x.message;
  if (auto id = leading_id(message); !id.empty()) {
    append_member(out, "id", id);
    message.remove_prefix(id.size() + 2);
    if (!message.empty() && message.front() == ' ')
      message.remove_prefix(1);
  }
  append_member(out, "message", message);
  return out + "}\n";
}

std::unique_ptr<spdlog::formatter> make_formatter(bool json) {
  return std::make_unique<line_formatter>(json);
}

} // namespace jindou::configs
