#pragma once

#include <CLI/App.hpp>

namespace jindou::bench {

/// Adds every subcommand; each runs inside `parse` and leaves its exit code in
/// `code`.
void add_commands(CLI::App& app, int& code);

/// The same for those that measure rooms inside this process.
void add_in_process_commands(CLI::App& app, int& code);

} // namespace jindou::bench
