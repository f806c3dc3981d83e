#include "apps/bench/brokers/nats.hpp"

#include <charconv>
#include <string>

namespace jindou::bench::nats {

namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::size_t line_bytes_max = 64 << 10;

void append(byte_vector& out, std::string_view text) {
  auto bytes = as_bytes(text);
  out.insert(out.end(), bytes.begin(), bytes.end());
}

/// The last word of a MSG line is the size of what follows.
std::optional<std::size_t> size_of(std::string_view text) {
  text.remove_prefix(text.rfind(' ') + 1);
  std::size_t size = 0;
  auto res = std::from_chars(text.data(), text.data() + text.size(), size);
  if (res.ec != std::errc{} || res.ptr != text.data() + text.size())
    return std::nullopt;
  return size;
}

} // namespace

std::optional<line> first_line(std::string_view input, bool& broken) {
  auto end = input.find(line_end);
  if (end == std::string_view::npos) {
    broken = input.size() > line_bytes_max;
    return std::nullopt;
  }
  auto text = input.substr(0, end);
  line res{text.substr(0, text.find(' ')), {}, end + line_end.size()};
  if (res.word != "MSG")
    return res;
  auto size = size_of(text);
  if (!size) {
    broken = true;
    return std::nullopt;
  }
  auto rest = input.size() - res.bytes;
  if (rest < *size || rest - *size < line_end.size())
    return std::nullopt;
  res.payload = input.substr(res.bytes, *size);
  res.bytes += *size + line_end.size();
  return res;
}

void append_publish(byte_vector& out, std::string_view topic,
                    std::string_view payload) {
  append(out, "PUB ");
  append(out, topic);
  append(out, " ");
  append(out, std::to_string(payload.size()));
  append(out, line_end);
  append(out, payload);
  append(out, line_end);
}

} // namespace jindou::bench::nats
