#pragma once

#include "configs/options.hpp"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace jindou::configs {

/// Exit codes of the program, as `--help` lists them.
constexpr int exit_ok = 0;
constexpr int exit_failed = 1;
constexpr int exit_usage = 2;
constexpr int exit_disk = 74;   // EX_IOERR
constexpr int exit_config = 78; // EX_CONFIG

/// The program has nothing more to do: what it prints and returns.
struct ending {
  int code = exit_ok;
  /// Belongs on standard output if `code` is 0, else on standard error.
  std::string text;
};

/// Checks what this room cannot; a fault names its option in `key`. The flag
/// says that nothing is to be run (`--check-config`).
using further_check = std::function<result<void, fault>(const options&, bool)>;

/// Reads the arguments (without the program's name) and the file they name.
/// Without `--config-file` no file is read. `further` sees what is to be run or
/// checked, not what serves an errand.
std::variant<options, ending> parse(std::span<const std::string> arguments,
                                    const further_check& further = {});

/// The same for the arguments of `main`.
std::variant<options, ending> parse(int argc, const char* const* argv,
                                    const further_check& further = {});

/// Prints the text where it belongs and returns the code.
int finish(const ending& x);

} // namespace jindou::configs
