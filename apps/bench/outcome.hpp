#pragma once

#include "apps/bench/figure.hpp"
#include "apps/bench/options.hpp"

#include <CLI/App.hpp>

#include <functional>
#include <memory>
#include <string>

namespace jindou::bench {

/// Say on standard error why there is nothing to print. Return the exit code.
int failed(const std::string& why);
int wrong_use(const std::string& why);

/// Prints a report, or the fault. Returns the exit code: ok only for a sound
/// report.
int print(const report& r, const std::string& fault, bool json);

/// What a subcommand does: `check` gives the words their meaning and returns
/// what is wrong with them, `run` measures and returns a report or says in its
/// argument why there is none. Leaves the exit code in `code`.
void on_run(CLI::App& cmd, std::shared_ptr<words> w, int& code,
            std::function<std::string()> check,
            std::function<report(std::string& fault)> run);

} // namespace jindou::bench
