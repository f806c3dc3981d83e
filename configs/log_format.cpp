#include "configs/log_format.hpp"

#include "messages/wire/json_text.hpp"

#include <spdlog/common.h>
#include <spdlog/details/log_msg.h>

#include <array>
#include <cstdio>
#include <ctime>

namespace jindou::configs {

namespace {

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
    auto width = wire::utf8_size(text);
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
