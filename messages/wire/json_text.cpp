#include "messages/wire/json_text.hpp"

#include "messages/wire/base64.hpp"

#include <charconv>

namespace jindou::wire {

namespace {

std::uint8_t octet(char c) {
  return static_cast<std::uint8_t>(c);
}

bool continues(std::string_view text, std::size_t from, std::size_t to) {
  if (to > text.size())
    return false;
  for (auto i = from; i < to; ++i)
    if ((octet(text[i]) & 0xc0) != 0x80)
      return false;
  return true;
}

/// Escape of a single byte, "" if it stands for itself. Beyond what JSON needs
/// also the characters that are special in HTML, as the original writes them.
std::string_view short_escape(char c) {
  switch (c) {
  case '"':
    return "\\\"";
  case '\\':
    return "\\\\";
  case '\b':
    return "\\b";
  case '\f':
    return "\\f";
  case '\n':
    return "\\n";
  case '\r':
    return "\\r";
  case '\t':
    return "\\t";
  case '<':
    return "\\u003c";
  case '>':
    return "\\u003e";
  case '&':
    return "\\u0026";
  default:
    return "";
  }
}

template <class T>
std::string_view decimal(T value, char (&digits)[24]) {
  auto end = std::to_chars(digits, digits + sizeof(digits), value).ptr;
  return {digits, static_cast<std::size_t>(end - digits)};
}

} // namespace

std::size_t utf8_size(std::string_view text) {
  if (text.empty())
    return 0;
  auto lead = octet(text[0]);
  auto second = text.size() > 1 ? octet(text[1]) : 0;
  if (lead < 0x80)
    return 1;
  if (lead >= 0xc2 && lead < 0xe0)
    return continues(text, 1, 2) ? 2 : 0;
  if (lead >= 0xe0 && lead < 0xf0) {
    auto overlong = lead == 0xe0 && second < 0xa0;
    auto surrogate = lead == 0xed && second > 0x9f;
    return !overlong && !surrogate && continues(text, 1, 3) ? 3 : 0;
  }
  if (lead >= 0xf0 && lead < 0xf5) {
    auto overlong = lead == 0xf0 && second < 0x90;
    auto beyond = lead == 0xf4 && second > 0x8f;
    return !overlong && !beyond && continues(text, 1, 4) ? 4 : 0;
  }
  return 0;
}

json_writer::json_writer(byte_vector& out) : out_(out) {
  raw("{");
}

void json_writer::raw(std::string_view text) {
  auto bytes = as_bytes(text);
  out_.insert(out_.end(), bytes.begin(), bytes.end());
}

void json_writer::quoted(std::string_view text) {
  raw("\"");
  while (!text.empty()) {
    auto size = utf8_size(text);
    if (size == 0) {
      raw("\\ufffd");
      size = 1;
    } else if (auto escape = short_escape(text[0]); !escape.empty()) {
      raw(escape);
    } else if (octet(text[0]) < 0x20) {
      constexpr std::string_view digits = "0123456789abcdef";
      raw(octet(text[0]) < 0x10 ? "\\u000" : "\\u001");
      raw(digits.substr(octet(text[0]) & 15, 1));
    } else if (text.starts_with("\u2028") || text.starts_with("\u2029")) {
      raw(text[2] == '\xa8' ? "\\u2028" : "\\u2029");
    } else {
      raw(text.substr(0, size));
    }
    text.remove_prefix(size);
  }
  raw("\"");
}

void json_writer::name(std::string_view text) {
  if (!first_)
    raw(",");
  first_ = false;
  raw("\"");
  raw(text);
  raw("\":");
}

void json_writer::text(std::string_view field, std::string_view value) {
  name(field);
  quoted(value);
}

void json_writer::put_signed(std::string_view field, std::int64_t value) {
  char digits[24];
  name(field);
  raw(decimal(value, digits));
}

void json_writer::put_unsigned(std::string_view field, std::uint64_t value) {
  char digits[24];
  name(field);
  raw(decimal(value, digits));
}

void json_writer::number_text(std::string_view field, std::int64_t value) {
  char digits[24];
  text(field, decimal(value, digits));
}

void json_writer::base64(std::string_view field, std::string_view bytes) {
  name(field);
  raw("\"");
  auto at = out_.size();
  out_.resize(at + base64_size(bytes.size()));
  base64_encode(as_bytes(bytes), reinterpret_cast<char*>(out_.data() + at));
  raw("\"");
}

void json_writer::truth(std::string_view field) {
  name(field);
  raw("true");
}

void json_writer::open(std::string_view field) {
  name(field);
  raw("{");
  first_ = true;
}

void json_writer::close() {
  raw("}");
  first_ = false;
}

} // namespace jindou::wire
