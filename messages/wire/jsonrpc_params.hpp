#pragma once

#include "messages/wire/jsonrpc.hpp"
#include "messages/wire/jsonrpc_fields.hpp"

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <string>
#include <string_view>

namespace jindou::wire::jsonrpc {

/// A frame or what is wrong with a text, in the words of the original.
using outcome = result<frame, std::string>;

constexpr std::string_view bad_field = "jsonrpc: failed to unmarshal field: ";

/// What the original calls a kind of value in its errors.
std::string_view kind_name(json_value::kind k);

std::string joined(std::initializer_list<std::string_view> parts);

/// Takes the members that one method knows out of its params, and remembers
/// the first of them that has a wrong type.
class params_reader {
public:
  /// `type` is what the original calls these params.
  params_reader(const members& from, std::string_view type);

  std::string_view text(field f);

  /// A number of the original's type `type`, cut to `T` as the original does.
  template <std::integral T>
  T integer(field f, std::string_view type = "int",
            std::int64_t least = std::numeric_limits<std::int64_t>::min(),
            std::int64_t most = std::numeric_limits<std::int64_t>::max()) {
    return static_cast<T>(number(f, type, least, most));
  }

  std::uint32_t natural(field f);
  bool flag(field f);

  /// Decodes base64 into `to`.
  void bytes(field f, std::string& to);

  header_flags header();
  std::uint8_t setting();

  /// The frame, or the complaint about the first wrong member.
  outcome finish(frame f, std::string_view method) const;

private:
  std::int64_t number(field f, std::string_view type, std::int64_t least,
                      std::int64_t most);
  bool is_null(field f) const;
  void part(field f, std::string_view type);
  void mismatch(field f, std::string_view type, std::string_view digits = {});
  void fail(field f, std::string why);

  const members& from_;
  std::string_view type_;
  std::string complaint_;
  std::size_t complaint_order_ = 0;
};

} // namespace jindou::wire::jsonrpc
