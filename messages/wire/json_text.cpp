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

/// Bytes of a character that begins with `lead`; 0: none does.
std::size_t size_by_lead(unsigned lead) {
  if (lead < 0xc2 || lead >= 0xf5)
    return 0;
  if (lead < 0xe0)
    return 2;
  return lead < 0xf0 ? 3 : 4;
}

/// Says whether the character is neither overlong, nor half of a surrogate
/// pair, nor above U+10FFFF.
bool second_fits(unsigned lead, unsigned second) {
  switch (lead) {
  case 0xe0:
    return second >= 0xa0;
  case 0xed:
    return second <= 0x9f;
  case 0xf0:
    return second >= 0x90;
  case 0xf4:
    return second <= 0x8f;
  default:
    return true;
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
  if (lead < 0x80)
    return 1;
  auto size = size_by_lead(lead);
  if (size == 0 || !continues(text, 1, size))
    return 0;
  return second_fits(lead, octet(text[1])) ? size : 0;
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
