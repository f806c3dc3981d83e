#pragma once

#include "configs/options.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace jindou::configs {

/// The member of `options` that an option fills.
using field = std::variant<bool*, std::uint32_t*, std::int64_t*, std::size_t*,
                           std::string*, duration*>;

/// One option, declared once: the parser, `--help`, `--dump-config` and
/// `node.conf` are all made from this.
struct option {
  std::string_view section;
  std::string_view name;
  /// What it means, for an operator; no dot at the end.
  std::string_view sentence;
  /// What is counted (`bytes`, `threads`), or the choices of a text, separated
  /// by bars (`text|json`); empty where nothing needs to be said.
  std::string_view unit;
  /// Bounds of a number; of a duration in nanoseconds; of a text in bytes.
  std::int64_t min;
  std::int64_t max;
  field (*place)(options&);
  /// SIGHUP takes a change over; every other one needs a new start.
  bool live = false;
};

/// A section and what it is about.
struct section {
  std::string_view name;
  std::string_view sentence;
};

/// Returns all options, grouped by section, in the order of the manual.
std::span<const option> option_table();

/// Returns all sections in the same order.
std::span<const section> section_table();

/// Returns `section.name`.
std::string full_name(const option& x);

/// Returns the option with that full name, or nullptr.
const option* find_option(std::string_view full_name);

/// Returns the known full name that differs least from `key` (at most three
/// edits, or the same name in another section), or an empty text.
std::string nearest_name(std::string_view key);

} // namespace jindou::configs
