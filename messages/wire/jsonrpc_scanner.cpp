#include "messages/wire/jsonrpc.hpp"

namespace jindou::wire::jsonrpc {

namespace {

constexpr std::string_view white_space = " \t\r\n";

} // namespace

std::optional<bool> speaks_json(byte_span first) {
  auto text = as_text(first);
  auto at = text.find_first_not_of(white_space);
  if (at == std::string_view::npos)
    return std::nullopt;
  return text[at] == '{';
}

void scanner::reset() {
  *this = scanner{};
}

/// Looks at one character inside of the object.
void scanner::step(char c) {
  if (in_string_) {
    if (escaped_)
      escaped_ = false;
    else if (c == '\\')
      escaped_ = true;
    else if (c == '"')
      in_string_ = false;
  } else if (c == '"') {
    in_string_ = true;
  } else if (c == '{') {
    ++braces_;
  } else if (c == '}') {
    --braces_;
  }
}

std::variant<object, need_more, fault> scanner::cut(byte_span input) {
  auto text = as_text(input);
  if (braces_ == 0) {
    begin_ = text.find_first_not_of(white_space, seen_);
    if (begin_ == std::string_view::npos) {
      seen_ = text.size();
    } else if (text[begin_] != '{') {
      fault f{errc::malformed, std::min(text.find('{', begin_), text.size())};
      reset();
      return f;
    } else {
      braces_ = 1;
      seen_ = begin_ + 1;
    }
  }
  while (braces_ > 0 && seen_ < text.size() && seen_ < text_bytes_max) {
    step(text[seen_++]);
    if (braces_ == 0) {
      object o{text.substr(begin_, seen_ - begin_), seen_};
      reset();
      return o;
    }
  }
  if (seen_ >= text_bytes_max)
    return fault{errc::too_large, seen_};
  return need_more{};
}

} // namespace jindou::wire::jsonrpc
